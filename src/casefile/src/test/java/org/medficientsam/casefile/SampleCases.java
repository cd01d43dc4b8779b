package org.medficientsam.casefile;

import static java.lang.StrictMath.PI;
import static java.lang.StrictMath.atan2;
import static java.lang.StrictMath.cos;
import static java.lang.StrictMath.hypot;
import static java.lang.StrictMath.sin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.medficientsam.casefile.npz.NpyArray;
import org.medficientsam.casefile.npz.Npz;

/**
 * Makes the cases under src/samples: synthetic, so that they may be given away, but with the noise, texture and soft edges that a
 * segmenter meets. Each has {@code gts}, so that a prediction can be scored. The main method writes them to the folder it is given.
 */
final class SampleCases {
    private static final int HEIGHT = 240;
    private static final int WIDTH = 320;

    private SampleCases() {}

    public static void main(String[] args) throws IOException {
        for (Map.Entry<String, Map<String, NpyArray>> sample : all().entrySet()) {
            Path file = Path.of(args[0], sample.getKey());
            Npz.write(file, sample.getValue());
            System.out.println(file.getFileName() + " " + Files.size(file) + " bytes "
                    + sample.getValue().values());
        }
    }

    /** Arrays by file name. */
    static Map<String, Map<String, NpyArray>> all() {
        Map<String, Map<String, NpyArray>> samples = new LinkedHashMap<>();
        samples.put("2D_sample_lesion.npz", lesion());
        samples.put("2D_sample_cells.npz", cells());
        samples.put("3D_sample_organs.npz", organs());
        return samples;
    }

