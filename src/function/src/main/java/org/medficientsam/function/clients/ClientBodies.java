package org.medficientsam.function.clients;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.NotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.function.images.ImagesConfig;
import org.medficientsam.function.rest.exchange.BodyRoute;
import org.medficientsam.function.rest.exchange.RequestContexts;
import org.medficientsam.function.service.CaseContent;
import org.medficientsam.function.service.FunctionConfig;
import org.medficientsam.imagefile.image.InputFile;

/** Where these doors are, whether they are open, and what bodies they take. */
@Singleton
public class ClientBodies {
    public static final String SAMAPI = "/sam";
    public static final String SLICER = "/slicer";
    public static final String NNINTERACTIVE = "/nninteractive";
    public static final String LABEL_STUDIO = "/label-studio";

    /** Of a picture in base64, or of one that is fetched: it is held in memory until it is read. */
    public static final long PICTURE = 48 << 20;

    /** Of JSON that holds numbers and names alone. */
    private static final long SMALL = 64 << 10;

    private final boolean enabled;
    private final long most;
    private final RequestContexts contexts;
    private final ObjectMapper json;

    @Inject
    ClientBodies(
            ClientsConfig clients,
            ImagesConfig images,
            FunctionConfig function,
            RequestContexts contexts,
            ObjectMapper json) {
        this.enabled = clients.enabled() && images.enabled();
        this.most = function.maxBodySize().asLongValue();
        this.contexts = contexts;
        this.json = json;
    }

    /** @throws NotFoundException if these doors are closed */
    public void check() {
        if (!enabled) throw new NotFoundException();
    }

    /**
     * The body of the request that is answered now.
     *
     * @throws NotFoundException if these doors are closed
     */
    public CaseContent.Received open() {
        check();
        return contexts.body();
    }

    /**
     * Short JSON.
     *
     * @throws InvalidCaseException if it is long, or none
     */
    public JsonNode tree(CaseContent.Received body) throws IOException {
        InputFile file = body.file("");
        if (file.size() > SMALL)
            throw InvalidCaseException.tooLarge("the body", "JSON of at most %d bytes".formatted(SMALL), "more");
        try (InputStream in = file.open()) {
            return json.readTree(in);
        } catch (JsonProcessingException e) {
            throw InvalidCaseException.malformed("the body", "JSON", "something else");
        }
    }

    private BodyRoute route(String path, long longest, boolean coded) {
        Optional<BodyRoute.Body> body = Optional.of(new BodyRoute.Body("the body", Math.min(most, longest), coded));
        return new BodyRoute(path + "/*", type -> enabled ? body : Optional.empty());
    }

    @Produces
    @Singleton
    BodyRoute samapi() {
        return route(SAMAPI, PICTURE, true);
    }

    @Produces
    @Singleton
    BodyRoute slicer() {
        return route(SLICER, most, false); // says gzip where only the file in the form is
    }

    @Produces
    @Singleton
    BodyRoute nnInteractive() {
        return route(NNINTERACTIVE, most, true);
    }

    @Produces
    @Singleton
    BodyRoute labelStudio() {
        return route(LABEL_STUDIO, PICTURE, true);
    }
}
