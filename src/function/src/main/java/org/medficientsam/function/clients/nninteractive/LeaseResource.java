package org.medficientsam.function.clients.nninteractive;

import static org.medficientsam.casefile.InvalidCaseException.invalidPrompt;
import static org.medficientsam.casefile.InvalidCaseException.malformed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;
import org.medficientsam.function.clients.ClientBodies;
import org.medficientsam.function.clients.ClientFaults;
import org.medficientsam.function.clients.ClientsConfig;
import org.medficientsam.function.service.CaseContent;
import org.medficientsam.function.service.MediaTypes;
import org.medficientsam.function.service.Problem;
import org.medficientsam.function.service.ProblemDetail;
import org.medficientsam.function.service.ProblemException;
import org.medficientsam.imagefile.image.ReadLimits;

/**
 * The server that nninteractive-client 2.5 and later talks to, as in 3D Slicer's extension since July 2026 and in napari's. It claims a
 * lease, sends a volume under it, and then boxes; a box is answered with what changed: its bounds in {@code X-Meta}, its voxels in the
 * body. The client shows its user the status line of a failure.
 */
@Singleton
@Path(ClientBodies.NNINTERACTIVE)
@Consumes(MediaType.WILDCARD)
public class LeaseResource {
    private static final String LEASE = "X-Lease-Token";
    private static final String META = SegmentAnswer.META;

    private final ClientBodies bodies;
    private final ClientsConfig.Leases config;
    private final ClientFaults faults;
    private final Leases leases;
    private final Volumes volumes;
    private final VolumeSpool spool;
    private final ObjectMapper json;

    @Inject
    LeaseResource(
            ClientBodies bodies,
            ClientsConfig config,
            ClientFaults faults,
            Leases leases,
            Volumes volumes,
            VolumeSpool spool,
            ObjectMapper json) {
        this.bodies = bodies;
        this.config = config.leases();
        this.faults = faults;
        this.leases = leases;
        this.volumes = volumes;
        this.spool = spool;
        this.json = json;
    }

    /** What is asked without sending anything. */
    @GET
    @Path("{path: .+}")
    @Operation(hidden = true)
    @Produces(MediaTypes.JSON)
    public Map<String, Object> get(@PathParam("path") String path, @HeaderParam(LEASE) @Nullable String token) {
        bodies.check();
        return switch (path) {
            case "healthz" -> Map.of("ok", true);
            case "capabilities" -> capabilities();
            case "lease_status" ->
                Map.of(
                        "remaining_seconds",
                        remaining(leases.get(token, false)),
                        "idle_timeout_seconds",
                        config.idle().toMillis() / 1e3);
            default -> throw new NotFoundException();
        };
    }

    private double remaining(Leases.Lease lease) {
        return leases.remaining(lease).toMillis() / 1e3;
    }

