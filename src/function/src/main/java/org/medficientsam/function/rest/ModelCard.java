package org.medficientsam.function.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import org.medficientsam.segmenter.bundle.ModelBundle;
import org.medficientsam.segmenter.bundle.ModelManifest;

/**
 * A bundle as {@code /v1/models} lists it. What only a manifest says is absent for files as the original project exports them.
 *
 * @param id what {@code ?model=} takes
 * @param sha256 of all graphs: {@code sha256sum encoder.onnx decoder.onnx [propagator.onnx] | sha256sum}
 * @param isDefault whether it answers when a request names none
 */
@Schema(name = "Model")
@JsonInclude(Include.NON_NULL)
public record ModelCard(
        String id,
        String sha256,
        @JsonProperty("default") boolean isDefault,
        @Nullable String architecture,
        @Nullable String precision,
        @Nullable Integer inputSize,
        @Nullable String rules,
        @Nullable Long parameters,
        @Nullable Long macs,
        @Nullable String licence,
        @Nullable String origin) {

    public static ModelCard of(ModelBundle bundle, boolean isDefault) {
        ModelManifest manifest = bundle.manifest().orElse(null);
        if (manifest == null) {
            return new ModelCard(
                    bundle.id(), bundle.sha256(), isDefault, null, null, null, null, null, null, null, null);
        }
        return new ModelCard(
                bundle.id(),
                bundle.sha256(),
                isDefault,
                manifest.architecture(),
                manifest.precision(),
                manifest.inputSize(),
                manifest.rules(),
                manifest.parameters(),
                manifest.macs(),
                manifest.licence(),
                manifest.weights().origin());
    }
}
