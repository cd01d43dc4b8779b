package org.medficientsam.eval.phantom;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A phantom while it is drawn: channels of grey values and, beside them, the label of every voxel. What is painted with
 * a label is its own ground truth, to the voxel, before blur and noise touch the picture.
 */
final class Scene {

    /** Colour of a place: grey uses channel 0 only. */
    interface Tint {
        double at(int channel, int z, int y, int x);
    }

    private final Field[] channels;
    private final int[] labels;
    private final double[] spacingMm;
    private int lastLabel;

    private Scene(int channels, int depth, int height, int width, double... spacingMm) {
        this.channels = new Field[channels];
        for (int channel = 0; channel < channels; channel++) {
            this.channels[channel] = new Field(depth, height, width);
        }
        labels = new int[depth * height * width];
        this.spacingMm = spacingMm;
    }

    static Scene grey(int height, int width) {
        return new Scene(1, 1, height, width);
    }

    static Scene colour(int height, int width) {
        return new Scene(3, 1, height, width);
    }

    /** A grey volume; spacing as the challenge stores it: x, y, z in mm. */
    static Scene volume(int depth, int height, int width, double spacingX, double spacingY, double spacingZ) {
        return new Scene(1, depth, height, width, spacingX, spacingY, spacingZ);
    }

    int depth() {
        return channels[0].depth;
    }

    int height() {
        return channels[0].height;
    }

    int width() {
        return channels[0].width;
    }

    int channelCount() {
        return channels.length;
    }

    boolean isVolume() {
        return spacingMm.length > 0;
    }

    /** Stored order x, y, z; empty for an image. */
    double[] spacingMm() {
        return spacingMm.clone();
    }

    Field channel(int channel) {
        return channels[channel];
    }

    /** Fills everything. */
    Scene fill(Tint tint) {
        for (int channel = 0; channel < channels.length; channel++) {
            int c = channel;
            channels[channel].set((z, y, x) -> tint.at(c, z, y, x));
        }
        return this;
    }

    /** Paints a solid over what is there. {@code softness} is the half-width of its edge in levels. */
    Scene paint(Shape shape, double softness, Tint tint) {
        return blend(shape, softness, 1, tint);
    }

    /** As {@link #paint}, letting what lies below shine through. */
    Scene blend(Shape shape, double softness, double opacity, Tint tint) {
        visit(shape.extent(1 + softness), (z, y, x) -> {
            double coverage = opacity * shape.coverage(z, y, x, softness);
            if (coverage > 0) {
                mix(coverage, tint, z, y, x);
            }
        });
        return this;
    }

    /** Gives the solid's voxels the next label, over any label that is there. */
    Scene label(Shape shape) {
        lastLabel++;
        visit(shape.extent(1), (z, y, x) -> {
            if (shape.holds(z, y, x)) {
                labels[channels[0].index(z, y, x)] = lastLabel;
            }
        });
        return this;
    }

    private void mix(double coverage, Tint tint, int z, int y, int x) {
        int index = channels[0].index(z, y, x);
        for (int channel = 0; channel < channels.length; channel++) {
            float[] values = channels[channel].values;
            values[index] += (float) (coverage * (tint.at(channel, z, y, x) - values[index]));
        }
    }

    private void visit(Extent extent, Visitor visitor) {
        for (int z = Extent.first(extent.zLow()); z <= Extent.last(extent.zHigh(), depth()); z++) {
            for (int y = Extent.first(extent.yLow()); y <= Extent.last(extent.yHigh(), height()); y++) {
                for (int x = Extent.first(extent.xLow()); x <= Extent.last(extent.xHigh(), width()); x++) {
                    visitor.at(z, y, x);
                }
            }
        }
    }

    private interface Visitor {
        void at(int z, int y, int x);
    }

    /** Grey values rounded and clipped to bytes, (depth, height, width, channels). */
    byte[] pixels() {
        byte[] pixels = new byte[labels.length * channels.length];
        for (int channel = 0; channel < channels.length; channel++) {
            float[] values = channels[channel].values;
            for (int i = 0; i < values.length; i++) {
                pixels[i * channels.length + channel] = (byte) Math.max(0, Math.min(255, Math.round(values[i])));
            }
        }
        return pixels;
    }

    /** Labels 1..K without holes: what later objects covered completely is gone. */
    short[] labels() {
        TreeMap<Integer, Integer> renumbered = new TreeMap<>();
        for (int label : labels) {
            if (label > 0) {
                renumbered.putIfAbsent(label, 0);
            }
        }
        int next = 0;
        for (var entry : renumbered.entrySet()) {
            entry.setValue(++next);
        }
        short[] map = new short[labels.length];
        for (int i = 0; i < labels.length; i++) {
            map[i] = labels[i] == 0 ? 0 : renumbered.getOrDefault(labels[i], 0).shortValue();
        }
        return map;
    }

    /** The tight box of each label: z, y, x of its first and of its last voxel. */
    List<int[]> extents() {
        List<int[]> extents = new ArrayList<>();
        short[] map = labels();
        for (int i = 0; i < map.length; i++) {
            if (map[i] == 0) {
                continue;
            }
            while (extents.size() < map[i]) {
                extents.add(new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, -1, -1, -1});
            }
            int[] extent = extents.get(map[i] - 1);
            int[] place = {i / (height() * width()), i / width() % height(), i % width()};
            for (int axis = 0; axis < 3; axis++) {
                extent[axis] = Math.min(extent[axis], place[axis]);
                extent[axis + 3] = Math.max(extent[axis + 3], place[axis]);
            }
        }
        return extents;
    }
}
