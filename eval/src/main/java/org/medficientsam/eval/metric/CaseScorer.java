package org.medficientsam.eval.metric;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.NpyArray;
import org.medficientsam.casefile.npz.Npz;

/**
 * Scores a case given as two files of one name: {@code gts} with the ground truth (for a volume also {@code spacing}) and
 * {@code segs} with the prediction. Whatever is wrong with either becomes a {@link CaseScores.Failed}.
 *
 * <ul>
 *   <li>A name that starts with {@code 3D} is a volume, any other a picture, as the challenge has it.
 *   <li>Arrays are compared by value, whatever their types. The ground truth must be of integers or bool.
 *   <li>Shapes must be equal. (NumPy would stretch an axis of length one, and the challenge's script score the result.)
 * </ul>
 */
public final class CaseScorer {

    /** Data sets are local and trusted to be large: int64 volumes of 512 x 512 x 512 fit. */
    private static final Limits LIMITS =
            new Limits(1 << 30, 256, 64 << 10, 1 << 30, 1L << 31, Limits.DEFAULT.maxBoxes());

    private final Path gts;
    private final Path segs;
    private final MetricProtocol protocol;

    /**
     * @param gts folder of the ground truth
     * @param segs folder of the predictions
     */
    public CaseScorer(Path gts, Path segs, MetricProtocol protocol) {
        this.gts = gts;
        this.segs = segs;
        this.protocol = protocol;
    }

    /** @param name the file name that both folders have */
    public CaseScores score(String name) {
        try {
            CompletableFuture<Npz> prediction = CompletableFuture.supplyAsync(() -> read("segs", segs.resolve(name)));
            Npz truth = read("gts", gts.resolve(name));
            return score(name.startsWith("3D"), truth, prediction.join());
        } catch (UnusableCase e) {
            return e.failed;
        } catch (CompletionException e) {
            if (e.getCause() instanceof UnusableCase unusable) {
                return unusable.failed;
            }
            if (e.getCause() instanceof OutOfMemoryError) {
                return tooLarge();
            }
            throw e;
        } catch (OutOfMemoryError e) {
            return tooLarge();
        }
    }

    private static CaseScores.Failed tooLarge() {
        return new CaseScores.Failed("needs more memory than the Java heap of %d MB"
                .formatted(Runtime.getRuntime().maxMemory() >> 20));
    }

    private CaseScores score(boolean volume, Npz truthFile, Npz predictionFile) {
        NpyArray truth = array("gts", truthFile);
        NpyArray prediction = array("segs", predictionFile);
        int[] shape = truth.shape();
        if (truth.dtype().isFloat()) {
            throw unusable("gts must be integers, got " + truth.dtype());
        }
        if (shape.length != (volume ? 3 : 2) || truth.size() == 0) {
            throw unusable("gts must be %s as the name tells, got %s"
                    .formatted(volume ? "(depth, height, width)" : "(height, width)", truth.shapeText()));
        }
        if (!Arrays.equals(shape, prediction.shape())) {
            throw unusable(
                    "segs must have the shape of gts, %s, got %s".formatted(truth.shapeText(), prediction.shapeText()));
        }
        VoxelSpacing spacing = volume ? spacing(truthFile) : VoxelSpacing.PIXELS;
        int depth = volume ? shape[0] : 1;
        int height = shape[shape.length - 2];
        int width = shape[shape.length - 1];
        return new LabelScorer(
                        LabelArray.of(truth, depth, height, width),
                        LabelArray.of(prediction, depth, height, width),
                        volume,
                        spacing,
                        protocol)
                .score();
    }

    private VoxelSpacing spacing(Npz truthFile) {
        NpyArray stored = truthFile
                .find("spacing")
                .orElseThrow(() -> unusable("gts file must hold spacing for a volume, got none"));
        double[] xyz = stored.size() == 3 ? stored.toDoubles() : new double[0];
        try {
            if (stored.shape().length == 1 && xyz.length == 3) {
                return protocol.volumeSpacing(xyz[0], xyz[1], xyz[2]);
            }
        } catch (IllegalArgumentException e) {
            throw unusable("gts file: " + e.getMessage());
        }
        throw unusable("spacing must be (3,), got " + stored.shapeText());
    }

    private static NpyArray array(String key, Npz file) {
        try {
            return file.get(key);
        } catch (InvalidCaseException e) {
            throw unusable(key + " file: " + e.getMessage());
        }
    }

    private static Npz read(String key, Path file) {
        if (!Files.exists(file)) {
            throw unusable(key + " file is missing");
        }
        try {
            return Npz.read(file, LIMITS, key, "spacing");
        } catch (InvalidCaseException e) {
            throw unusable(key + " file: " + e.getMessage());
        } catch (IOException e) {
            throw unusable(key + " file cannot be read");
        }
    }

    private static UnusableCase unusable(String reason) {
        return new UnusableCase(reason);
    }

    /** Carries the row that the case ends as, from where the fault was found. */
    private static final class UnusableCase extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient CaseScores.Failed failed;

        UnusableCase(String reason) {
            super(reason, null, false, false);
            failed = new CaseScores.Failed(reason);
        }
    }
}
