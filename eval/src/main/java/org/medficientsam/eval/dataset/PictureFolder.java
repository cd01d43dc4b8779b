package org.medficientsam.eval.dataset;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.medficientsam.casefile.npz.NpyArray;
import org.medficientsam.casefile.npz.Npz;
import org.medficientsam.eval.Modality;

/**
 * A collection as most are given out: a folder of pictures, a folder of masks, names alike. Made into cases, one npz each with
 * imgs, boxes and gts; the boxes are the tight ones of the labels, as the challenge made its own.
 *
 * @param suffix what a mask's name has after the picture's, before its extension: {@code _mask} of {@code 12_mask.png}
 */
record PictureFolder(Path images, Path masks, String suffix, MaskLabels labels, Modality modality) {

    private static final Set<String> READABLE = Set.of("png", "jpg", "jpeg", "bmp", "gif", "tif", "tiff");

    /** @return how many pictures have a mask with something in it; the others are no cases */
    int write(Path folder, Runnable read) throws IOException {
        Files.createDirectories(folder);
        Map<String, Path> masksByStem = new LinkedHashMap<>();
        for (Path mask : pictures(masks)) {
            masksByStem.put(stem(mask), mask);
        }
        int cases = 0;
        for (Path image : pictures(images)) {
            @Nullable Path mask = masksByStem.get(stem(image) + suffix);
            if (mask != null && !mask.equals(image)) {
                cases += write(folder, image, mask) ? 1 : 0;
            }
            read.run();
        }
        return cases;
    }

    /** How many there are to read. */
    int count() throws IOException {
        return pictures(images).size();
    }

    private static List<Path> pictures(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> READABLE.contains(extension(file)))
                    .sorted()
                    .toList();
        }
    }

    private boolean write(Path folder, Path image, Path mask) throws IOException {
        BufferedImage picture = read(image);
        BufferedImage drawn = read(mask);
        int height = picture.getHeight();
        int width = picture.getWidth();
        if (drawn.getHeight() != height || drawn.getWidth() != width) {
            throw new IOException("mask %s must be %dx%d as its picture, got %dx%d"
                    .formatted(mask.getFileName(), width, height, drawn.getWidth(), drawn.getHeight()));
        }
        short[] gts = labels.of(grey(drawn), height, width);
        List<int[]> boxes = boxes(gts, width);
        if (boxes.isEmpty()) {
            return false;
        }
        long[] flat = boxes.stream().flatMapToInt(Arrays::stream).asLongStream().toArray();
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("imgs", NpyArray.of(rgb(picture), height, width, 3));
        arrays.put("boxes", NpyArray.of(flat, boxes.size(), 4));
        arrays.put("gts", NpyArray.of(gts, height, width));
        String name = "2D_%s_%s.npz".formatted(modality, stem(image).replaceAll("[^A-Za-z0-9-]+", "_"));
        Npz.write(folder.resolve(name), arrays);
        return true;
    }

    private static BufferedImage read(Path file) throws IOException {
        @Nullable BufferedImage picture = ImageIO.read(file.toFile());
        if (picture == null) {
            throw new IOException("%s is no picture that can be read".formatted(file.getFileName()));
        }
        return picture;
    }

    /** The value as stored where there is one channel; the brightest of several. */
    private static int[] grey(BufferedImage picture) {
        Raster raster = picture.getRaster();
        int bands = picture.getColorModel().hasAlpha() ? raster.getNumBands() - 1 : raster.getNumBands();
        int[] grey = new int[picture.getWidth() * picture.getHeight()];
        for (int i = 0; i < grey.length; i++) {
            for (int band = 0; band < bands; band++) {
                grey[i] = Math.max(grey[i], raster.getSample(i % picture.getWidth(), i / picture.getWidth(), band));
            }
        }
        return grey;
    }

    private static byte[] rgb(BufferedImage picture) {
        int[] packed = picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
        byte[] rgb = new byte[packed.length * 3];
        for (int i = 0; i < packed.length; i++) {
            rgb[3 * i] = (byte) (packed[i] >> 16);
            rgb[3 * i + 1] = (byte) (packed[i] >> 8);
            rgb[3 * i + 2] = (byte) packed[i];
        }
        return rgb;
    }

    /** x_min, y_min, x_max, y_max of each label. */
    private static List<int[]> boxes(short[] gts, int width) {
        List<int[]> boxes = new ArrayList<>();
        for (int i = 0; i < gts.length; i++) {
            int label = Short.toUnsignedInt(gts[i]);
            while (boxes.size() < label) {
                boxes.add(new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE, -1, -1});
            }
            if (label > 0) {
                int[] box = boxes.get(label - 1);
                box[0] = Math.min(box[0], i % width);
                box[1] = Math.min(box[1], i / width);
                box[2] = Math.max(box[2], i % width);
                box[3] = Math.max(box[3], i / width);
            }
        }
        return boxes;
    }

    private static String stem(Path file) {
        return file.getFileName().toString().replaceFirst("\\.[^.]+$", "");
    }

    private static String extension(Path file) {
        return file.getFileName().toString().replaceFirst(".*\\.", "").toLowerCase(Locale.ROOT);
    }
}
