package org.medficientsam.function.clients.samapi;

import static org.medficientsam.casefile.InvalidCaseException.invalidPrompt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.medficientsam.function.answer.GeoJsonForm;
import org.medficientsam.function.clients.BoxSegmentation;
import org.medficientsam.function.clients.ClientBodies;
import org.medficientsam.function.clients.ClientFaults;
import org.medficientsam.function.clients.KnownPictures;
import org.medficientsam.function.images.KeptImages;
import org.medficientsam.function.service.Answer;
import org.medficientsam.function.service.BundleFolder;
import org.medficientsam.function.service.CaseContent;
import org.medficientsam.function.service.MediaTypes;
import org.medficientsam.function.service.Problem;
import org.medficientsam.function.service.ProblemDetail;
import org.medficientsam.function.service.ProblemException;
import org.medficientsam.function.service.SegmentationResult;
import org.medficientsam.imagefile.boxes.DrawnBoxes;
import org.medficientsam.imagefile.image.InputFile;

/** Paths end in a slash, as the extension writes them; whatever fails it puts into QuPath's log, status and body. */
@Singleton
@Path(ClientBodies.SAMAPI)
public class SamapiResource {
    /** What a bundle looks like among the weights that the extension lets its user choose. */
    private static final String BUNDLE = "medficientsam:";

    private final ClientBodies bodies;
    private final ClientFaults faults;
    private final KnownPictures pictures;
    private final BoxSegmentation boxes;
    private final BundleFolder bundles;
    private final ObjectMapper json;

    @Inject
    SamapiResource(
            ClientBodies bodies,
            ClientFaults faults,
            KnownPictures pictures,
            BoxSegmentation boxes,
            BundleFolder bundles,
            ObjectMapper json) {
        this.bodies = bodies;
        this.faults = faults;
        this.pictures = pictures;
        this.boxes = boxes;
        this.bundles = bundles;
        this.json = json;
    }

    /** The samapi whose interface this is. */
    @GET
    @Path("version")
    @Operation(hidden = true)
    @Produces(MediaType.TEXT_PLAIN)
    public String version() {
        bodies.check();
        return "0.7.0";
    }

    /** The bundles, as weights of whichever kind of model is chosen. */
    @GET
    @Path("weights")
    @Operation(hidden = true)
    @Produces(MediaTypes.JSON)
    public List<Map<String, String>> weights(@QueryParam("type") @DefaultValue("vit_h") String type) {
        bodies.check();
        return bundles.ids().stream()
                .map(id -> Map.of("type", type, "name", id, "url", BUNDLE + id))
                .toList();
    }

    /** Nothing is ever downloaded. */
    @GET
    @Path("weights/cancel")
    @Operation(hidden = true)
    @Produces(MediaType.TEXT_PLAIN)
    public String cancel() {
        bodies.check();
        return "There is no download";
    }

    /** Of a download. */
    @GET
    @Path("progress")
    @Operation(hidden = true)
    @Produces(MediaTypes.JSON)
    public String progress() {
        bodies.check();
        return "{\"message\":null,\"percent\":-1}";
    }

    /** One object from a rectangle: a list of features. */
    @POST
    @Blocking
    @Operation(hidden = true)
    @Consumes(MediaType.WILDCARD)
    @Produces(MediaTypes.JSON)
    public ArrayNode segment() throws IOException {
        SamRequest asked;
        try (CaseContent.Received body = bodies.open();
                InputStream in = body.file("").open()) {
            asked = SamRequest.read(in);
        }
        Optional<String> model = asked.weights().map(SamapiResource::bundle);
        try (KeptImages.Loan loan = pictures.borrow(InputFile.of(asked.picture(), "region.png"))) {
            Answer answer = boxes.segment(loan, DrawnBoxes.of(List.of(asked.pixels())), model, new GeoJsonForm());
            return features(answer);
        }
    }

    private static String bundle(String url) {
        if (!url.startsWith(BUNDLE))
            throw new ProblemException(
                    Problem.UNKNOWN_MODEL, "checkpoint_url must be one that /sam/weights/ lists, or none; got another");
        return url.substring(BUNDLE.length());
    }

    /** What the extension reads of a feature beside its outline is its quality; a class of its own it would take for QuPath's. */
    private ArrayNode features(Answer answer) throws IOException {
        SegmentationResult result = answer.result();
        ArrayNode features = json.createArrayNode();
        for (JsonNode feature : json.readTree(answer.written().orElseThrow()).path("features")) {
            ObjectNode properties = ((ObjectNode) feature).putObject("properties");
            properties.put("label", "object");
            properties.put("sam_model", result.model().id());
            Double iou = result.labels().get(0).iou();
            if (iou != null) properties.put("quality", iou);
            features.add(feature);
        }
        return features;
    }

    /** Weights from elsewhere. */
    @POST
    @Path("weights")
    @Operation(hidden = true)
    @Consumes(MediaType.WILDCARD)
    public Response register() {
        bodies.check();
        throw invalidPrompt("weights", "those that are listed, as none can be registered here", "an address");
    }

    /** What needs other prompts than boxes. */
    @POST
    @Path("{path: .+}")
    @Operation(hidden = true)
    @Consumes(MediaType.WILDCARD)
    public Response others(@PathParam("path") String path) {
        bodies.check();
        throw invalidPrompt(
                "the prompt", "a rectangle with a model that is not SAM 3", path.replaceAll("[^a-z0-9/]", ""));
    }

    @ServerExceptionMapper
    Response toResponse(Throwable failure) {
        ProblemDetail detail = faults.note(failure);
        return Response.status(detail.status())
                .entity(Map.of("detail", detail.detail()))
                .type(MediaTypes.JSON)
                .build();
    }
}
