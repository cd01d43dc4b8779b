package org.medficientsam.function.clients.nninteractive;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A kept volume, the segment that a person works on, and the boxes drawn on it. The segment is what it was when its client sent it, and
 * what every box found; boxes that meet count as one ({@link VoxelBox}). Safe to use from several threads.
 */
final class DrawnVolume {
    private final String imageId;
    private final int[] shape; // D, H, W
    private @Nullable PackedMask seed;
    private List<Found> found = List.of();
    private @Nullable State before;

    /** What a box found. */
    private record Found(VoxelBox box, PackedMask mask) {}

    private record State(List<Found> found) {}

    /** Segments one box: bits of the mask. */
    interface Segmenter {
        byte[] segment(VoxelBox box);
    }

    /**
     * @param bits of the segment as it is now
     * @param around what is set, or was set before: half-open, z, y and x; empty if nothing
     */
    record Segment(byte[] bits, Optional<int[][]> around) {}

    /**
     * @param imageId of the kept image
     * @param shape D, H, W
     */
    DrawnVolume(String imageId, int... shape) {
        this.imageId = imageId;
        this.shape = shape.clone();
    }

    String imageId() {
        return imageId;
    }

    /** D, H, W. */
    int[] shape() {
        return shape.clone();
    }

    /** Bytes of a mask. */
    int maskBytes() {
        return (int) ((long) shape[0] * shape[1] * shape[2] + 7 >> 3);
    }

    /** From here on it is another segment: empty, or one that was there. */
    synchronized void begin(@Nullable PackedMask another) {
        seed = another;
        found = List.of();
        before = null;
    }

    /** A box, as far as it meets others with those. */
    synchronized Segment draw(VoxelBox drawn, Segmenter segmenter) {
        byte[] old = bits();
        VoxelBox box = drawn;
        List<Found> others = new ArrayList<>(found);
        for (boolean merged = true; merged; ) {
            merged = false;
            for (Found each : List.copyOf(others)) {
                if (!each.box.meets(box)) continue;
                box = box.with(each.box);
                others.remove(each);
                merged = true;
            }
        }
        byte[] mask = segmenter.segment(box);
        others.add(new Found(box, PackedMask.of(mask)));
        before = new State(found);
        found = List.copyOf(others);
        return since(old);
    }

    /** The segment before the last box; empty if there was none, or it was taken back already. */
    synchronized Optional<Segment> undo() {
        State last = before;
        if (last == null) return Optional.empty();
        byte[] old = bits();
        found = last.found;
        before = null;
        return Optional.of(since(old));
    }

    private Segment since(byte[] old) {
        byte[] now = bits();
        return new Segment(now, PackedMask.around(now, old, shape));
    }

    private byte[] bits() {
        byte[] bits = new byte[maskBytes()];
        if (seed != null) seed.addTo(bits);
        for (Found each : found) each.mask.addTo(bits);
        return bits;
    }
}
