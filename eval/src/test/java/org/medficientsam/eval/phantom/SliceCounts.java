package org.medficientsam.eval.phantom;

import java.util.ArrayDeque;
import java.util.List;

/** How an object meets the slices of its volume: in several pieces, or not at all somewhere in the middle. */
record SliceCounts(int labelsWithTwoPiecesInASlice, int labelsMissingInASliceBetween) {

    static SliceCounts of(Scene scene) {
        short[] labels = scene.labels();
        List<int[]> extents = scene.extents();
        int forked = 0;
        int interrupted = 0;
        for (int label = 1; label <= extents.size(); label++) {
            int[] extent = extents.get(label - 1);
            boolean twoPieces = false;
            boolean missing = false;
            for (int z = extent[0]; z <= extent[3]; z++) {
                int pieces = pieces(scene, labels, label, z);
                twoPieces |= pieces >= 2;
                missing |= pieces == 0;
            }
            forked += twoPieces ? 1 : 0;
            interrupted += missing ? 1 : 0;
        }
        return new SliceCounts(forked, interrupted);
    }

    /** 8-connected pieces of at least 6 pixels. */
    private static int pieces(Scene scene, short[] labels, int label, int z) {
        int height = scene.height();
        int width = scene.width();
        boolean[] seen = new boolean[height * width];
        int pieces = 0;
        for (int start = 0; start < seen.length; start++) {
            int size = 0;
            ArrayDeque<Integer> open = new ArrayDeque<>(List.of(start));
            while (!open.isEmpty()) {
                int at = open.pop();
                if (seen[at] || labels[z * seen.length + at] != label) {
                    continue;
                }
                seen[at] = true;
                size++;
                for (int dy = -1; dy <= 1; dy++) {
                    for (int dx = -1; dx <= 1; dx++) {
                        int y = at / width + dy;
                        int x = at % width + dx;
                        if (y >= 0 && y < height && x >= 0 && x < width) {
                            open.push(y * width + x);
                        }
                    }
                }
            }
            pieces += size >= 6 ? 1 : 0;
        }
        return pieces;
    }
}