    /** A pigmented lesion on skin under a few hairs, as a dermatoscope sees it. */
    private static Map<String, NpyArray> lesion() {
        Texture texture = new Texture(11);
        Random random = new Random(11);
        Canvas canvas = new Canvas(1, HEIGHT, WIDTH, 3);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                double angle = atan2(y - 121, x - 158);
                double border =
                        62 * (1 + 0.16 * cos(2 * angle + 0.6) + 0.07 * cos(3 * angle + 2) + 0.04 * sin(7 * angle))
                                + 7 * texture.at(x / 12.0, y / 12.0, 0);
                double inside = border - hypot(x - 158, y - 121);
                double pigment =
                        0.45 + 0.55 * texture.at(x / 40.0, y / 40.0, 3) + 0.5 * texture.at(x / 7.0, y / 7.0, 5);
                double cover = soft(inside, 12) * (0.75 + 0.25 * soft(pigment, 1.5));
                double light = 1 - 0.22 * (hypot(x - 160, y - 128) / 200) + 0.05 * texture.at(x / 60.0, y / 60.0, 7);
                double pores = texture.at(x / 4.0, y / 4.0, 9) + 0.6 * texture.at(x / 25.0, y / 25.0, 10);
                double[] skin = {219 + 7 * pores, 169 + 9 * pores, 147 + 9 * pores};
                double[] brown = {118 + 45 * pigment, 70 + 30 * pigment, 52 + 18 * pigment};
                for (int c = 0; c < 3; c++) canvas.set(0, y, x, c, light * mix(skin[c], brown[c], cover));
                if (inside > 0) canvas.label(0, y, x, 1);
            }
        }
        for (int hair = 0; hair < 9; hair++) hair(canvas, random);
        canvas.addNoise(random, 3);
        return canvas.toArrays(false, new double[0]);
    }

    /** A thin dark arc across the picture; it lies over the lesion and is not part of it. */
    private static void hair(Canvas canvas, Random random) {
        double x0 = random.nextDouble() * WIDTH;
        double y0 = random.nextDouble() * HEIGHT;
        double angle = random.nextDouble() * PI;
        double bend = (random.nextDouble() - 0.5) / 150;
        double length = 60 + random.nextDouble() * 120;
        for (double t = -length / 2; t < length / 2; t += 0.25) {
            double x = x0 + t * cos(angle + bend * t);
            double y = y0 + t * sin(angle + bend * t);
            for (int c = 0; c < 3; c++) canvas.darken((int) y, (int) x, c, 0.9);
        }
    }

    /** Nuclei in stained tissue: many boxes, some of them touching, some cut by the border. */
    private static Map<String, NpyArray> cells() {
        Texture texture = new Texture(23);
        Random random = new Random(23);
        Canvas canvas = new Canvas(1, HEIGHT, WIDTH, 3);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                double fibres = texture.at(x / 30.0 + y / 90.0, y / 7.0 - x / 40.0, 0);
                double gap = soft(texture.at(x / 45.0, y / 45.0, 4) - 0.45, 0.25);
                double[] eosin = {222 - 22 * fibres, 158 - 36 * fibres, 190 - 22 * fibres};
                double[] glass = {243, 238, 243};
                for (int c = 0; c < 3; c++) canvas.set(0, y, x, c, mix(eosin[c], glass[c], gap));
            }
        }
        List<double[]> centres = new ArrayList<>();
        for (int attempt = 0; centres.size() < 48 && attempt < 5000; attempt++) {
            double[] centre = {random.nextDouble() * WIDTH, random.nextDouble() * HEIGHT};
            if (centres.stream().anyMatch(other -> hypot(other[0] - centre[0], other[1] - centre[1]) < 21)) continue;
            centres.add(centre);
            nucleus(canvas, texture, random, centre[0], centre[1], centres.size());
        }
        canvas.addNoise(random, 3);
        return canvas.toArrays(false, new double[0]);
    }

    private static void nucleus(Canvas canvas, Texture texture, Random random, double cx, double cy, int label) {
        double radius = 7 + 4 * random.nextDouble();
        double stretch = 1 + 0.6 * random.nextDouble();
        double turn = random.nextDouble() * PI;
        double phase = random.nextDouble() * 2 * PI;
        double depth = 0.75 + 0.35 * random.nextDouble();
        for (int y = (int) Math.max(0, cy - 24); y < Math.min(HEIGHT, cy + 24); y++) {
            for (int x = (int) Math.max(0, cx - 24); x < Math.min(WIDTH, cx + 24); x++) {
                double u = ((x - cx) * cos(turn) + (y - cy) * sin(turn)) / stretch;
                double v = (y - cy) * cos(turn) - (x - cx) * sin(turn);
                double inside = radius * (1 + 0.1 * cos(3 * atan2(v, u) + phase)) - hypot(u, v);
                double chromatin = texture.at(x / 3.5, y / 3.5, label) - 0.35 * soft(2.5 - inside, 1.5);
                double[] stain = {112 + 38 * chromatin, 74 + 34 * chromatin, 148 + 26 * chromatin};
                for (int c = 0; c < 3; c++) canvas.blend(0, y, x, c, stain[c], soft(inside, 1.6) * Math.min(1, depth));
                if (inside > 0) canvas.label(0, y, x, label);
            }
        }
    }

    /** An abdomen in contrast-enhanced CT, thick slices: liver (1), the kidneys (2, 3) and the aorta (4). */
    private static Map<String, NpyArray> organs() {
        int depth = 20;
        int height = 112;
        int width = 144;
        Texture texture = new Texture(37);
        Random random = new Random(37);
        Canvas canvas = new Canvas(depth, height, width, 1);
        for (int z = 0; z < depth; z++) {
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    double wobble = 2.5 * texture.at(x / 16.0, y / 16.0, z / 6.0);
                    double body = ellipse(x - 72, y - 57, 66, 50);
                    double fine = texture.at(x / 3.0, y / 3.0, z / 2.0);
                    canvas.blend(z, y, x, 0, 62 + 8 * fine, soft(body, 1.5)); // fat
                    canvas.blend(z, y, x, 0, 118 + 10 * fine, soft(body - 7 - wobble, 2)); // muscle
                    canvas.blend(
                            z,
                            y,
                            x,
                            0,
                            72 + 10 * fine,
                            soft(ellipse(x - 76, y - 53, 50, 34) + wobble, 3)); // fat within
                    canvas.blend(z, y, x, 0, 30, soft(ellipse(x - 98, y - 35, 15, 9) + wobble, 2) * 0.9); // bowel gas
                    canvas.blend(
                            z,
                            y,
                            x,
                            0,
                            128,
                            soft(3 - Math.abs(ellipse(x - 98, y - 35, 17, 11) + wobble), 2)); // its wall
                    double vertebra = ellipse(x - 72, y - 83, 13, 10);
                    canvas.blend(z, y, x, 0, 185 + 18 * fine, soft(vertebra, 1.5));
                    canvas.blend(z, y, x, 0, 235, soft(1.6 - Math.abs(vertebra - 0.5), 1));
                    canvas.blend(z, y, x, 0, 105, soft(ellipse(x - 72, y - 97, 6, 5), 1.5)); // spinal canal

                    double liver = 30 * (1 - ((z - 7) / 11.0) * ((z - 7) / 11.0))
                            - hypot((x - 44) * 0.92, (y - 47) * 0.8)
                            + 0.12 * (x - 44)
                            + wobble;
                    liver = Math.min(liver, body - 9 - wobble); // within the wall
                    double vessels = soft(0.08 - Math.abs(texture.at(x / 11.0, y / 11.0, z / 5.0)), 0.1);
                    organ(canvas, z, y, x, 1, liver, 148 + 7 * fine + 18 * vessels);
                    kidney(canvas, z, y, x, 2, ball(x - 41, y - 81, z - 11, 13, 10, 8), fine);
                    kidney(canvas, z, y, x, 3, ball(x - 105, y - 78, z - 9, 12, 11, 8), fine);
                    organ(canvas, z, y, x, 4, ellipse(x - 78 - 0.2 * z, y - 66, 6.5, 6.5), 205 + 4 * fine);
                }
            }
        }
        canvas.addNoise(random, 3);
        return canvas.toArrays(true, new double[] {1.2, 1.2, 5});
    }

    private static void organ(Canvas canvas, int z, int y, int x, int label, double inside, double value) {
        canvas.blend(z, y, x, 0, value, soft(inside, 2));
        if (inside > 0) canvas.label(z, y, x, label);
    }

    private static void kidney(Canvas canvas, int z, int y, int x, int label, double inside, double fine) {
        organ(
                canvas,
                z,
                y,
                x,
                label,
                inside,
                mix(196, 150, soft(inside - 4.5, 2.5)) + 6 * fine); // cortex, then medulla
    }

    /** Roughly the distance to the edge of an ellipse, positive inside. */
    private static double ellipse(double x, double y, double rx, double ry) {
        return (1 - hypot(x / rx, y / ry)) * Math.min(rx, ry);
    }

    private static double ball(double x, double y, double z, double rx, double ry, double rz) {
        return (1 - hypot(hypot(x / rx, y / ry), z / rz)) * Math.min(rx, ry);
    }

    /** 0 well below zero, 1 well above, smooth over {@code width}. */
    private static double soft(double value, double width) {
        double t = Math.min(1, Math.max(0, 0.5 + value / width));
        return t * t * (3 - 2 * t);
    }

    private static double mix(double a, double b, double share) {
        return a + (b - a) * share;
    }

    /** Smooth random field in about [-1, 1], two octaves of values on a lattice. */
    private record Texture(long seed) {
        double at(double x, double y, double z) {
            return 0.7 * octave(x, y, z) + 0.3 * octave(2 * x + 31, 2 * y + 17, 2 * z + 7);
        }

        private double octave(double x, double y, double z) {
            int x0 = (int) Math.floor(x);
            int y0 = (int) Math.floor(y);
            int z0 = (int) Math.floor(z);
            double u = soft(x - x0 - 0.5, 1);
            double v = soft(y - y0 - 0.5, 1);
            double w = soft(z - z0 - 0.5, 1);
            double sum = 0;
            for (int corner = 0; corner < 8; corner++) {
                int i = corner & 1;
                int j = corner >> 1 & 1;
                int k = corner >> 2;
                double weight = (i == 0 ? 1 - u : u) * (j == 0 ? 1 - v : v) * (k == 0 ? 1 - w : w);
                sum += weight * lattice(x0 + i, y0 + j, z0 + k);
            }
            return sum;
        }

        private double lattice(int x, int y, int z) {
            long mixed = new Random(seed + 73856093L * x ^ 19349663L * y ^ 83492791L * z).nextInt();
            return mixed / (double) (1L << 31);
        }
    }

    /** A picture in the making, and its labels. */
    private static final class Canvas {
        private final double[] values; // (D, H, W, C)
        private final byte[] labels; // (D, H, W)
        private final int depth;
        private final int height;
        private final int width;
        private final int channels;

        Canvas(int depth, int height, int width, int channels) {
            this.depth = depth;
            this.height = height;
            this.width = width;
            this.channels = channels;
            this.values = new double[depth * height * width * channels];
            this.labels = new byte[depth * height * width];
        }

        private int voxel(int z, int y, int x) {
            return (z * height + y) * width + x;
        }

        void set(int z, int y, int x, int c, double value) {
            values[voxel(z, y, x) * channels + c] = value;
        }

        void blend(int z, int y, int x, int c, double value, double share) {
            int i = voxel(z, y, x) * channels + c;
            values[i] = mix(values[i], value, share);
        }

        void darken(int y, int x, int c, double factor) {
            if (x >= 0 && y >= 0 && x < width && y < height) values[voxel(0, y, x) * channels + c] *= factor;
        }

        void label(int z, int y, int x, int label) {
            labels[voxel(z, y, x)] = (byte) label;
        }

        /** Gaussian; black stays black, as behind a window of grey values. */
        void addNoise(Random random, double sigma) {
            for (int i = 0; i < values.length; i++) if (values[i] > 4) values[i] += sigma * random.nextGaussian();
        }

        Map<String, NpyArray> toArrays(boolean volume, double[] spacing) {
            byte[] imgs = new byte[values.length];
            for (int i = 0; i < imgs.length; i++) imgs[i] = (byte) Math.round(Math.min(255, Math.max(0, values[i])));
            Map<String, NpyArray> arrays = new LinkedHashMap<>();
            arrays.put(
                    "imgs",
                    volume ? NpyArray.of(imgs, depth, height, width) : NpyArray.of(imgs, height, width, channels));
            arrays.put("gts", volume ? NpyArray.of(labels, depth, height, width) : NpyArray.of(labels, height, width));
            if (volume) arrays.put("spacing", NpyArray.of(spacing, 3));
            arrays.put("boxes", boxes(volume));
            return arrays;
        }

        /** The tight box of every label, which all must be there. */
        private NpyArray boxes(boolean volume) {
            int count = 0;
            for (byte label : labels) count = Math.max(count, label);
            int columns = volume ? 6 : 4;
            long[] boxes = new long[count * columns];
            for (int i = 0; i < boxes.length; i++)
                boxes[i] = i % columns < columns / 2 ? Long.MAX_VALUE : Long.MIN_VALUE;
            for (int i = 0; i < labels.length; i++) {
                if (labels[i] == 0) continue;
                int[] at = {i % width, i / width % height, i / width / height};
                int row = (labels[i] - 1) * columns;
                for (int axis = 0; axis < columns / 2; axis++) {
                    int max = row + columns / 2 + axis;
                    boxes[row + axis] = Math.min(boxes[row + axis], at[axis]);
                    boxes[max] = Math.max(boxes[max], at[axis]);
                }
            }
            return NpyArray.of(boxes, count, columns);
        }
    }
}
