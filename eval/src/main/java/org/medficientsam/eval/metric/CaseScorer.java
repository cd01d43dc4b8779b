package org.medficientsam.eval.metric;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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
 *   <li>Three axes are a volume, two a picture, whatever the name. (The challenge goes by the name, which says the same.)
 *   <li>Arrays are compared by value, whatever their types. Ground truth of floats must be whole.
 *   <li>A volume without spacing has a DSC and no NSD, as nobody knows how long 2 mm are.
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
            return score(truth, prediction.join());
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

    private CaseScores score(Npz truthFile, Npz predictionFile) {
        NpyArray truth = array("gts", truthFile);
        NpyArray prediction = array("segs", predictionFile);
        int[] shape = truth.shape();
        boolean volume = shape.length == 3;
        if ((shape.length != 2 && !volume) || truth.size() == 0) {
            throw unusable("gts must be (height, width) or (depth, height, width), got " + truth.shapeText());
        }
        if (truth.dtype().isFloat()) {
            requireWhole(truth);
        }
        if (!Arrays.equals(shape, prediction.shape())) {
            throw unusable(
                    "segs must have the shape of gts, %s, got %s".formatted(truth.shapeText(), prediction.shapeText()));
        }
        Optional<VoxelSpacing> spacing = volume ? spacing(truthFile) : Optional.of(VoxelSpacing.PIXELS);
        int depth = volume ? shape[0] : 1;
        int height = shape[shape.length - 2];
        int width = shape[shape.length - 1];
        CaseScores.Scored scores = new LabelScorer(
                        LabelArray.of(truth, depth, height, width),
                        LabelArray.of(prediction, depth, height, width),
                        volume,
                        spacing.orElse(VoxelSpacing.PIXELS),
                        protocol)
                .score();
        if (spacing.isPresent()) {
            return scores;
        }
        List<String> warnings = new ArrayList<>(scores.warnings());
        warnings.add("the gts file holds no spacing: NSD is undefined");
        return scores.withoutDistances().withWarnings(warnings);
    }

    private static void requireWhole(NpyArray truth) {
        for (double value : truth.toDoubles()) {
            if (value != Math.rint(value)) {
                throw unusable("gts must be whole numbers, got " + value);
            }
        }
    }

    private Optional<VoxelSpacing> spacing(Npz truthFile) {
        Optional<NpyArray> found = truthFile.find("spacing");
        if (found.isEmpty()) {
            return Optional.empty();
        }
        NpyArray stored = found.get();
        double[] xyz = stored.size() == 3 ? stored.toDoubles() : new double[0];
        try {
            if (stored.shape().length == 1 && xyz.length == 3) {
                return Optional.of(protocol.volumeSpacing(xyz[0], xyz[1], xyz[2]));
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
