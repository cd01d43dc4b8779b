package org.medficientsam.segmenter.volume;

import java.util.ArrayList;
import java.util.List;

/**
 * In what order a volume's slices are visited, so that all objects advance together: upwards through every slice that lies
 * between some object's middle and last slice, then downwards through those between its middle and first. A slice is on both
 * ways only if objects have different middles. Of such slices the cache keeps the highest, as the way down needs them first;
 * the others are encoded again. The plan is made beforehand, so neither the number of workers nor their luck decides
 * anything.
 */
public final class SweepPlan {
    /**
     * One slice on one way.
     *
     * @param objects that are looked for there, in order of labels
     * @param cached whether its embedding is still held from the way up
     * @param kept whether its embedding is to be held for the way down
     */
    public record Visit(int z, List<ObjectTrack> objects, boolean cached, boolean kept) {}

    private final List<Visit> visits;

    private SweepPlan(List<Visit> visits) {
        this.visits = visits;
    }

    /** @param capacity embeddings that the cache may hold */
    public static SweepPlan of(List<ObjectTrack> objects, int depth, long capacity) {
        List<List<ObjectTrack>> up = new ArrayList<>(); // by z
        List<List<ObjectTrack>> down = new ArrayList<>();
        for (int slice = 0; slice < depth; slice++) {
            int z = slice;
            up.add(objects.stream()
                    .filter(o -> o.slices().middle() <= z && z <= o.slices().last())
                    .toList());
            down.add(objects.stream()
                    .filter(o -> o.slices().first() <= z && z < o.slices().middle())
                    .toList());
        }
        boolean[] kept = new boolean[depth];
        long free = capacity;
        for (int z = depth - 1; z >= 0 && free > 0; z--)
            if (!up.get(z).isEmpty() && !down.get(z).isEmpty()) {
                kept[z] = true;
                free--;
            }
        List<Visit> visits = new ArrayList<>();
        for (int z = 0; z < depth; z++) if (!up.get(z).isEmpty()) visits.add(new Visit(z, up.get(z), false, kept[z]));
        for (int z = depth - 1; z >= 0; z--)
            if (!down.get(z).isEmpty()) visits.add(new Visit(z, down.get(z), kept[z], false));
        return new SweepPlan(visits);
    }

    /** In order. */
    public List<Visit> visits() {
        return visits;
    }

    /** Slices to encode, in the order they are needed. */
    public List<Integer> encodes() {
        return visits.stream().filter(visit -> !visit.cached()).map(Visit::z).toList();
    }
}
