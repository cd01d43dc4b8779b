package org.medficientsam.eval.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.NpyArray;
import org.medficientsam.casefile.npz.Npz;
import org.medficientsam.eval.Modality;

/**
 * One image with its prompts, on disk.
 *
 * @param name file name with {@code .npz}
 * @param image npz with imgs, boxes and, for a volume, spacing
 * @param truth npz with gts; null where a data set has none. The same file as {@code image} where all are in one
 */
public record DatasetCase(
        String name,
        Modality modality,
        Path image,
        @Nullable Path truth) {

    private static final String[] INPUT = {"imgs", "boxes", "spacing"};

    boolean hasTruth() {
        return truth != null;
    }

    /** How many boxes its input has, and so how many labels its prediction may have; empty if that cannot be read. */
    public OptionalInt boxes() throws IOException {
        try {
            int[] shape = Npz.read(image, Limits.LOCAL, "boxes").get("boxes").shape();
            return shape.length == 2 ? OptionalInt.of(shape[0]) : OptionalInt.empty();
        } catch (InvalidCaseException theTargetSaysSo) {
            return OptionalInt.empty();
        }
    }

    /**
     * The file to send: the image's own where it holds the input alone; a copy without the ground truth where all are in one,
     * as a function is never sent the answer.
     *
     * @param work folder for the copy
     * @throws InvalidCaseException if a file that has to be copied is no npz
     */
    public Path input(Path work) throws IOException {
        if (!image.equals(truth)) {
            return image;
        }
        Npz all = Npz.read(image, Limits.DEFAULT, INPUT);
        Map<String, NpyArray> input = new LinkedHashMap<>();
        for (String key : INPUT) {
            all.find(key).ifPresent(array -> input.put(key, array));
        }
        Path copy = Files.createDirectories(work.resolve("in")).resolve(name);
        Npz.write(copy, input);
        return copy;
    }
}
