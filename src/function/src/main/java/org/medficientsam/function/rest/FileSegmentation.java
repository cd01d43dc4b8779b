package org.medficientsam.function.rest;

import static org.medficientsam.casefile.InvalidCaseException.invalidPrompt;
import static org.medficientsam.casefile.InvalidCaseException.malformed;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.medficientsam.function.images.ImageReading;
import org.medficientsam.function.images.KeptImages;
import org.medficientsam.function.rest.exchange.FileTypes;
import org.medficientsam.function.rest.exchange.PostedFiles;
import org.medficientsam.function.service.Answer;
import org.medficientsam.function.service.AnswerForm;
import org.medficientsam.function.service.CaseContent;
import org.medficientsam.function.service.RequestContext;
import org.medficientsam.function.service.SegmentationRequest;
import org.medficientsam.function.service.SegmentationService;
import org.medficientsam.function.service.Wanted;
import org.medficientsam.imagefile.ImageFiles;
import org.medficientsam.imagefile.boxes.DrawnBoxes;
import org.medficientsam.imagefile.image.InputFile;
import org.medficientsam.imagefile.intensity.IntensityWindow;

/** A file of any form with its boxes in one request: held while that lasts, answered in the form that came in. */
@ApplicationScoped
class FileSegmentation {
    private final ImageReading reading;
    private final SegmentationService service;

    @Inject
    FileSegmentation(ImageReading reading, SegmentationService service) {
        this.reading = reading;
        this.service = service;
    }

    /** What the query says; each may come as a field of multipart/form-data instead. */
    record Query(
            Optional<String> boxes,
            Optional<String> unit,
            Optional<String> axes,
            Optional<String> model,
            Optional<String> rules,
            Optional<String> window,
            Optional<String> name) {}

    /** Whether a body is a file to be read here rather than an npz with its boxes inside. */
    static boolean isMeant(CaseContent.Received body, String type, Query query) throws IOException {
        if (query.boxes().isPresent()
                || type.regionMatches(true, 0, FileTypes.MULTIPART, 0, FileTypes.MULTIPART.length())) return true;
        Optional<String> form = ImageFiles.form(body.file(""));
        return form.isPresent() && !form.get().equals("npz");
    }

    /** @param wanted of the form that the request names, or that the file came in */
    Answer segment(
            CaseContent.Received body,
            String type,
            Query query,
            Function<AnswerForm, Wanted> wanted,
            RequestContext context)
            throws IOException {
        PostedFiles posted = PostedFiles.of(body, type, query.name().orElse(""));
        List<InputFile> files = posted.files();
        IntensityWindow window = posted.field("window", query.window())
                .map(IntensityWindow::parse)
                .orElse(IntensityWindow.AUTO);
        try (KeptImages.Loan loan = reading.hold(files, window, context)) {
            Optional<DrawnBoxes> given = posted.field("boxes", query.boxes()).map(BoxesText::parse);
            boolean millimetres = isOther(posted, "unit", query.unit(), "voxel", "mm");
            boolean fileAxes = isOther(posted, "axes", query.axes(), "slices", "file");
            DrawnBoxes boxes = given.or(loan.image().image()::boxes)
                    .orElseThrow(() -> invalidPrompt("boxes", "given as ?boxes= or as a field", "none"));
            return service.segment(
                    new SegmentationRequest(
                            new BoxesRequest(
                                            boxes,
                                            millimetres,
                                            fileAxes,
                                            Optional.empty(),
                                            Optional.empty(),
                                            Optional.empty(),
                                            List.of(),
                                            List.of())
                                    .on(loan),
                            query.name().orElse("image"),
                            posted.field("model", query.model()),
                            posted.field("rules", query.rules()),
                            window,
                            wanted.apply(AnswerChoice.like(loan.image().image().form()))),
                    context);
        }
    }

    private static boolean isOther(PostedFiles posted, String name, Optional<String> query, String usual, String other)
            throws IOException {
        String word = posted.field(name, query).orElse(usual);
        if (!word.equals(usual) && !word.equals(other)) throw malformed(name, usual + " or " + other, "another word");
        return word.equals(other);
    }
}
