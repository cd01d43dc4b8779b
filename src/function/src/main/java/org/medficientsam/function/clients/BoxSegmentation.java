package org.medficientsam.function.clients;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import org.medficientsam.function.images.KeptCase;
import org.medficientsam.function.images.KeptImages;
import org.medficientsam.function.rest.exchange.RequestContexts;
import org.medficientsam.function.service.Answer;
import org.medficientsam.function.service.AnswerForm;
import org.medficientsam.function.service.SegmentationRequest;
import org.medficientsam.function.service.SegmentationService;
import org.medficientsam.function.service.Wanted;
import org.medficientsam.function.service.WarmUp;
import org.medficientsam.imagefile.boxes.DrawnBoxes;

/** Boxes on a kept image, in a turn as every case. */
@ApplicationScoped
public class BoxSegmentation {
    private final SegmentationService service;
    private final RequestContexts contexts;
    private final WarmUp warmUp;

    @Inject
    BoxSegmentation(SegmentationService service, RequestContexts contexts, WarmUp warmUp) {
        this.service = service;
        this.contexts = contexts;
        this.warmUp = warmUp;
    }

    /**
     * Segments.
     *
     * @param boxes in the axes of the image's file
     * @param model a bundle's id; empty for the default
     */
    public Answer segment(KeptImages.Loan loan, DrawnBoxes boxes, Optional<String> model, AnswerForm form) {
        warmUp.check();
        return service.segment(
                new SegmentationRequest(
                        KeptCase.inFileAxes(loan, boxes, Optional.empty()),
                        "image",
                        model,
                        Optional.empty(),
                        loan.image().window(),
                        Wanted.of(form)),
                contexts.current());
    }
}
