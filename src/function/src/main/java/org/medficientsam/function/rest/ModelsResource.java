package org.medficientsam.function.rest;

import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.logging.Logger;
import org.medficientsam.function.service.BundleFolder;
import org.medficientsam.function.service.FunctionConfig;
import org.medficientsam.function.service.MediaTypes;
import org.medficientsam.segmenter.bundle.InvalidBundleException;
import org.medficientsam.segmenter.bundle.ModelBundle;

/** Which bundles can answer. */
@Singleton
@Path("/v1/models")
public class ModelsResource {
    private static final Logger LOG = Logger.getLogger(ModelsResource.class);

    private final BundleFolder folder;
    private final FunctionConfig config;

    /** By id: reading one hashes both its graphs. */
    private final Map<String, Optional<ModelCard>> cards = new ConcurrentHashMap<>();

    @Inject
    ModelsResource(BundleFolder folder, FunctionConfig config) {
        this.folder = folder;
        this.config = config;
    }

    /** The bundles in the folder that are what their manifests say, by id. */
    @GET
    @Blocking
    @Produces(MediaTypes.JSON)
    @Operation(operationId = "models", summary = "The bundles that ?model= may name")
    @APIResponse(responseCode = "200", description = "By id; the default one is marked")
    public List<ModelCard> models() {
        return folder.ids().stream()
                .flatMap(id -> cards.computeIfAbsent(id, this::read).stream())
                .toList();
    }

    private Optional<ModelCard> read(String id) {
        try {
            return Optional.of(ModelCard.of(ModelBundle.open(folder.resolve(id)), id.equals(config.bundleId())));
        } catch (InvalidBundleException e) {
            LOG.warnf("bundle %s is not listed: %s", id, e.getMessage());
            return Optional.empty();
        }
    }
}
