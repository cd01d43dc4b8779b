package org.medficientsam.eval.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.ImageArray;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.LabelMap;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.Spacing;
import org.medficientsam.casefile.npz.NpyArray;
import org.medficientsam.casefile.npz.Npz;
import org.medficientsam.eval.Modality;
import org.medficientsam.imagefile.ImageFiles;
import org.medficientsam.imagefile.LabelImage;
import org.medficientsam.imagefile.MedicalImage;
import org.medficientsam.imagefile.image.Affine;
import org.medficientsam.imagefile.image.ReadLimits;
import org.medficientsam.imagefile.image.VoxelGrid;
import org.medficientsam.imagefile.intensity.IntensityWindow;

/**
 * A collection as most are given out: a folder of pictures or NIfTI files, a folder of masks, names alike. Made into cases, one npz
 * each with imgs, boxes, gts and, of a volume, spacing; the boxes are the tight ones of the labels, as the challenge made its own.
 *
 * @param suffix what a mask's name has after the image's, before its ending: {@code _mask} of {@code 12_mask.png}
 * @param modality of every case; null if names such as {@code 2D_US_001} tell
 * @param window which values become black and white; 8-bit files stay as stored with {@link IntensityWindow#AUTO}
 */
record ImageFolder(
        Path images,
        Path masks,
        String suffix,
        MaskLabels labels,
        @Nullable Modality modality,
        IntensityWindow window) {

    /** How far two files of one patient may lie apart and still be of the same voxels, in mm. */
    private static final double SAME_PLACE_MM = 0.01;

    private static final int MOST_LABELS = 32;
    private static final int MOST_LEVELS = 6;

    /**
     * @param read called per image
     * @param warnings told of what is left out and why, file by file: unreadable, without a mask, of another shape
     * @return how many cases were made
     */
    int write(Path folder, Runnable read, Consumer<String> warnings) throws IOException {
        Files.createDirectories(folder);
        int cases = 0;
        Map<String, Path> madeOf = new HashMap<>();
        List<FilePairs> pairs = FilePairs.find(images, masks, suffix);
        for (FilePairs pair : pairs) {
            try {
                if (pair.masks().isEmpty()) {
                    warnings.accept("%s is left out: no mask of its name"
                            .formatted(pair.image().getFileName()));
                } else if (write(folder, pair, madeOf, warnings)) {
                    cases++;
                } else {
                    warnings.accept("%s is left out: its mask is empty"
                            .formatted(pair.image().getFileName()));
                }
            } catch (InvalidCaseException | IllegalArgumentException unusable) {
                warnings.accept("%s is left out: %s".formatted(pair.image().getFileName(), unusable.getMessage()));
            }
            read.run();
        }
        List<Path> alone = FilePairs.withoutImage(masks, pairs);
        if (!alone.isEmpty()) {
            warnings.accept("masks without an image of their name are left out: %d, %s%s"
                    .formatted(alone.size(), alone.get(0).getFileName(), alone.size() > 1 ? " ..." : ""));
        }
        return cases;
    }

    /** How many there are to read. */
    int count() throws IOException {
        return FilePairs.find(images, masks, suffix).size();
    }

    /** What the cases are made of and how, in words: they need not be made again while it is the same. */
    String recipe() throws IOException {
        StringBuilder recipe =
                new StringBuilder("%s %s %s window %s%n".formatted(suffix, labels, modality, window.name()));
        for (FilePairs pair : FilePairs.find(images, masks, suffix)) {
            recipe.append(pair.name());
            for (Path file : Stream.concat(Stream.of(pair.image()), pair.masks().stream())
                    .toList()) {
                recipe.append(
                        " %s %d %s".formatted(file.getFileName(), Files.size(file), Files.getLastModifiedTime(file)));
            }
            recipe.append('\n');
        }
        return recipe.toString();
    }

    /** @return whether there was an object, and so a case */
    private boolean write(Path folder, FilePairs pair, Map<String, Path> madeOf, Consumer<String> warnings)
            throws IOException {
        MedicalImage image = ImageFiles.read(pair.image(), ReadLimits.LOCAL);
        boolean volume = !image.raw().isFlat();
        CaseFile read = image.toCase(image.whole(), window, Limits.LOCAL).caseFile();
        short[] gts = merged(image, read.image(), pair.masks(), warnings);
        long[] boxes = TightBoxes.of(LabelMap.copyOf(
                gts, read.image().depth(), read.image().height(), read.image().width(), volume));
        if (boxes.length == 0) {
            return false;
        }
        String name = fileName(pair.name(), volume);
        Path other = madeOf.putIfAbsent(name, pair.image());
        if (other != null) {
            throw new IllegalArgumentException("its case must have a name of its own, but %s is made of %s"
                    .formatted(name, images.relativize(other)));
        }
        Npz.write(folder.resolve(name), arrays(read, gts, boxes, volume));
        return true;
    }

    /** Labels 1 to K of all masks of an image, those of later files after those of earlier ones, which they cover. */
    private short[] merged(MedicalImage image, ImageArray pixels, List<Path> files, Consumer<String> warnings)
            throws IOException {
        int depth = pixels.depth();
        int height = pixels.height();
        int width = pixels.width();
        short[] gts = new short[depth * height * width];
        int next = 0;
        for (Path file : files) {
            LabelImage mask = readMask(file);
            requireSamePlace(image, mask, file);
            short[] own = labels.of(values(mask), depth, height, width);
            int most = 0;
            for (int i = 0; i < own.length; i++) {
                if (own[i] != 0) {
                    gts[i] = (short) (next + Short.toUnsignedInt(own[i]));
                    most = Math.max(most, Short.toUnsignedInt(own[i]));
                }
            }
            next += most;
            tellOfLabels(file, mask.ids(), warnings);
        }
        // A mask that lies wholly under a later one leaves a gap.
        return MaskLabels.renumbered(gts);
    }

    /** What a reader may take otherwise. @param ids the values of a mask, ascending, without 0 */
    private void tellOfLabels(Path file, List<Integer> ids, Consumer<String> warnings) {
        int highest = ids.get(ids.size() - 1);
        if (labels == MaskLabels.VALUES && highest != ids.size()) {
            warnings.accept("%s: its labels %s are numbered 1 to %d".formatted(file.getFileName(), ids, ids.size()));
        }
        if (labels == MaskLabels.WHOLE && isOfFewValues(ids)) {
            int ground = MaskLabels.ground(highest);
            warnings.accept("%s: its labels %s are taken for one object%s; --labels values takes each for one"
                    .formatted(
                            file.getFileName(),
                            ids,
                            ids.get(0) > ground ? "" : ", those up to %d for background".formatted(ground)));
        }
    }

    /** Labels rather than a drawing's shades: a few numbers, of bright ones fewer than what lossy compression puts round 255. */
    private static boolean isOfFewValues(List<Integer> ids) {
        boolean bright = MaskLabels.ground(ids.get(ids.size() - 1)) > 0;
        return ids.size() > 1 && ids.size() <= (bright ? MOST_LEVELS : MOST_LABELS);
    }

    private static LabelImage readMask(Path file) throws IOException {
        try {
            return ImageFiles.readLabels(file, ReadLimits.LOCAL);
        } catch (InvalidCaseException unusable) {
            throw new IllegalArgumentException(
                    "its mask %s: %s".formatted(file.getFileName(), unusable.getMessage()), unusable);
        }
    }

    private static void requireSamePlace(MedicalImage image, LabelImage mask, Path file) {
        String expected = image.raw().grid().toString();
        String found = mask.form().grid().toString();
        if (!expected.equals(found)) {
            throw new IllegalArgumentException(
                    "its mask %s must be of its shape, %s, got %s".formatted(file.getFileName(), expected, found));
        }
        Optional<Affine> place = image.raw().grid().affine();
        Optional<Affine> maskPlace = mask.form().grid().affine();
        if (place.isPresent()
                && maskPlace.isPresent()
                && distance(image.raw().grid(), place.get(), maskPlace.get()) > SAME_PLACE_MM) {
            throw new IllegalArgumentException(
                    "its mask %s must lie where it does in the patient, but their affines differ"
                            .formatted(file.getFileName()));
        }
    }

    /** The largest distance between corners of the two grids. */
    private static double distance(VoxelGrid grid, Affine one, Affine other) {
        double largest = 0;
        for (int corner = 0; corner < 8; corner++) {
            int i = (corner & 1) * (grid.size(0) - 1);
            int j = (corner >> 1 & 1) * (grid.size(1) - 1);
            int k = (corner >> 2) * (grid.size(2) - 1);
            double[] a = one.apply(i, j, k);
            double[] b = other.apply(i, j, k);
            largest = Math.max(largest, Math.hypot(Math.hypot(a[0] - b[0], a[1] - b[1]), a[2] - b[2]));
        }
        return largest;
    }

    /** What the file holds, in the axes of the case. */
    private static int[] values(LabelImage mask) {
        short[] numbered = mask.map().labels();
        int[] values = new int[numbered.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = numbered[i] == 0 ? 0 : mask.ids().get(Short.toUnsignedInt(numbered[i]) - 1);
        }
        return values;
    }

    private static Map<String, NpyArray> arrays(CaseFile read, short[] gts, long[] boxes, boolean volume) {
        ImageArray pixels = read.image();
        int[] shape = volume
                ? new int[] {pixels.depth(), pixels.height(), pixels.width()}
                : new int[] {pixels.height(), pixels.width()};
        int[] imgs = pixels.channels() == 1 ? shape : append(shape, pixels.channels());
        int columns = volume ? 6 : 4;
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("imgs", NpyArray.of(pixels.data(), imgs));
        arrays.put("boxes", NpyArray.of(boxes, boxes.length / columns, columns));
        arrays.put("gts", NpyArray.of(gts, shape));
        read.spacing().ifPresent(spacing -> arrays.put("spacing", spacing(spacing)));
        return arrays;
    }

    private static int[] append(int[] shape, int last) {
        int[] longer = Arrays.copyOf(shape, shape.length + 1);
        longer[shape.length] = last;
        return longer;
    }

    /** Stored x, y, z. */
    private static NpyArray spacing(Spacing spacing) {
        return NpyArray.of(new double[] {spacing.x(), spacing.y(), spacing.z()}, 3);
    }

    private String fileName(String name, boolean volume) {
        String safe = name.replaceAll("[^\\p{L}\\p{M}\\p{N}-]+", "_");
        Modality fixed = modality;
        if (fixed == null && safe.matches("[23]D.*")) {
            return safe + ".npz";
        }
        return "%s_%s_%s.npz".formatted(volume ? "3D" : "2D", fixed == null ? "unknown" : fixed, safe);
    }
}
