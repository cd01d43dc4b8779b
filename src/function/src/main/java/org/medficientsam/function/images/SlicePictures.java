package org.medficientsam.function.images;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.medficientsam.function.admission.AdmissionControl;
import org.medficientsam.function.service.AnswerRoom;
import org.medficientsam.function.service.Problem;
import org.medficientsam.function.service.ProblemException;
import org.medficientsam.function.service.RequestContext;
import org.medficientsam.imagefile.image.VoxelGrid;
import org.medficientsam.imagefile.intensity.IntensityWindow;
import org.medficientsam.imagefile.result.SlicePng;

/**
 * Slices as pictures. Each takes several times its pixels, so that few are made at once: a large one in a turn, as a case is; small ones, through
 * which people scroll, beside the cases, which they need not wait for.
 */
@ApplicationScoped
public class SlicePictures {
    /** In 8 bits, as a picture, deflated, and that grown and copied: in units of the slice. */
    private static final int COPIES = 6;

    /** Heap of a small one. */
    private static final long SMALL = 8L << 20;

    private static final int AT_ONCE = 2;
    private static final int MOST_WAITING = 96;

    private final AdmissionControl admission;
    private final AnswerRoom room;
    private final Semaphore small = new Semaphore(AT_ONCE, true);

    @Inject
    SlicePictures(AdmissionControl admission, AnswerRoom room) {
        this.admission = admission;
        this.room = room;
    }

    /**
     * A slice as the network sees it, as PNG.
     *
     * @param window empty for the image's own
     * @throws org.medficientsam.casefile.InvalidCaseException if there is no such slice
     * @throws ProblemException {@link Problem#BUSY} if too many wait for theirs, or have not read them
     */
    public byte[] png(KeptImages.Loan loan, int z, Optional<IntensityWindow> window, RequestContext context)
            throws IOException {
        VoxelGrid grid = loan.image().image().raw().grid();
        if (z < 0 || z >= grid.depth()) throw malformed("slice", "in 0.." + (grid.depth() - 1), "" + z);
        long heap = (long) COPIES
                * grid.height()
                * grid.width()
                * loan.image().image().raw().channels();
        return context.work(() -> heap > SMALL
                ? large(loan.image(), z, window, Math.min(heap, admission.memory()))
                : small(loan.image(), z, window));
    }

    private byte[] large(KeptImage image, int z, Optional<IntensityWindow> window, long heap)
            throws IOException, InterruptedException {
        AdmissionControl.Turn turn = admission.enter(heap, false);
        try {
            return write(image, z, window);
        } finally {
            turn.close();
        }
    }

    private byte[] small(KeptImage image, int z, Optional<IntensityWindow> window)
            throws IOException, InterruptedException {
        if (small.getQueueLength() >= MOST_WAITING)
            throw new ProblemException(Problem.BUSY, "too many slices are asked for at once; try again later");
        small.acquire();
        try {
            return write(image, z, window);
        } finally {
            small.release();
        }
    }

    private byte[] write(KeptImage image, int z, Optional<IntensityWindow> window) throws IOException {
        room.check(); // there was some when it was asked for, but others have waited too
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        SlicePng.write(png, image.image().slice(z, image.applied(window)), 0);
        return png.toByteArray();
    }
}
