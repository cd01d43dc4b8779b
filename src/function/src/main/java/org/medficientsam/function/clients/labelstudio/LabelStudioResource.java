package org.medficientsam.function.clients.labelstudio;

import static org.medficientsam.casefile.InvalidCaseException.malformed;
import static org.medficientsam.casefile.InvalidCaseException.tooLarge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.medficientsam.function.answer.BitsForm;
import org.medficientsam.function.clients.BoxSegmentation;
import org.medficientsam.function.clients.ClientBodies;
import org.medficientsam.function.clients.ClientFaults;
import org.medficientsam.function.clients.KnownPictures;
import org.medficientsam.function.images.KeptImages;
import org.medficientsam.function.rest.exchange.RequestContexts;
import org.medficientsam.function.service.Answer;
import org.medficientsam.function.service.CaseContent;
import org.medficientsam.function.service.FunctionConfig;
import org.medficientsam.function.service.MediaTypes;
import org.medficientsam.function.service.ProblemDetail;
import org.medficientsam.imagefile.boxes.DrawnBoxes;
import org.medficientsam.imagefile.image.InputFile;
import org.medficientsam.imagefile.image.VoxelGrid;
import org.medficientsam.imagefile.result.MaskBits;

/** A machine learning backend; its client shows its user the status line of a failure. Nothing is learnt, and nobody is remembered. */
@Singleton
@Path(ClientBodies.LABEL_STUDIO)
public class LabelStudioResource {
    /** Rectangles of a request, over all its tasks. */
    private static final int MOST = 256;

    private final ClientBodies bodies;
    private final ClientFaults faults;
    private final RequestContexts contexts;
    private final KnownPictures pictures;
    private final TaskPictures tasks;
    private final BoxSegmentation boxes;
    private final String model;
    private final ObjectMapper json;

    @Inject
    LabelStudioResource(
            ClientBodies bodies,
            ClientFaults faults,
            RequestContexts contexts,
            KnownPictures pictures,
            TaskPictures tasks,
            BoxSegmentation boxes,
            FunctionConfig function,
            ObjectMapper json) {
        this.bodies = bodies;
        this.faults = faults;
        this.contexts = contexts;
        this.pictures = pictures;
        this.tasks = tasks;
        this.boxes = boxes;
        this.model = "medficientsam-" + function.bundle();
        this.json = json;
    }

    /** What it asks without sending anything. */
    @GET
    @Path("{path: .*}")
    @Operation(hidden = true)
    @Produces(MediaTypes.JSON)
    public Map<String, Object> get(@PathParam("path") String path) {
        bodies.check();
        return switch (path) {
            case "", "health" -> Map.of("status", "UP", "model_class", "MedficientSAM");
            case "metrics" -> Map.of(); // its own answers so too
            case "versions" -> Map.of("versions", List.of(model));
            default -> throw new NotFoundException();
        };
    }

    /** Everything else. */
    @POST
    @Blocking
    @Path("{path: .+}")
    @Operation(hidden = true)
    @Consumes(MediaType.WILDCARD)
    public Response post(@PathParam("path") String path) throws IOException {
        JsonNode asked = tree();
        return ok(
                switch (path) {
                    case "predict" -> Map.of("results", predict(asked));
                    case "setup" -> setup(asked);
                    case "validate" ->
                        Map.of(
                                "status",
                                "ok",
                                "brush",
                                LabelConfig.of(text(asked, "config")).brush());
                    case "webhook" -> Map.of("status", "ok", "result", "nothing is learnt from annotations");
                    case "train", "delete", "duplicate_model" -> Map.of("status", "ok");
                    default -> throw new NotFoundException();
                });
    }

    private JsonNode tree() throws IOException {
        try (CaseContent.Received body = bodies.open();
                InputStream in = body.file("").open()) {
            return json.readTree(in);
        } catch (JsonProcessingException e) {
            throw malformed("the body", "JSON with texts of at most 20 million characters", "something else");
        }
    }

    private static String text(JsonNode asked, String name) {
        return asked.path(name).asText("");
    }

    /** A configuration that no answer could be given for is refused when the backend is added, not at the first box. */
    private Map<String, Object> setup(JsonNode asked) {
        LabelConfig.of(text(asked, "schema"));
        return Map.of("model_version", model);
    }

    /** A prediction per task; none at all before anybody has drawn something, as an empty one would be stored. */
    private List<Map<String, Object>> predict(JsonNode asked) throws IOException {
        LabelConfig config = LabelConfig.of(text(asked, "label_config"));
        List<DrawnRectangle> drawn = DrawnRectangle.of(asked.path("params").path("context"));
        List<Map<String, Object>> predictions = new ArrayList<>();
        if (drawn.isEmpty()) return predictions;
        if (drawn.size() * (long) asked.path("tasks").size() > MOST)
            throw tooLarge("tasks", "at most %d rectangles at once".formatted(MOST), "more");
        for (JsonNode task : asked.path("tasks")) {
            JsonNode reference = task.path("data").path(config.value());
            if (!reference.isTextual()) throw malformed("data." + config.value(), "where the picture is", "nothing");
            predictions.add(predict(InputFile.of(fetch(reference.textValue()), "task"), drawn, config));
        }
        return predictions;
    }

    private byte[] fetch(String reference) throws IOException {
        return contexts.current().work(() -> tasks.read(reference));
    }

    private Map<String, Object> predict(InputFile picture, List<DrawnRectangle> drawn, LabelConfig config)
            throws IOException {
        List<Map<String, Object>> results = new ArrayList<>();
        double sum = 0;
        try (KeptImages.Loan loan = pictures.borrow(picture)) {
            VoxelGrid grid = loan.image().image().raw().grid();
            if (grid.depth() > 1) throw malformed("the task's picture", "of one slice", grid.depth() + " slices");
            for (DrawnRectangle rectangle : drawn) {
                double[] box = rectangle.pixels(grid.width(), grid.height());
                Answer answer = boxes.segment(loan, DrawnBoxes.of(List.of(box)), Optional.empty(), new BitsForm());
                Double iou = answer.result().labels().get(0).iou();
                double score = iou == null ? 0 : iou;
                sum += score;
                results.add(brush(answer.written().orElseThrow(), grid, rectangle, config, score));
            }
        }
        return Map.of("result", results, "score", sum / drawn.size(), "model_version", model);
    }

    private static Map<String, Object> brush(
            byte[] bits, VoxelGrid grid, DrawnRectangle rectangle, LabelConfig config, double score) {
        int[] rle = BrushRle.of(grid.width() * grid.height(), pixel -> MaskBits.get(bits, pixel));
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("format", "rle");
        value.put("rle", rle);
        rectangle.label().ifPresent(label -> value.put("brushlabels", List.of(label)));
        Map<String, Object> region = new LinkedHashMap<>();
        region.put("id", UUID.randomUUID().toString().substring(0, 8));
        region.put("from_name", config.brush());
        region.put("to_name", config.image());
        region.put("original_width", grid.width());
        region.put("original_height", grid.height());
        region.put("image_rotation", 0);
        region.put("type", "brushlabels");
        region.put("readonly", false);
        region.put("score", score);
        region.put("value", value);
        return region;
    }

    private static Response ok(Object entity) {
        return Response.ok(entity, MediaTypes.JSON).build();
    }

    @ServerExceptionMapper
    Response toResponse(Throwable failure) {
        ProblemDetail detail = faults.inStatusLine(faults.note(failure));
        return Response.status(detail.status())
                .entity(Map.of("error", detail.detail()))
                .type(MediaTypes.JSON)
                .build();
    }
}
