package org.medficientsam.function.rest;

import static org.eclipse.microprofile.openapi.annotations.enums.SchemaType.INTEGER;
import static org.eclipse.microprofile.openapi.annotations.enums.SchemaType.OBJECT;
import static org.eclipse.microprofile.openapi.annotations.enums.SchemaType.STRING;

import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.medficientsam.function.answer.NpzForm;
import org.medficientsam.function.images.ImagesConfig;
import org.medficientsam.function.rest.exchange.FileTypes;
import org.medficientsam.function.rest.exchange.RequestContexts;
import org.medficientsam.function.service.AnswerForm;
import org.medficientsam.function.service.CaseContent;
import org.medficientsam.function.service.CaseSource;
import org.medficientsam.function.service.MediaTypes;
import org.medficientsam.function.service.ProblemDetail;
import org.medficientsam.function.service.SegmentationRequest;
import org.medficientsam.function.service.SegmentationResult;
import org.medficientsam.function.service.SegmentationService;
import org.medficientsam.function.service.Wanted;
import org.medficientsam.function.service.WarmUp;
import org.medficientsam.imagefile.intensity.IntensityWindow;

/** An npz comes in, its label map goes out. */
@Path("/v1/segmentations")
public class SegmentationResource {
    private final WarmUp warmUp;
    private final SegmentationService service;
    private final FileSegmentation files;
    private final AnswerChoice choice;
    private final ImagesConfig images;
    private final RequestContexts contexts;

    @Inject
    SegmentationResource(
            WarmUp warmUp,
            SegmentationService service,
            FileSegmentation files,
            AnswerChoice choice,
            ImagesConfig images,
            RequestContexts contexts) {
        this.warmUp = warmUp;
        this.service = service;
        this.files = files;
        this.choice = choice;
        this.images = images;
        this.contexts = contexts;
    }

