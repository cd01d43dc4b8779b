package org.medficientsam.function.rest;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.medficientsam.function.images.ImagesConfig;
import org.medficientsam.function.rest.exchange.BodyRoute;
import org.medficientsam.function.rest.exchange.FileTypes;
import org.medficientsam.function.service.FunctionConfig;
import org.medficientsam.function.service.MediaTypes;

/** Which of this package's paths bring bodies. */
class BodyRoutes {
    @Produces
    @Singleton
    BodyRoute segmentations(FunctionConfig config, ImagesConfig images) {
        BodyRoute.Body json = new BodyRoute.Body("a JSON body", SegmentationReferenceResource.LONGEST);
        BodyRoute.Body npz = new BodyRoute.Body("npz", config.maxBodySize().asLongValue());
        return new BodyRoute("/v1/segmentations", type -> {
            if (type.equals(MediaTypes.JSON)) return Optional.of(json);
            boolean taken = MediaTypes.CASES.contains(type) || (images.enabled() && FileTypes.isFile(type));
            return taken ? Optional.of(npz) : Optional.empty();
        });
    }

    @Produces
    @Singleton
    BodyRoute images(FunctionConfig config, ImagesConfig images) {
        Optional<BodyRoute.Body> body =
                Optional.of(new BodyRoute.Body("the image", config.maxBodySize().asLongValue()));
        return new BodyRoute("/v1/images", type -> images.enabled() ? body : Optional.empty());
    }

    @Produces
    @Singleton
    BodyRoute boxes(ImagesConfig images) {
        Optional<BodyRoute.Body> body = Optional.of(new BodyRoute.Body("a JSON body", BoxesRequest.LONGEST));
        return new BodyRoute("/v1/images/:id/segmentations", type -> images.enabled() ? body : Optional.empty());
    }
}
