package org.medficientsam.eval.target;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import org.jspecify.annotations.Nullable;

/**
 * The bundle that answered, as far as it was told.
 *
 * @param sha256 of the bundle
 * @param inputSize pixels of the square the encoder sees
 * @param parameters of the whole model
 * @param macs multiply-accumulates of encoder and decoder with one box; what the published tables call FLOPs
 * @param rules its own, which hold where none are asked for
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ModelInfo(
        String id,
        @Nullable String sha256,
        @Nullable String precision,
        @Nullable Integer inputSize,
        @Nullable Long parameters,
        @Nullable Long macs,
        @Nullable String rules) {

    /** What an answer tells of the bundle behind it. */
    static ModelInfo answered(String id, @Nullable String sha256) {
        return new ModelInfo(id, sha256, null, null, null, null, null);
    }
}
