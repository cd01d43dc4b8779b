package org.medficientsam.function.clients.nninteractive;

import static org.medficientsam.casefile.InvalidCaseException.invalidPrompt;
import static org.medficientsam.casefile.InvalidCaseException.malformed;

import com.fasterxml.jackson.databind.JsonNode;
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
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;
import org.medficientsam.function.clients.ClientBodies;
import org.medficientsam.function.clients.ClientFaults;
import org.medficientsam.function.rest.exchange.PostedFiles;
import org.medficientsam.function.rest.exchange.RequestContexts;
import org.medficientsam.function.service.CaseContent;
import org.medficientsam.function.service.MediaTypes;
import org.medficientsam.function.service.Problem;
import org.medficientsam.function.service.ProblemException;
import org.medficientsam.imagefile.image.GzipStream;
import org.medficientsam.imagefile.image.InputFile;

/**
 * The server that SlicerNNInteractive up to 0.3 talks to. It knows no sessions: a client is told by its address or password, and by
 * what its server URL has behind {@code /slicer}. It shows its user the message of a 200 that says {@code "status": "error"}, of other
 * failures only the number; and where that message holds "No image uploaded" it sends the volume again.
 */
@Singleton
@Path(ClientBodies.SLICER)
@Consumes(MediaType.WILDCARD)
public class SlicerResource {
    private static final int MOST = 256;
    private static final Map<String, String> OK = Map.of("status", "ok");

    private final ClientBodies bodies;
    private final ClientFaults faults;
    private final RequestContexts contexts;
    private final Volumes volumes;
    private final Map<String, DrawnVolume> drawn = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, DrawnVolume> eldest) {
            return size() > MOST; // its image goes when nobody asks for it
        }
    }; // by owner and path

    @Inject
    SlicerResource(ClientBodies bodies, ClientFaults faults, RequestContexts contexts, Volumes volumes) {
        this.bodies = bodies;
        this.faults = faults;
        this.contexts = contexts;
        this.volumes = volumes;
    }

    /** What its button for testing the connection asks. */
    @GET
    @Path("{path: .*}")
    @Operation(hidden = true)
    @Produces(MediaTypes.JSON)
    public Map<String, String> get() {
        bodies.check();
        return OK;
    }

    /** Everything else. */
    @POST
    @Blocking
    @Path("{path: .+}")
    @Operation(hidden = true)
    public Response post(
            @PathParam("path") String path, @HeaderParam(HttpHeaders.CONTENT_TYPE) @Nullable String contentType)
            throws IOException {
        int last = path.lastIndexOf('/');
        String owner = "slicer " + path.substring(0, last + 1) + contexts.owner();
        try (CaseContent.Received body = bodies.open()) {
            return switch (path.substring(last + 1)) {
                case "upload_image" -> uploadImage(body, contentType, owner);
                case "upload_segment" -> uploadSegment(body, contentType, owner);
                case "add_bbox_interaction" -> addBox(body, owner);
                case "add_point_interaction" -> throw VoxelBox.insteadOf("points");
                case "add_lasso_interaction" -> throw VoxelBox.insteadOf("a lasso");
                case "add_scribble_interaction" -> throw VoxelBox.insteadOf("scribbles");
                default -> throw new NotFoundException();
            };
        }
    }

    private Response uploadImage(CaseContent.Received body, @Nullable String contentType, String owner)
            throws IOException {
        Optional<DrawnVolume> before = find(owner);
        DrawnVolume volume = volumes.keep(file(body, contentType), owner, before);
        synchronized (drawn) {
            drawn.put(owner, volume);
        }
        return ok();
    }

    private Response uploadSegment(CaseContent.Received body, @Nullable String contentType, String owner)
            throws IOException {
        DrawnVolume volume = volume(owner);
        try (InputStream file = file(body, contentType).open();
                InputStream npy = new GzipStream(file)) {
            volume.begin(MaskFile.ofNpy(npy, volume).orElse(null));
            return ok();
        } catch (ZipException e) {
            throw malformed("the segment", "gzip", "something else");
        }
    }

    private static InputFile file(CaseContent.Received body, @Nullable String contentType) throws IOException {
        return PostedFiles.of(body, contentType == null ? "" : contentType, "")
                .files()
                .get(0);
    }

    private Response addBox(CaseContent.Received body, String owner) throws IOException {
        DrawnVolume volume = volume(owner);
        JsonNode asked = bodies.tree(body);
        if (!asked.path("positive_click").asBoolean(true)) throw VoxelBox.insteadOf("a negative one");
        VoxelBox box = VoxelBox.ofCorners(corner(asked, "outer_point_one"), corner(asked, "outer_point_two"));
        DrawnVolume.Segment segment;
        try {
            segment = volumes.draw(volume, owner, box);
        } catch (ProblemException e) {
            if (e.problem() == Problem.UNKNOWN_IMAGE) throw noImage(); // it has expired
            throw e;
        }
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(segment.bits());
        }
        return Response.ok(packed.toByteArray(), MediaTypes.OCTETS)
                .header(HttpHeaders.CONTENT_ENCODING, "gzip")
                .build();
    }

    private static int[] corner(JsonNode asked, String name) {
        JsonNode node = asked.path(name);
        if (node.size() != 3
                || !node.path(0).isInt()
                || !node.path(1).isInt()
                || !node.path(2).isInt()) throw invalidPrompt(name, "three whole numbers", "something else");
        return new int[] {
            node.path(0).intValue(), node.path(1).intValue(), node.path(2).intValue()
        };
    }

    private Optional<DrawnVolume> find(String owner) {
        synchronized (drawn) {
            return Optional.ofNullable(drawn.get(owner));
        }
    }

    private DrawnVolume volume(String owner) {
        return find(owner).orElseThrow(SlicerResource::noImage);
    }

    private static ProblemException noImage() {
        return new ProblemException(Problem.UNKNOWN_IMAGE, "No image uploaded");
    }

    private static Response ok() {
        return Response.ok(OK, MediaTypes.JSON).build();
    }

    @ServerExceptionMapper
    Response toResponse(Throwable failure) {
        if (failure instanceof NotFoundException)
            return Response.status(404)
                    .entity(faults.note(failure))
                    .type(MediaTypes.JSON)
                    .build();
        return Response.ok(
                        Map.of(
                                "status",
                                "error",
                                "message",
                                faults.note(failure).detail()),
                        MediaTypes.JSON)
                .build();
    }
}
