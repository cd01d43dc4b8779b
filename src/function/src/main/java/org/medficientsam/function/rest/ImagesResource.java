package org.medficientsam.function.rest;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.medficientsam.function.images.EmbeddingAhead;
import org.medficientsam.function.images.ImageReading;
import org.medficientsam.function.images.ImagesConfig;
import org.medficientsam.function.images.KeptImage;
import org.medficientsam.function.images.KeptImages;
import org.medficientsam.function.images.SlicePictures;
import org.medficientsam.function.rest.exchange.PostedFiles;
import org.medficientsam.function.rest.exchange.RequestContexts;
import org.medficientsam.function.service.CaseContent;
import org.medficientsam.function.service.MediaTypes;
import org.medficientsam.function.service.Problem;
import org.medficientsam.function.service.ProblemException;
import org.medficientsam.function.service.SegmentationRequest;
import org.medficientsam.function.service.SegmentationService;
import org.medficientsam.function.service.Wanted;
import org.medficientsam.function.service.WarmUp;
import org.medficientsam.imagefile.intensity.IntensityWindow;
import org.medficientsam.imagefile.nifti.NiftiImageWriter;

/**
 * Images that are posted once and kept for many boxes. What OpenAPI says of them stands in META-INF/openapi.yaml, whose examples a test
 * carries out.
 */
@Singleton
@Path("/v1/images")
public class ImagesResource {
    /** Each takes a thread for as long as its client reads. */
    private static final int MOST_VOLUMES = 8;

    private final ImagesConfig config;
    private final ImageReading reading;
    private final KeptImages images;
    private final SlicePictures pictures;
    private final EmbeddingAhead ahead;
    private final SegmentationService service;
    private final AnswerChoice choice;
    private final WarmUp warmUp;
    private final RequestContexts contexts;
    private final ObjectMapper json;
    private final Semaphore volumes = new Semaphore(MOST_VOLUMES);

    @Inject
    ImagesResource(
            ImagesConfig config,
            ImageReading reading,
            KeptImages images,
            SlicePictures pictures,
            EmbeddingAhead ahead,
            SegmentationService service,
            AnswerChoice choice,
            WarmUp warmUp,
            RequestContexts contexts,
            ObjectMapper json) {
        this.config = config;
        this.reading = reading;
        this.images = images;
        this.pictures = pictures;
        this.ahead = ahead;
        this.service = service;
        this.choice = choice;
        this.warmUp = warmUp;
        this.contexts = contexts;
        this.json = json;
    }

    private void check() {
        if (!config.enabled()) throw new NotFoundException();
    }

    /** Keeps the image in the body. */
    @POST
    @Operation(hidden = true)
    @Blocking
    @Consumes(MediaType.WILDCARD)
    @Produces(MediaTypes.JSON)
    public Response post(
            @QueryParam("window") Optional<String> window,
            @QueryParam("name") @DefaultValue("") String name,
            @HeaderParam("Content-Type") @DefaultValue("") String type)
            throws IOException {
        check();
        try (CaseContent.Received body = contexts.body()) {
            PostedFiles posted = PostedFiles.of(body, type, name);
            IntensityWindow through =
                    posted.field("window", window).map(IntensityWindow::parse).orElse(IntensityWindow.AUTO);
            return created(posted, through);
        }
    }

    private Response created(PostedFiles posted, IntensityWindow window) throws IOException {
        try (KeptImages.Loan loan = reading.keep(posted.files(), window, contexts.owner(), contexts.current())) {
            ahead.begin(contexts.owner(), loan);
            return Response.created(URI.create("/v1/images/" + loan.id()))
                    .entity(ImageCard.of(loan, images.idle()))
                    .build();
        }
    }

    /** What is known of a kept image. */
    @GET
    @Operation(hidden = true)
    @Blocking
    @Path("/{id}")
    @Produces(MediaTypes.JSON)
    public ImageCard get(@PathParam("id") String id) {
        check();
        try (KeptImages.Loan loan = images.borrow(contexts.owner(), id)) {
            return ImageCard.of(loan, images.idle());
        }
    }

    /** Lets an image go. */
    @DELETE
    @Operation(hidden = true)
    @Blocking
    @Path("/{id}")
    public void delete(@PathParam("id") String id) {
        check();
        images.remove(contexts.owner(), id);
    }

    /** A slice as the network sees it. */
    @GET
    @Operation(hidden = true)
    @Blocking
    @Path("/{id}/slices/{z}.png")
    @Produces(MediaTypes.PNG)
    public byte[] slice(
            @PathParam("id") String id, @PathParam("z") String z, @QueryParam("window") Optional<String> window)
            throws IOException {
        check();
        Optional<IntensityWindow> through = window.map(IntensityWindow::parse);
        if (!z.matches("\\d{1,9}")) throw malformed("slice", "a number", "none");
        try (KeptImages.Loan loan = images.borrow(contexts.owner(), id)) {
            return pictures.png(loan, Integer.parseInt(z), through, contexts.current());
        }
    }

    /** A volume on its own grid, for viewers. */
    @GET
    @Operation(hidden = true)
    @Blocking
    @Path("/{id}/volume.nii.gz")
    @Produces(MediaTypes.GZIP)
    public Response volume(@PathParam("id") String id) {
        check();
        String owner = contexts.owner();
        images.borrow(owner, id).close();
        StreamingOutput written = out -> {
            if (!volumes.tryAcquire())
                throw new ProblemException(
                        Problem.BUSY, "at most %d volumes are sent at once; try again later".formatted(MOST_VOLUMES));
            try (KeptImages.Loan loan = images.borrow(owner, id)) { // here, as nobody may come to this
                NiftiImageWriter.write(out, loan.image().image().raw());
            } finally {
                volumes.release();
            }
        };
        return Response.ok(written, MediaTypes.GZIP).build();
    }

    /** How far the segmentation of an image is. */
    @GET
    @Operation(hidden = true)
    @Path("/{id}/progress")
    @Produces(MediaTypes.JSON)
    public KeptImage.Progress progress(@PathParam("id") String id) {
        check();
        try (KeptImages.Loan loan = images.borrow(contexts.owner(), id)) {
            return loan.image().progress();
        }
    }

    /** Segments boxes of a kept image. */
    @POST
    @Operation(hidden = true)
    @Blocking
    @Path("/{id}/segmentations")
    @Consumes(MediaType.WILDCARD)
    public Response segment(
            @PathParam("id") String id,
            @QueryParam("format") Optional<String> format,
            @QueryParam("threshold") Optional<String> threshold,
            @Context Request request)
            throws IOException {
        check();
        warmUp.check();
        var form = choice.jsonFirst(format, request);
        try (CaseContent.Received body = contexts.body();
                KeptImages.Loan loan = images.borrow(contexts.owner(), id)) {
            BoxesRequest asked = BoxesRequest.read(body, json);
            return AnswerResponses.of(service.segment(
                    new SegmentationRequest(
                            asked.on(loan),
                            "image",
                            asked.model(),
                            asked.rules(),
                            loan.image().window(),
                            new Wanted(form, Thresholds.parse(threshold), asked.labels(), asked.names())),
                    contexts.current()));
        }
    }
}
