package org.medficientsam.function.clients.nninteractive;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.medficientsam.function.answer.BitsForm;
import org.medficientsam.function.clients.BoxSegmentation;
import org.medficientsam.function.images.ImageReading;
import org.medficientsam.function.images.KeptImages;
import org.medficientsam.function.rest.exchange.RequestContexts;
import org.medficientsam.function.service.Problem;
import org.medficientsam.function.service.ProblemException;
import org.medficientsam.imagefile.boxes.DrawnBoxes;
import org.medficientsam.imagefile.image.InputFile;
import org.medficientsam.imagefile.image.RawImage;
import org.medficientsam.imagefile.intensity.IntensityWindow;

/** Volumes that were sent as NumPy's files, kept with all other images, and boxes on them. */
@ApplicationScoped
class Volumes {
    private final ImageReading reading;
    private final KeptImages images;
    private final BoxSegmentation boxes;
    private final RequestContexts contexts;

    @Inject
    Volumes(ImageReading reading, KeptImages images, BoxSegmentation boxes, RequestContexts contexts) {
        this.reading = reading;
        this.images = images;
        this.boxes = boxes;
        this.contexts = contexts;
    }

    /** Keeps a volume; the one that was there before goes first, so that two never need room at once. */
    DrawnVolume keep(InputFile npy, String owner, Optional<DrawnVolume> before) throws IOException {
        before.ifPresent(old -> remove(old, owner));
        try (KeptImages.Loan loan = reading.keep(List.of(npy), IntensityWindow.AUTO, owner, contexts.current())) {
            RawImage raw = loan.image().image().raw();
            if (raw.channels() != 1) {
                images.remove(owner, loan.id());
                throw malformed("the volume", "(D, H, W) with more than 3 columns", "a picture in colour");
            }
            return new DrawnVolume(
                    loan.id(),
                    raw.grid().depth(),
                    raw.grid().height(),
                    raw.grid().width());
        }
    }

    /** Lets a volume go, if it is still there. */
    void remove(DrawnVolume volume, String owner) {
        try {
            images.remove(owner, volume.imageId());
        } catch (ProblemException e) {
            if (e.problem() != Problem.UNKNOWN_IMAGE) throw e;
        }
    }

    /** The segment with one more box. */
    DrawnVolume.Segment draw(DrawnVolume volume, String owner, VoxelBox box) {
        try (KeptImages.Loan loan = images.borrow(owner, volume.imageId())) {
            boolean flat = loan.image().image().raw().isFlat();
            return volume.draw(box, all -> boxes.segment(
                            loan, DrawnBoxes.of(List.of(all.drawn(flat))), Optional.empty(), new BitsForm())
                    .written()
                    .orElseThrow());
        }
    }
}
