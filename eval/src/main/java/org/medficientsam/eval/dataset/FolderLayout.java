package org.medficientsam.eval.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.medficientsam.eval.Modality;
import org.medficientsam.imagefile.intensity.IntensityWindow;

/**
 * How a folder that no catalogue describes is read: npz as they are, anything else as images with masks, which lie in a folder of
 * their own ({@code images} and {@code masks}, nnU-Net's {@code imagesTr} and {@code labelsTr}) or beside them ({@code 12.png} and
 * {@code 12_mask.png}).
 *
 * @param suffix of masks' names; null for whichever is found
 * @param labels how a mask's values become labels; null for each value of NIfTI masks, and all of a picture's
 * @param modality of every case; null if names tell
 */
public record FolderLayout(
        Path folder,
        @Nullable String suffix,
        @Nullable String labels,
        @Nullable Modality modality,
        IntensityWindow window) {

    private static final List<String> IMAGES = List.of("images", "imgs", "imagesTr", "imagesTs", "image", "img");
    private static final List<String> MASKS =
            List.of("masks", "gts", "labels", "labelsTr", "labelsTs", "mask", "label", "segmentations");
    private static final List<String> SUFFIXES = List.of("_mask", "_seg", "_gt", "_label", "_labels", "_segmentation");

    /** All as it is found. */
    static FolderLayout auto(Path folder) {
        return new FolderLayout(folder, null, null, null, IntensityWindow.AUTO);
    }

    /**
     * @param generated folder to make cases in
     * @param warnings told of what is left out and why
     * @throws IllegalArgumentException if there is nothing that can be a case
     */
    public Dataset open(Path generated, Consumer<String> warnings) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("the data set's folder does not exist: " + folder);
        }
        Path images = below(IMAGES, folder);
        Path masks = below(MASKS, images);
        if (images.equals(folder) && isWithin(generated) && !Dataset.isChallenge(folder)) {
            throw new IllegalArgumentException(
                    "the output must lie outside of %s, all of which is searched for cases, got %s"
                            .formatted(folder, generated));
        }
        if (holds(images, ".npz") || !holdsFiles()) {
            if (suffix != null || labels != null || !window.name().equals(IntensityWindow.AUTO.name())) {
                warnings.accept("npz are taken as they are: suffix of masks, labels and window change nothing");
            }
            return Dataset.at(folder, name -> modality == null ? Modality.ofCase(name) : modality);
        }
        ImageFolder read = new ImageFolder(images, masks, suffix(images, masks), labels(masks), modality, window);
        return GeneratedFolder.of(
                read,
                folder.toAbsolutePath().normalize().getFileName().toString(),
                generated.resolve("cases"),
                warnings);
    }

    private Path below(List<String> names, Path otherwise) {
        return names.stream()
                .map(folder::resolve)
                .filter(Files::isDirectory)
                .findFirst()
                .orElse(otherwise);
    }

    /** The one that some file has; none if no file does. */
    private String suffix(Path images, Path masks) throws IOException {
        if (suffix != null) {
            return suffix;
        }
        try (Stream<Path> files = Files.walk(masks)) {
            List<String> stems = files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName()
                            .toString()
                            .replaceFirst("\\..*", "")
                            .replaceFirst("_\\d+$", ""))
                    .toList();
            return SUFFIXES.stream()
                    .filter(each -> stems.stream().anyMatch(stem -> stem.endsWith(each)))
                    .findFirst()
                    .orElseGet(() -> {
                        if (images.equals(masks)) {
                            throw new IllegalArgumentException(
                                    "masks must be in a folder of their own (%s) or named as their image with %s, found none in %s"
                                            .formatted(String.join(", ", MASKS), String.join(", ", SUFFIXES), folder));
                        }
                        return "";
                    });
        }
    }

    private MaskLabels labels(Path masks) throws IOException {
        if (labels != null) {
            return Stream.of(MaskLabels.values())
                    .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(labels))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "labels must be one of whole, values, components, got '%s'".formatted(labels)));
        }
        try (Stream<Path> files = Files.walk(masks)) {
            return files.anyMatch(file -> file.toString().matches(".*\\.(nii|nii\\.gz|mha|nrrd)"))
                    ? MaskLabels.VALUES
                    : MaskLabels.WHOLE;
        }
    }

    private boolean isWithin(Path generated) {
        return generated
                .toAbsolutePath()
                .normalize()
                .startsWith(folder.toAbsolutePath().normalize());
    }

    private static boolean holds(Path searched, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(searched)) {
            return files.anyMatch(file -> file.toString().endsWith(ending));
        }
    }

    private boolean holdsFiles() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.anyMatch(Files::isRegularFile);
        }
    }
}
