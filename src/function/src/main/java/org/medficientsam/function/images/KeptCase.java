package org.medficientsam.function.images;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.medficientsam.casefile.CaseHeader;
import org.medficientsam.casefile.Limits;
import org.medficientsam.function.images.KeptImage.State;
import org.medficientsam.function.service.CaseContent;
import org.medficientsam.function.service.CaseSource;
import org.medficientsam.function.service.Problem;
import org.medficientsam.function.service.ProblemException;
import org.medficientsam.function.service.RequestContext;
import org.medficientsam.imagefile.PreparedCase;
import org.medficientsam.imagefile.boxes.DrawnBoxes;
import org.medficientsam.imagefile.image.VoxelGrid;
import org.medficientsam.imagefile.intensity.IntensityWindow;
import org.medficientsam.segmenter.CaseOptions;

/** A kept image with boxes, as a case. Closing the case leaves the loan to who has it. */
public final class KeptCase implements CaseSource, CaseContent {
    private final KeptImages.Loan loan;
    private final double[] boxes; // in the axes of the slices
    private final boolean volume;
    private final Optional<IntensityWindow> window;
    private KeptImage.@Nullable Through through;
    private @Nullable RequestContext context;

    private KeptCase(KeptImages.Loan loan, double[] boxes, boolean volume, Optional<IntensityWindow> window) {
        this.loan = loan;
        this.boxes = boxes;
        this.volume = volume;
        this.window = window;
    }

    /**
     * Boxes in the axes of the slices.
     *
     * @param window empty for the image's own
     */
    public static KeptCase of(KeptImages.Loan loan, DrawnBoxes boxes, Optional<IntensityWindow> window) {
        return new KeptCase(loan, boxes.numbers(), boxes.isForVolume(), window);
    }

    /**
     * Boxes in the axes of the image's file.
     *
     * @param window empty for the image's own
     * @throws org.medficientsam.casefile.InvalidCaseException if they do not suit the image
     */
    public static KeptCase inFileAxes(KeptImages.Loan loan, DrawnBoxes boxes, Optional<IntensityWindow> window) {
        return new KeptCase(loan, loan.image().image().inCase(boxes), boxes.isForVolume(), window);
    }

    @Override
    public CaseContent fetch(Limits limits, RequestContext request) {
        context = request;
        loan.image().heard(this, State.WAITING, 0, 0);
        return this;
    }

    @Override
    public String identity() {
        return "";
    }

    @Override
    public CaseHeader header(Limits limits) {
        VoxelGrid grid = loan.image().image().raw().grid();
        return CaseHeader.of(
                loan.image().missingBytes(window),
                grid.depth(),
                grid.height(),
                grid.width(),
                loan.image().image().raw().channels(),
                volume,
                boxes);
    }

    /** @param ignored the image's own windows are meant */
    @Override
    public PreparedCase read(Limits limits, IntensityWindow ignored) {
        loan.image().heard(this, State.WORKING, 0, 0);
        KeptImage.Through made = loan.image().through(window, limits, loan.room());
        through = made;
        return loan.image().image().toCase(boxes, volume, made.eight(), limits);
    }

    @Override
    public CaseOptions asked(CaseOptions options) {
        KeptImage.Through made = through;
        CaseOptions kept = made == null ? options : options.with(made.embeddings());
        return kept.with((done, total) -> {
            loan.image().heard(this, State.WORKING, done, total);
            return !isGone();
        });
    }

    /** Whether somebody has let the image go, so that nobody wants the answer. */
    private boolean isGone() {
        RequestContext request = context;
        if (request == null || !loan.isGone()) return false;
        request.stop(new ProblemException(Problem.UNKNOWN_IMAGE, "the image was deleted meanwhile"));
        return true;
    }

    @Override
    public long bytesInMemory() {
        return 0;
    }

    @Override
    public long bytesKept() {
        return loan.memoryOfOthers();
    }

    @Override
    public void close() {
        loan.image().ended(this);
    }
}
