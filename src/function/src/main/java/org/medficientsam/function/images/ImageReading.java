package org.medficientsam.function.images;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.medficientsam.casefile.CaseHeader;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.InvalidCaseException.Reason;
import org.medficientsam.function.admission.AdmissionControl;
import org.medficientsam.function.admission.CaseCost;
import org.medficientsam.function.service.FunctionConfig;
import org.medficientsam.function.service.RequestContext;
import org.medficientsam.imagefile.ImageFiles;
import org.medficientsam.imagefile.MedicalImage;
import org.medficientsam.imagefile.image.DeclaredSize;
import org.medficientsam.imagefile.image.InputFile;
import org.medficientsam.imagefile.image.RawImage;
import org.medficientsam.imagefile.image.ReadLimits;
import org.medficientsam.imagefile.image.VoxelGrid;
import org.medficientsam.imagefile.intensity.IntensityWindow;

/**
 * Reads files in a turn. How large an image is, some forms tell only while they are read; so a reader is first allowed what such a file
 * usually holds, and more, with more memory, if that was not enough. Nothing above what is allowed is ever allocated.
 */
@ApplicationScoped
public class ImageReading {
    /** Buffers of readers, whatever the file. */
    private static final long FIXED = 4L << 20;

    /** Numbers that a short file may hold at the first try. */
    private static final long LEAST = 16L << 20;

    /** Numbers per byte of a file that a try begins with. */
    private static final long USUAL = 4;

    /** A file's bytes and a copy of them, decoded samples, the numbers, and those in order: in units of the larger of file and numbers. */
    private static final long COPIES = 5;

    /** What others should not have to wait for. */
    private static final long LONG_BYTES = 64L << 20;

    private final AdmissionControl admission;
    private final KeptImages images;
    private final FunctionConfig function;
    private final ImagesConfig config;

    @Inject
    ImageReading(AdmissionControl admission, KeptImages images, FunctionConfig function, ImagesConfig config) {
        this.admission = admission;
        this.images = images;
        this.function = function;
        this.config = config;
    }

    /**
     * Reads an image and keeps it.
     *
     * @param files one, or the files of a DICOM series
     * @param window that its requests get which name none
     * @param owner the one who may ask for it
     * @return it, in use until closed
     * @throws InvalidCaseException if it is none of the forms that are read, damaged, or larger than the heap allows
     */
    public KeptImages.Loan keep(List<InputFile> files, IntensityWindow window, String owner, RequestContext context)
            throws IOException {
        return context.work(() -> read(files, window, (image, turn) -> images.keep(owner, image, turn)));
    }

    /** As {@link #keep}, for one request alone. */
    public KeptImages.Loan hold(List<InputFile> files, IntensityWindow window, RequestContext context)
            throws IOException {
        return context.work(() -> read(files, window, images::hold));
    }

    private interface Handover {
        KeptImages.Loan take(KeptImage image, AdmissionControl.Turn turn);
    }

    private KeptImages.Loan read(List<InputFile> files, IntensityWindow window, Handover handover)
            throws IOException, InterruptedException {
        long bytes = files.stream().mapToLong(InputFile::size).sum();
        long most = Math.min(ReadLimits.DEFAULT.maxVoxelBytes(), (admission.memory() - FIXED) / COPIES);
        long first = Math.min(most, Math.max(LEAST, USUAL * bytes));
        try {
            return read(files, window, first, handover);
        } catch (InvalidCaseException e) {
            if (e.reason() != Reason.TOO_LARGE || first == most) throw e;
            return read(files, window, most, handover);
        }
    }

    /** That one box can be segmented; or people would learn it only once they have drawn it. */
    private void checkCost(KeptImage kept) {
        RawImage raw = kept.image().raw();
        VoxelGrid grid = raw.grid();
        boolean flat = raw.isFlat();
        double[] box = flat ? new double[4] : new double[6];
        CaseHeader header = CaseHeader.of(
                kept.missingBytes(Optional.empty()),
                grid.depth(),
                grid.height(),
                grid.width(),
                raw.channels(),
                !flat,
                box);
        function.costLimits()
                .less(images.memory())
                .check(CaseCost.of(header, 0, function.workers(), function.mostWindows()));
    }

    private KeptImages.Loan read(List<InputFile> files, IntensityWindow window, long allowed, Handover handover)
            throws IOException, InterruptedException {
        long heap = FIXED + COPIES * allowed;
        ReadLimits limits =
                new ReadLimits((int) allowed, (int) allowed, ReadLimits.DEFAULT.maxFiles(), config.decoders());
        AdmissionControl.Turn turn = admission.enter(heap, heap >= LONG_BYTES);
        try {
            MedicalImage image = ImageFiles.read(files, limits);
            // The case's own caps, now rather than at the first box.
            RawImage raw = image.raw();
            DeclaredSize.bytes(
                    "image", function.npzLimits().maxArrayBytes(), 1, raw.grid().voxels(), raw.channels());
            String form = ImageFiles.form(files.get(0)).orElse("dicom");
            KeptImage kept = new KeptImage(image, form, window);
            kept.applied(Optional.empty());
            checkCost(kept);
            return handover.take(kept, turn);
        } finally {
            turn.close();
        }
    }
}
