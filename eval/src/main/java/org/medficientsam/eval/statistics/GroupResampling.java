package org.medficientsam.eval.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.medficientsam.eval.SplitRandom;

/**
 * Bootstrap over groups: what is drawn with replacement are patients, and a patient comes with all its cases. Strata are resampled
 * by themselves; those that share a group are resampled together, as a patient who is drawn is drawn in all of them, and how many
 * cases such a stratum has then varies. Where every case is a group of its own this is the stratified bootstrap of cases.
 *
 * @see <a href="https://doi.org/10.1017/CBO9780511802843">Davison, Hinkley: Bootstrap methods and their application (1997), 3.8</a>
 */
final class GroupResampling {

    /**
     * Strata that share groups.
     *
     * @param strata their numbers
     * @param groups of each group, of each of these strata, which cases it has there
     */
    private record Block(int[] strata, List<int[][]> groups) {}

    private final List<Block> blocks;
    private final int strata;

    private GroupResampling(List<Block> blocks, int strata) {
        this.blocks = blocks;
        this.strata = strata;
    }

    /** @param strata none of them empty */
    static GroupResampling of(List<Stratum> strata) {
        Map<Object, Map<Integer, List<Integer>>> groups = new LinkedHashMap<>(); // cases by stratum
        for (int s = 0; s < strata.size(); s++) {
            for (int i = 0; i < strata.get(s).size(); i++) {
                groups.computeIfAbsent(strata.get(s).group(i), unused -> new TreeMap<>())
                        .computeIfAbsent(s, unused -> new ArrayList<>())
                        .add(i);
            }
        }
        int[] blockOf = joined(groups.values(), strata.size());
        List<Block> blocks = new ArrayList<>();
        for (int block : IntStream.of(blockOf).distinct().toArray()) {
            int[] members = IntStream.range(0, blockOf.length)
                    .filter(s -> blockOf[s] == block)
                    .toArray();
            List<int[][]> there = new ArrayList<>();
            for (Map<Integer, List<Integer>> cases : groups.values()) {
                int[][] places = Arrays.stream(members)
                        .mapToObj(s -> cases.getOrDefault(s, List.of()).stream()
                                .mapToInt(Integer::intValue)
                                .toArray())
                        .toArray(int[][]::new);
                if (Arrays.stream(places).anyMatch(list -> list.length > 0)) {
                    there.add(places);
                }
            }
            blocks.add(new Block(members, there));
        }
        return new GroupResampling(blocks, strata.size());
    }

    /** Of each stratum a number that it shares with those that it has groups in common with, directly or through others. */
    private static int[] joined(Iterable<Map<Integer, List<Integer>>> groups, int strata) {
        int[] block = IntStream.range(0, strata).toArray();
        for (Map<Integer, List<Integer>> cases : groups) {
            int to = cases.keySet().stream().mapToInt(s -> block[s]).min().orElseThrow();
            for (int stratum : cases.keySet()) {
                int from = block[stratum];
                Arrays.setAll(block, s -> block[s] == from ? to : block[s]);
            }
        }
        return block;
    }

    /** Per stratum, which cases were drawn; at least one, as there is no mean of none. */
    int[][] draw(SplitRandom random) {
        int[][] drawn = new int[strata][];
        for (Block block : blocks) {
            do {
                Places[] places = new Places[block.strata.length];
                Arrays.setAll(places, k -> new Places());
                for (int i = 0; i < block.groups.size(); i++) {
                    int[][] group = block.groups.get(random.integer(0, block.groups.size() - 1));
                    for (int k = 0; k < places.length; k++) {
                        places[k].add(group[k]);
                    }
                }
                for (int k = 0; k < places.length; k++) {
                    drawn[block.strata[k]] = places[k].toArray();
                }
            } while (Arrays.stream(block.strata).anyMatch(s -> drawn[s].length == 0));
        }
        return drawn;
    }

    /** A list of ints. */
    private static final class Places {
        private int[] values = new int[16];
        private int size;

        void add(int[] more) {
            if (size + more.length > values.length) {
                values = Arrays.copyOf(values, Math.max(2 * values.length, size + more.length));
            }
            System.arraycopy(more, 0, values, size, more.length);
            size += more.length;
        }

        int[] toArray() {
            return Arrays.copyOf(values, size);
        }
    }
}