    /** Which tools the plug-ins offer. */
    private static Map<String, Object> capabilities() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put(
                "supported_interactions",
                Map.of("points", false, "bbox2d", true, "bbox3d", true, "lasso", false, "scribble", false));
        all.put("channel_mapping", Map.of("bbox2d", List.of(0, 1), "bbox3d", List.of(0, 1)));
        all.put("num_interaction_channels", 2);
        all.put("supports_initial_label", true);
        all.put("supports_zero_shot_label_refinement", false);
        all.put("preferred_scribble_thickness", List.of(1, 1, 1));
        all.put("interaction_decay", 1.0);
        all.put("do_autozoom", false);
        all.put("supports_undo", true);
        all.put("inference_session_version", "2.0");
        all.put("license", "MedficientSAM: weights for research only, not a medical device");
        return all;
    }

    /** Everything else. */
    @POST
    @Blocking
    @Path("{path: .+}")
    @Operation(hidden = true)
    public Response post(
            @PathParam("path") String path,
            @HeaderParam(LEASE) @Nullable String token,
            @HeaderParam(META) @Nullable String meta)
            throws IOException {
        try (CaseContent.Received body = bodies.open()) {
            return switch (path) {
                case "claim" -> claim();
                case "release" -> {
                    leases.release(token);
                    yield ok(Map.of("released", true));
                }
                case "heartbeat" -> ok(Map.of("remaining_seconds", remaining(leases.get(token, false))));
                default -> {
                    Leases.Lease lease = leases.get(token, true);
                    synchronized (lease) { // its client waits for each answer
                        yield use(path, lease, body, meta);
                    }
                }
            };
        }
    }

    private Response claim() {
        return ok(Map.of(
                "lease_token",
                leases.claim(),
                "idle_timeout_seconds",
                config.idle().toMillis() / 1e3,
                "liveness_timeout_seconds",
                config.silent().toMillis() / 1e3,
                "max_sessions",
                config.most()));
    }

    private Response use(String path, Leases.Lease lease, CaseContent.Received body, @Nullable String meta)
            throws IOException {
        return switch (path) {
            case "set_image" -> setImage(lease, body);
            case "set_target_buffer", "reset_interactions" -> {
                lease.volume().ifPresent(volume -> volume.begin(null));
                lease.await(null);
                yield ok(Map.of());
            }
            case "set_do_autozoom" -> ok(Map.of()); // there is nothing to zoom
            case "add_initial_seg_interaction" -> addSegment(lease, body, tree(meta));
            case "add_bbox_interaction" -> addBox(lease, bodies.tree(body));
            case "predict" -> predict(lease);
            case "undo" -> undo(volume(lease));
            case "add_point_interaction" -> throw VoxelBox.insteadOf("points");
            case "add_lasso_interaction" -> throw VoxelBox.insteadOf("a lasso");
            case "add_scribble_interaction" -> throw VoxelBox.insteadOf("scribbles");
            default -> throw new NotFoundException();
        };
    }

    private Response setImage(Leases.Lease lease, CaseContent.Received body) throws IOException {
        PackedArray packed = PackedArray.of(body, ReadLimits.DEFAULT.maxVoxelBytes());
        int[] shape = packed.shape();
        if (shape.length != 4 || shape[0] != 1)
            throw malformed("the image", "(1, D, H, W), one channel", Arrays.toString(shape));
        int[] volume = {shape[1], shape[2], shape[3]};
        lease.volume(spool.read(packed, volume, npy -> {
            Optional<DrawnVolume> before = lease.volume();
            lease.volume(null);
            return volumes.keep(npy, lease.owner(), before);
        }));
        return ok(Map.of("original_image_shape", shape));
    }

    private Response addSegment(Leases.Lease lease, CaseContent.Received body, JsonNode meta) throws IOException {
        DrawnVolume volume = volume(lease);
        PackedArray packed = PackedArray.of(body, ReadLimits.DEFAULT.maxVoxelBytes());
        volume.begin(MaskFile.of(packed, volume).orElse(null));
        lease.await(null);
        // A segment is kept as it is; there is no network that would make it better.
        return SegmentAnswer.nothing(meta.path("run_prediction").asBoolean(false));
    }

    private Response addBox(Leases.Lease lease, JsonNode asked) throws IOException {
        volume(lease);
        if (!asked.path("include_interaction").asBoolean(true)) throw VoxelBox.insteadOf("a negative one");
        JsonNode ranges = asked.path("bbox_coords");
        int[] low = new int[3];
        int[] high = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            JsonNode range = ranges.path(axis);
            if (ranges.size() != 3
                    || range.size() != 2
                    || !range.path(0).isNumber()
                    || !range.path(1).isNumber())
                throw invalidPrompt("bbox_coords", "three ranges [first, end)", "something else");
            low[axis] = (int) Math.round(range.path(0).doubleValue());
            high[axis] = (int) Math.round(range.path(1).doubleValue()) - 1;
            if (high[axis] < low[axis]) throw invalidPrompt("bbox_coords", "ranges that are not empty", "an empty one");
        }
        lease.await(VoxelBox.ofCorners(low, high));
        return asked.path("run_prediction").asBoolean(true) ? predict(lease) : SegmentAnswer.nothing(false);
    }

    private Response predict(Leases.Lease lease) throws IOException {
        Optional<VoxelBox> waiting = lease.waiting();
        if (waiting.isEmpty()) return SegmentAnswer.nothing(false);
        lease.await(null); // also if it fails: it was drawn in vain
        DrawnVolume volume = volume(lease);
        return SegmentAnswer.of(volumes.draw(volume, lease.owner(), waiting.get()), volume.shape());
    }

    private static Response undo(DrawnVolume volume) throws IOException {
        Optional<DrawnVolume.Segment> before = volume.undo();
        return before.isEmpty() ? SegmentAnswer.nothing(false) : SegmentAnswer.of(before.get(), volume.shape());
    }

    private static DrawnVolume volume(Leases.Lease lease) {
        return lease.volume()
                .orElseThrow(
                        () -> new ProblemException(Problem.BAD_REQUEST, "an image must be sent before its prompts"));
    }

    private JsonNode tree(@Nullable String meta) {
        try {
            return json.readTree(meta == null ? "{}" : meta);
        } catch (JsonProcessingException e) {
            throw malformed(META, "JSON", "something else");
        }
    }

    private static Response ok(Map<String, ?> entity) {
        return Response.ok(entity, MediaTypes.JSON).build();
    }

    @ServerExceptionMapper
    Response toResponse(Throwable failure) {
        boolean ended = failure instanceof ProblemException fault && fault.problem() == Problem.UNKNOWN_IMAGE;
        ProblemDetail detail = faults.inStatusLine(faults.note(failure));
        // 410 is what the client takes for an ended lease, and begins anew.
        return Response.status(ended ? 410 : detail.status())
                .entity(Map.of("detail", detail.detail()))
                .type(MediaTypes.JSON)
                .build();
    }
}
