package org.medficientsam.eval.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which masks belong to which image, by name: {@code 12.png} and {@code 12_mask.png}, {@code 12_mask_1.png} and so on, or the same
 * name in another folder; nnU-Net's {@code liver_0000.nii.gz} and {@code liver.nii.gz}.
 *
 * @param name of the case, unique: the file's, with the names of its folders where several files share one
 * @param masks in the order of their names; empty for an image without any
 */
record FilePairs(String name, Path image, List<Path> masks) {

    private static final Set<String> ENDINGS =
            Set.of("png", "jpg", "jpeg", "bmp", "gif", "tif", "tiff", "webp", "nii", "mha", "nrrd", "dcm", "npy");
    private static final Pattern CHANNEL = Pattern.compile("_0000$");
    private static final Pattern NUMBER = Pattern.compile("_\\d+$");

    /**
     * @param images and {@code masks}: folders, searched with what is below them; may be the same
     * @param suffix what a mask's name has after the image's, before a number and its ending; may be empty
     */
    static List<FilePairs> find(Path images, Path masks, String suffix) throws IOException {
        Map<String, List<Path>> masksByStem = new LinkedHashMap<>();
        for (Path mask : files(masks)) {
            masksByStem.computeIfAbsent(stem(mask), unused -> new ArrayList<>()).add(mask);
        }
        boolean together = images.equals(masks);
        List<Path> found = files(images).stream()
                .filter(file -> !together || !isMask(file, suffix, masksByStem.keySet()))
                .toList();
        Map<String, Integer> uses = new TreeMap<>();
        found.forEach(image -> uses.merge(stem(image), 1, Integer::sum));
        Map<String, Set<String>> maskStems = maskStems(uses.keySet(), masksByStem.keySet(), suffix);
        List<FilePairs> pairs = new ArrayList<>();
        for (Path image : found) {
            String stem = stem(image);
            boolean shared = uses.getOrDefault(stem, 0) > 1;
            Set<String> ownStems = maskStems.getOrDefault(stem, Set.of());
            List<Path> own = masksOf(image, images, masks, ownStems, masksByStem, shared);
            pairs.add(new FilePairs(shared ? withFolders(images, image) : stem, image, own));
        }
        return pairs;
    }

    /** Masks that are no image's of these. */
    static List<Path> withoutImage(Path masks, List<FilePairs> pairs) throws IOException {
        Set<Path> used = new HashSet<>();
        pairs.forEach(pair -> {
            used.add(pair.image());
            used.addAll(pair.masks());
        });
        return files(masks).stream().filter(file -> !used.contains(file)).toList();
    }

    /** Among images, what is another's mask by its name. */
    private static boolean isMask(Path file, String suffix, Set<String> stems) {
        String stem = stem(file);
        int at = suffix.isEmpty() ? -1 : stem.lastIndexOf(suffix);
        return at > 0 && stems.contains(stem.substring(0, at));
    }

    /** Of each image, by its stem, the stems of masks that are its own. */
    private static Map<String, Set<String>> maskStems(Set<String> images, Set<String> masks, String suffix) {
        // A mask of an image's very name is that image's, though by its number it could be one of another's.
        Set<String> taken = new HashSet<>();
        images.forEach(image -> taken.add((masks.contains(image + suffix) ? image : base(image)) + suffix));
        Map<String, Set<String>> byName = new HashMap<>();
        for (String mask : masks) {
            byName.computeIfAbsent(mask, unused -> new HashSet<>()).add(mask);
            if (!taken.contains(mask)) {
                byName.computeIfAbsent(NUMBER.matcher(mask).replaceFirst(""), unused -> new HashSet<>())
                        .add(mask);
            }
        }
        Map<String, Set<String>> own = new HashMap<>();
        for (String image : images) {
            Set<String> exact = byName.getOrDefault(image + suffix, Set.of());
            own.put(image, exact.isEmpty() ? byName.getOrDefault(base(image) + suffix, Set.of()) : exact);
        }
        return own;
    }

    /** Without nnU-Net's number of the first channel, which its labels do not have. */
    private static String base(String image) {
        return CHANNEL.matcher(image).replaceFirst("");
    }

    private static List<Path> masksOf(
            Path image,
            Path images,
            Path masks,
            Set<String> stems,
            Map<String, List<Path>> masksByStem,
            boolean shared) {
        Path folder = images.relativize(image.resolveSibling("."));
        Path expected = masks.resolve(folder).normalize();
        List<Path> own = new ArrayList<>();
        for (String stem : stems) {
            List<Path> files = masksByStem.getOrDefault(stem, List.of());
            for (Path file : files) {
                // Files of one name are told apart by the folder they lie in, which masks have to share.
                boolean here = file.resolveSibling(".").normalize().equals(expected);
                if (!file.equals(image) && (here || (!shared && files.size() == 1))) {
                    own.add(file);
                }
            }
        }
        own.sort(null);
        return own;
    }

    private static String withFolders(Path root, Path file) {
        String relative = root.relativize(file).toString().replace('\\', '/');
        String folders = relative.substring(
                        0, relative.length() - file.getFileName().toString().length())
                .replace('/', '_');
        // 2D_US_1 tells its modality only from the start.
        return stem(file).matches("[23]D.*")
                ? (stem(file) + "_" + folders).replaceFirst("_$", "")
                : folders + stem(file);
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> ENDINGS.contains(ending(file)))
                    .sorted()
                    .toList();
        }
    }

    private static String stem(Path file) {
        return file.getFileName().toString().replaceFirst("(?i)\\.gz$", "").replaceFirst("\\.[^.]+$", "");
    }

    private static String ending(Path file) {
        return file.getFileName()
                .toString()
                .toLowerCase(Locale.ROOT)
                .replaceFirst("\\.gz$", "")
                .replaceFirst(".*\\.", "");
    }
}