    /** Segments the case in the body; what it answers is chosen by Accept. */
    @POST
    @Blocking
    @Consumes({
        MediaTypes.NPZ,
        MediaTypes.ZIP,
        MediaTypes.OCTETS,
        FileTypes.MULTIPART,
        FileTypes.CURL,
        "image/*",
        MediaTypes.GZIP,
        "application/x-gzip",
        "application/dicom",
        "application/nifti",
        "application/x-nifti",
        "application/vnd.unknown.nifti-1"
    })
    @Operation(
            operationId = "segment",
            summary = "Segments a case",
            description =
                    "`imgs` (H, W), (H, W, 3), (D, H, W) or (D, H, W, 3), uint8 or any other numbers and a `window`; `boxes`"
                            + " (N, 4) or (N, 6); `spacing` (3,) mm, optional. Box i becomes label i + 1.")
    @RequestBody(
            required = true,
            description =
                    "A challenge npz, or with boxes beside it any file that is read: NIfTI, DICOM, a picture, ...",
            content = {
                @Content(mediaType = MediaTypes.NPZ, schema = @Schema(type = STRING, format = "binary")),
                @Content(mediaType = MediaTypes.ZIP, schema = @Schema(type = STRING, format = "binary")),
                @Content(mediaType = MediaTypes.OCTETS, schema = @Schema(type = STRING, format = "binary")),
                @Content(mediaType = FileTypes.MULTIPART, schema = @Schema(type = OBJECT)),
                @Content(mediaType = "image/*", schema = @Schema(type = STRING, format = "binary")),
                @Content(mediaType = MediaTypes.GZIP, schema = @Schema(type = STRING, format = "binary"))
            })
    @APIResponse(
            responseCode = "200",
            description =
                    "The label map `segs`, uint16 in the image's shape; as JSON with what was found; or a picture",
            content = {
                @Content(mediaType = MediaTypes.NPZ, schema = @Schema(type = STRING, format = "binary")),
                @Content(mediaType = MediaTypes.JSON, schema = @Schema(implementation = SegmentationResult.class)),
                @Content(mediaType = MediaTypes.PNG, schema = @Schema(type = STRING, format = "binary")),
                @Content(mediaType = MediaTypes.GZIP, schema = @Schema(type = STRING, format = "binary")),
                @Content(mediaType = MediaTypes.GEOJSON, schema = @Schema(type = OBJECT))
            },
            headers = {
                @Header(
                        name = AnswerResponses.TIMING,
                        description = "Milliseconds per stage",
                        schema = @Schema(type = STRING)),
                @Header(
                        name = AnswerResponses.MODEL,
                        description = "The bundle that answered",
                        schema = @Schema(type = STRING)),
                @Header(
                        name = AnswerResponses.SHA256,
                        description = "Of both its graphs",
                        schema = @Schema(type = STRING)),
                @Header(name = AnswerResponses.RULES, description = "The rule set", schema = @Schema(type = STRING)),
                @Header(
                        name = AnswerResponses.WINDOW,
                        description = "Which values became 0 and 255, where imgs was not uint8",
                        schema = @Schema(type = STRING)),
                @Header(name = AnswerResponses.SLICES, description = "Encoder runs", schema = @Schema(type = INTEGER)),
                @Header(name = AnswerResponses.BOXES, description = "Decoder runs", schema = @Schema(type = INTEGER)),
                @Header(
                        name = AnswerResponses.PEAK_RSS,
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
                    Optional<String> window,
            @Parameter(description = "What JSON calls the case")
                    @QueryParam("case")
                    @DefaultValue(SegmentationRequest.UNNAMED)
                    String name,
            @Parameter(
                            description =
                                    "npz, json, overlay (picture), nifti, masks, probabilities, of one slice labels (PNG), geojson, coco; without it what"
                                            + " Accept says")
                    @QueryParam("format")
                    Optional<String> format,
            @Parameter(description = "Probability above which a pixel is in a mask, 0.5 without it")
                    @QueryParam("threshold")
                    Optional<String> threshold,
            @Parameter(
                            description =
                                    "Boxes of a file that is no npz: 44,42,116,158;10,10,20,20 or JSON lists; may come as a field of"
                                            + " multipart/form-data")
                    @QueryParam("boxes")
                    Optional<String> boxes,
            @Parameter(description = "voxel or mm") @QueryParam("unit") Optional<String> unit,
            @Parameter(
                            description =
                                    "slices or file: whether boxes count in the axes of the slices or of the file; they differ where a"
                                            + " volume is not cut along its third axis")
                    @QueryParam("axes")
                    Optional<String> axes,
            @Parameter(hidden = true) @HeaderParam("Content-Type") @DefaultValue("") String type,
            @Context Request request,
            @Context HttpHeaders headers)
            throws IOException {
        warmUp.check();
        if (!images.enabled()
                && !MediaTypes.CASES.contains(type.replaceFirst(";.*", "").strip())) throw new NotSupportedException();
        Optional<AnswerForm> form = choice.named(format, request, headers);
        double cut = Thresholds.parse(threshold);
        CaseContent.Received body = contexts.body();
        FileSegmentation.Query query = new FileSegmentation.Query(
                boxes,
                unit,
                axes,
                model,
                rules,
                window,
                name.equals(SegmentationRequest.UNNAMED) ? Optional.empty() : Optional.of(name));
        if (images.enabled() && FileSegmentation.isMeant(body, type, query)) {
            try (body) {
                return AnswerResponses.of(files.segment(
                        body,
                        type,
                        query,
                        like -> new Wanted(form.orElse(like), cut, List.of(), List.of()),
                        contexts.current()));
            }
        }
        return AnswerResponses.of(service.segment(
                new SegmentationRequest(
                        new CaseSource.Inline(body),
                        name,
                        model,
                        rules,
                        window.map(IntensityWindow::parse).orElse(IntensityWindow.AUTO),
                        new Wanted(form.orElseGet(NpzForm::new), cut, List.of(), List.of())),
                contexts.current()));
    }
}
