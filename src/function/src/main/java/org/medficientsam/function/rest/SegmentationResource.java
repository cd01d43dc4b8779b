package org.medficientsam.function.rest;

import static org.eclipse.microprofile.openapi.annotations.enums.SchemaType.INTEGER;
import static org.eclipse.microprofile.openapi.annotations.enums.SchemaType.STRING;

import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Variant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.medficientsam.function.Answer;
import org.medficientsam.function.CaseSource;
import org.medficientsam.function.MediaTypes;
import org.medficientsam.function.ProblemDetail;
import org.medficientsam.function.SegmentationRequest;
import org.medficientsam.function.SegmentationResult;
import org.medficientsam.function.SegmentationService;
import org.medficientsam.function.WarmUp;
import org.medficientsam.imagefile.intensity.IntensityWindow;

/** An npz comes in, its label map goes out. */
@Path("/v1/segmentations")
public class SegmentationResource {
    private static final String TIMING = "Server-Timing";
    private static final String MODEL = "Medficientsam-Model";
    private static final String SHA256 = "Medficientsam-Model-Sha256";
    private static final String RULES = "Medficientsam-Rules";
    private static final String WINDOW = "Medficientsam-Window";
    private static final String SLICES = "Medficientsam-Slices-Encoded";
    private static final String BOXES = "Medficientsam-Boxes-Decoded";
    private static final String PEAK_RSS = "Medficientsam-Peak-Rss-Bytes";

    private static final List<Variant> ANSWERS = Variant.mediaTypes(
                    MediaTypes.ANSWERS.stream().map(MediaType::valueOf).toArray(MediaType[]::new))
            .build();

    private final WarmUp warmUp;
    private final SegmentationService service;
    private final RequestContexts contexts;

    @Inject
    SegmentationResource(WarmUp warmUp, SegmentationService service, RequestContexts contexts) {
        this.warmUp = warmUp;
        this.service = service;
        this.contexts = contexts;
    }

    /** Segments the case in the body; what it answers is chosen by Accept. */
    @POST
    @Blocking
    @Consumes({MediaTypes.NPZ, MediaTypes.ZIP, MediaTypes.OCTETS})
    @Produces({MediaTypes.NPZ, MediaTypes.JSON, MediaTypes.PNG})
    @Operation(
            operationId = "segment",
            summary = "Segments a case",
            description =
                    "`imgs` (H, W), (H, W, 3), (D, H, W) or (D, H, W, 3), uint8 or any other numbers and a `window`; `boxes`"
                            + " (N, 4) or (N, 6); `spacing` (3,) mm, optional. Box i becomes label i + 1.")
    @RequestBody(
            required = true,
            description = "A challenge npz",
            content = {
                @Content(mediaType = MediaTypes.NPZ, schema = @Schema(type = STRING, format = "binary")),
                @Content(mediaType = MediaTypes.ZIP, schema = @Schema(type = STRING, format = "binary")),
                @Content(mediaType = MediaTypes.OCTETS, schema = @Schema(type = STRING, format = "binary"))
            })
    @APIResponse(
            responseCode = "200",
            description =
                    "The label map `segs`, uint16 in the image's shape; as JSON with what was found; or a picture",
            content = {
                @Content(mediaType = MediaTypes.NPZ, schema = @Schema(type = STRING, format = "binary")),
                @Content(mediaType = MediaTypes.JSON, schema = @Schema(implementation = SegmentationResult.class)),
                @Content(mediaType = MediaTypes.PNG, schema = @Schema(type = STRING, format = "binary"))
            },
            headers = {
                @Header(name = TIMING, description = "Milliseconds per stage", schema = @Schema(type = STRING)),
                @Header(name = MODEL, description = "The bundle that answered", schema = @Schema(type = STRING)),
                @Header(name = SHA256, description = "Of both its graphs", schema = @Schema(type = STRING)),
                @Header(name = RULES, description = "The rule set", schema = @Schema(type = STRING)),
                @Header(
                        name = WINDOW,
                        description = "Which values became 0 and 255, where imgs was not uint8",
                        schema = @Schema(type = STRING)),
                @Header(name = SLICES, description = "Encoder runs", schema = @Schema(type = INTEGER)),
                @Header(name = BOXES, description = "Decoder runs", schema = @Schema(type = INTEGER)),
                @Header(
                        name = PEAK_RSS,
                        description = "Most memory the process ever held, if the system tells",
                        schema = @Schema(type = INTEGER, format = "int64"))
            })
    @APIResponse(
            responseCode = "500",
            content =
                    @Content(
                            mediaType = ProblemDetail.MEDIA_TYPE,
                            schema = @Schema(implementation = ProblemDetail.class)))
    public Response segment(
            @Parameter(description = "A bundle's id; without it the default one") @QueryParam("model")
                    Optional<String> model,
            @Parameter(description = "A rule set; without it the bundle's own") @QueryParam("rules")
                    Optional<String> rules,
            @Parameter(
                            description =
                                    "What becomes black and white where imgs is not uint8: CENTRE,WIDTH in its own"
                                            + " values, or auto (without it), percentile, mr, ct-soft, ct-lung, ct-bone, ct-brain")
                    @QueryParam("window")
                    @DefaultValue("auto")
                    String window,
            @Parameter(description = "What JSON calls the case")
                    @QueryParam("case")
                    @DefaultValue(SegmentationRequest.UNNAMED)
                    String name,
            @Context Request request) {
        warmUp.check();
        Variant answer = request.selectVariant(ANSWERS);
        if (answer == null) {
            throw new NotAcceptableException();
        }
        CaseSource source = new CaseSource.Inline(contexts.body());
        boolean picture = answer.getMediaType().toString().equals(MediaTypes.PNG);
        return answer(
                service.segment(
                        new SegmentationRequest(source, name, model, rules, IntensityWindow.parse(window), picture),
                        contexts.current()),
                answer.getMediaType());
    }

    private static Response answer(Answer answer, MediaType type) {
        SegmentationResult result = answer.result();
        Object entity =
                switch (type.toString()) {
                    case MediaTypes.JSON -> result;
                    case MediaTypes.PNG -> answer.picture().orElseThrow();
                    default -> result.segs().requireNpz();
                };
        Response.ResponseBuilder response = Response.ok(entity, type)
                .header(TIMING, serverTiming(result))
                .header(MODEL, result.model().id())
                .header(SHA256, result.model().sha256())
                .header(RULES, result.rules())
                .header(SLICES, result.slicesEncoded())
                .header(BOXES, result.boxesDecoded());
        if (result.window() != null) {
            response.header(WINDOW, result.window());
        }
        if (result.peakRssBytes() != null) {
            response.header(PEAK_RSS, result.peakRssBytes());
        }
        return response.build();
    }

    private static String serverTiming(SegmentationResult result) {
        return result.timingsMs().entrySet().stream()
                .map(stage -> String.format(Locale.ROOT, "%s;dur=%.3f", stage.getKey(), stage.getValue()))
                .collect(Collectors.joining(", "));
    }
}
