package org.medficientsam.segmenter.volume;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

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

    /**
     * Takes time and memory for the slices that are visited, however many the volume has.
     *
     * @param capacity embeddings that the cache may hold
     */
    public static SweepPlan of(List<ObjectTrack> objects, long capacity) {
        NavigableMap<Integer, List<ObjectTrack>> up = new TreeMap<>(); // by z
        NavigableMap<Integer, List<ObjectTrack>> down = new TreeMap<>();
        for (ObjectTrack object : objects) {
            SliceRange slices = object.slices();
            for (int z = slices.middle(); z <= slices.last(); z++) add(up, z, object);
            for (int z = slices.first(); z < slices.middle(); z++) add(down, z, object);
        }
        Set<Integer> kept = new HashSet<>();
        for (int z : up.descendingKeySet()) {
            if (kept.size() >= capacity) break;
            if (down.containsKey(z)) kept.add(z);
        }
        List<Visit> visits = new ArrayList<>();
        up.forEach((z, there) -> visits.add(new Visit(z, there, false, kept.contains(z))));
        down.descendingMap().forEach((z, there) -> visits.add(new Visit(z, there, kept.contains(z), false)));
        return new SweepPlan(visits);
    }

    private static void add(NavigableMap<Integer, List<ObjectTrack>> slices, int z, ObjectTrack object) {
        slices.computeIfAbsent(z, slice -> new ArrayList<>()).add(object);
    }

    public List<Visit> visits() {
        return visits;
    }

    /** Slices to encode, in the order they are needed. */
    public List<Integer> encodes() {
        return visits.stream().filter(visit -> !visit.cached()).map(Visit::z).toList();
    }
}
