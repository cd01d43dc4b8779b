package org.medficientsam.eval.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.medficientsam.eval.Modality;

/**
 * A validation set that is here, case by case in the order of their names.
 *
 * @param id its name in the catalogue, or that of its folder
 * @param folder where it lies
 * @param images and {@code truths}: folders of the challenge's layout; null where all is in one file
 * @param groups which cases are of one patient, volume or video
 */
public record Dataset(
        String id,
        Path folder,
        @Nullable Path images,
        @Nullable Path truths,
        List<DatasetCase> cases,
        CaseGroups groups) {

    public Dataset {
        cases = cases.stream().sorted(Comparator.comparing(DatasetCase::name)).toList();
    }

    /** File names with {@code .npz}, in the order of the cases. */
    public List<String> names() {
        return cases.stream().map(DatasetCase::name).toList();
    }

    /** The same cases, grouped. */
    public Dataset grouped(CaseGroups by) {
        return new Dataset(id, folder, images, truths, cases, by);
    }

    /** What was said of its files when its cases were made of them: which were left out and why; nothing where nothing was made. */
    public static List<String> notes(Path folder) throws IOException {
        return GeneratedFolder.notes(folder);
    }

    /** Whether there is any ground truth. */
    public boolean hasTruth() {
        return cases.stream().anyMatch(DatasetCase::hasTruth);
    }

    /**
     * A hash of what the cases hold, images, prompts and ground truth; equal wherever the files lie.
     *
     * @throws IOException if a file cannot be opened
     */
    public String content() throws IOException {
        return ContentHash.of(cases);
    }

    /** Cases per modality, in the order of the published table, others after it. */
    public Map<Modality, Integer> counts() {
        Map<Modality, Integer> counts = new TreeMap<>(Modality.TABLE_ORDER);
        cases.forEach(each -> counts.merge(each.modality(), 1, Integer::sum));
        return counts;
    }

    /**
     * The challenge's layout: one folder of inputs, one of ground truth, files of the same name. Without the second folder
     * there are no scores; nor for a case that it does not hold.
     */
    public static Dataset challenge(
            String id, Path folder, Path images, Path truths, Function<String, Modality> modality) throws IOException {
        List<DatasetCase> cases = new ArrayList<>();
        for (Path image : npzFiles(images, 1)) {
            String name = image.getFileName().toString();
            Path truth = truths.resolve(name);
            cases.add(new DatasetCase(name, modality.apply(name), image, Files.exists(truth) ? truth : null));
        }
        return new Dataset(id, folder, images, truths, cases, CaseGroups.NONE);
    }

    /** One npz holds imgs, boxes and gts; folders below are searched. */
    public static Dataset combined(String id, Path folder, Function<String, Modality> modality) throws IOException {
        Map<String, Path> seen = new HashMap<>();
        List<DatasetCase> cases = new ArrayList<>();
        for (Path file : npzFiles(folder, Integer.MAX_VALUE)) {
            String name = file.getFileName().toString();
            @Nullable Path other = seen.put(name, file);
            if (other != null) {
                throw new IllegalArgumentException("case names must be unique in a data set, got %s in %s and in %s"
                        .formatted(name, other.getParent(), file.getParent()));
            }
            cases.add(new DatasetCase(name, modality.apply(name), file, mayHoldTruth(file) ? file : null));
        }
        return new Dataset(id, folder, null, null, cases, CaseGroups.NONE);
    }

    /** Whether there are gts in it; of a damaged file nobody knows, and it is not to be dropped in silence. */
    private static boolean mayHoldTruth(Path file) {
        try (ZipFile npz = new ZipFile(file.toFile())) {
            return npz.getEntry("gts.npy") != null;
        } catch (IOException damaged) {
            return true;
        }
    }

    /** Whether a folder on its own is of the challenge's layout, so that only its two folders are looked at. */
    static boolean isChallenge(Path folder) {
        return Files.isDirectory(folder.resolve("imgs")) || Files.isDirectory(folder.resolve("validation-box/imgs"));
    }

    /** A folder on its own: the challenge's layout if it has imgs/ (or validation-box/imgs/), combined otherwise. */
    static Dataset at(Path folder, Function<String, Modality> modality) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("the data set's folder does not exist: " + folder);
        }
        String id = folder.toAbsolutePath().normalize().getFileName().toString();
        for (Path root : List.of(folder, folder.resolve("validation-box"))) {
            if (Files.isDirectory(root.resolve("imgs"))) {
                return challenge(id, folder, root.resolve("imgs"), root.resolve("gts"), modality);
            }
        }
        return combined(id, folder, modality);
    }

    private static List<Path> npzFiles(Path folder, int depth) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("no folder " + folder);
        }
        try (Stream<Path> files = Files.walk(folder, depth)) {
            List<Path> found = new ArrayList<>(files.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().endsWith(".npz"))
                    .toList());
            if (found.isEmpty()) {
                throw new IllegalArgumentException("no *.npz in " + folder);
            }
            Collections.sort(found);
            return found;
        }
    }
}
