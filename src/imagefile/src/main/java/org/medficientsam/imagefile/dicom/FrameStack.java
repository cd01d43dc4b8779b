package org.medficientsam.imagefile.dicom;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.medficientsam.imagefile.image.Affine;
import org.medficientsam.imagefile.image.VoxelGrid;

/** The order of frames in a volume and the volume's place in the patient. */
final class FrameStack {
    private static final String FIELD = "dicom";

    /** How far a slice may lie from its place, as a share of the distance between slices. */
    private static final double UNEVEN = 0.05;

    /** How far a slice may lie beside the line from the first to the last, in pixels: less than that nobody sees. */
    private static final double ASIDE = 0.5;

    /** How far cosines of one series may differ. */
    private static final double TILTED = 1e-3;

    private final List<Frame> frames;
    private final int[] order;

    private FrameStack(List<Frame> frames, int[] order) {
        this.frames = frames;
        this.order = order;
    }

    /**
     * Sorted by position, rising along row x column; in the given order where positions are not known.
     *
     * @throws org.medficientsam.casefile.InvalidCaseException if they do not lie evenly behind one another
     */
    static FrameStack of(List<Frame> frames) {
        int[] order = IntStream.range(0, frames.size()).toArray();
        if (frames.size() == 1 || !frames.stream().allMatch(Frame::isPlaced)) return new FrameStack(frames, order);
        double[] first = frames.get(0).orientation().orElseThrow();
        for (Frame frame : frames) {
            double[] other = frame.orientation().orElseThrow();
            for (int i = 0; i < first.length; i++)
                if (!(Math.abs(first[i] - other[i]) <= TILTED))
                    throw malformed(FIELD, "slices of one orientation", "several; leave out localisers");
        }
        double[] normal = frames.get(0).normal();
        double[] along =
                frames.stream().mapToDouble(frame -> frame.along(normal)).toArray();
        int[] sorted = IntStream.of(order)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> along[i]))
                .mapToInt(i -> i)
                .toArray();
        checkEven(Arrays.stream(sorted).mapToDouble(i -> along[i]).toArray());
        FrameStack stack = new FrameStack(frames, sorted);
        stack.checkSpacing();
        stack.checkLine();
        return stack;
    }

    private static void checkEven(double... sorted) {
        int last = sorted.length - 1;
        double step = (sorted[last] - sorted[0]) / last;
        double[] gaps = IntStream.rangeClosed(1, last)
                .mapToDouble(i -> sorted[i] - sorted[i - 1])
                .toArray();
        long same = Arrays.stream(gaps).filter(gap -> !(gap > 1e-3 * step)).count();
        if (same > 0)
            throw malformed(
                    FIELD,
                    "one slice per position",
                    "%d with others at their positions; a second copy of some, or a series in time?".formatted(same));
        if (Arrays.stream(gaps).anyMatch(gap -> Math.abs(gap - step) > UNEVEN * step + 0.01))
            throw malformed(
                    FIELD,
                    "slices at even distances",
                    "distances from %.2f to %.2f mm; is one missing?"
                            .formatted(
                                    Arrays.stream(gaps).min().orElseThrow(),
                                    Arrays.stream(gaps).max().orElseThrow()));
    }

    private void checkSpacing() {
        double[] first = frames.get(order[0]).spacing().orElseThrow();
        for (Frame frame : frames) {
            double[] other = frame.spacing().orElseThrow();
            for (int i = 0; i < 2; i++)
                if (!(Math.abs(first[i] - other[i]) <= UNEVEN * Math.abs(first[i])))
                    throw malformed(
                            FIELD, "slices of one pixel spacing", "%.3f and %.3f mm".formatted(first[i], other[i]));
        }
    }

    /** Along the normal they are even; they must not be pushed aside either. A tilted gantry pushes each as far as the one before. */
    private void checkLine() {
        Frame first = frames.get(order[0]);
        double[] from = first.position().orElseThrow();
        double[] step = step(first, 0);
        double pixel = Arrays.stream(first.spacing().orElseThrow()).min().orElseThrow();
        double[] d = first.orientation().orElseThrow();
        for (int k = 1; k < order.length; k++) {
            double[] at = frames.get(order[k]).position().orElseThrow();
            for (int axis = 0; axis < 6; axis += 3) {
                double aside = 0;
                for (int i = 0; i < 3; i++) aside += d[axis + i] * (at[i] - from[i] - k * step[i]);
                if (Math.abs(aside) > ASIDE * pixel)
                    throw malformed(
                            FIELD,
                            "slices straight behind one another",
                            "one that lies %.1f mm to the side".formatted(Math.abs(aside)));
            }
        }
    }

    /** Index of the frame that is slice {@code k}. */
    int frame(int k) {
        return order[k];
    }

    int count() {
        return order.length;
    }

    VoxelGrid grid(int columns, int rows) {
        Frame first = frames.get(order[0]);
        int[] sizes = {columns, rows, order.length};
        if (first.spacing().isEmpty()) return VoxelGrid.plain(columns, rows, order.length);
        double[] spacing = first.spacing().get();
        double thickness = first.thickness().orElse(order.length == 1 ? 1.0 : Double.NaN);
        if (!first.isPlaced() || !frames.stream().allMatch(Frame::isPlaced))
            return VoxelGrid.spaced(sizes, new double[] {spacing[1], spacing[0], thickness});
        double[] d = first.orientation().orElseThrow();
        double[] p = first.position().orElseThrow();
        double[] k = step(first, thickness);
        double[] m = new double[12];
        for (int row = 0; row < 3; row++) {
            m[4 * row] = d[row] * spacing[1];
            m[4 * row + 1] = d[3 + row] * spacing[0];
            m[4 * row + 2] = k[row];
            m[4 * row + 3] = p[row];
        }
        return VoxelGrid.placed(sizes, Affine.of(m).mirrored());
    }

    /** From one slice to the next, which need not be at right angles to either. */
    private double[] step(Frame first, double thickness) {
        double[] k = first.normal();
        if (order.length == 1)
            return Arrays.stream(k).map(cosine -> cosine * thickness).toArray();
        double[] from = first.position().orElseThrow();
        double[] to = frames.get(order[order.length - 1]).position().orElseThrow();
        for (int i = 0; i < 3; i++) k[i] = (to[i] - from[i]) / (order.length - 1);
        return k;
    }
}
