package org.medficientsam.function.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import org.medficientsam.segmenter.Segmenter;
import org.medficientsam.segmenter.bundle.ModelBundle;
import org.medficientsam.segmenter.bundle.ModelManifest;

/**
 * A bundle as {@code /v1/models} lists it. What only a manifest says is absent for files as the original project exports them.
 *
 * @param id what {@code ?model=} takes
 * @param sha256 of all graphs: {@code sha256sum encoder.onnx decoder.onnx [propagator.onnx] | sha256sum}
 * @param supportedRules what {@code ?rules=} may name with it; the first holds where none is named
 * @param isDefault whether it answers when a request names none
 */
@Schema(name = "Model")
@JsonInclude(Include.NON_NULL)
public record ModelCard(
        String id,
        String sha256,
        @JsonProperty("default") boolean isDefault,
        List<String> supportedRules,
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
        List<String> supported = Segmenter.supportedRules(bundle);
        if (manifest == null) {
            return new ModelCard(
                    bundle.id(), bundle.sha256(), isDefault, supported, null, null, null, null, null, null, null, null);
        }
        return new ModelCard(
                bundle.id(),
                bundle.sha256(),
                isDefault,
                supported,
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
