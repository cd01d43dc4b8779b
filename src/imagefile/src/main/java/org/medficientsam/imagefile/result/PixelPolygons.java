package org.medficientsam.imagefile.result;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.medficientsam.casefile.LabelMap;

/**
 * The outline of each label along the edges of its pixels: filled, the polygons give back the mask exactly. Pixels that touch only at
 * a corner are apart.
 */
final class PixelPolygons {
    /** East, south, west, north. */
    private static final int[] DX = {1, 0, -1, 0};

    private static final int[] DY = {0, 1, 0, -1};

    /** The pixels ahead of a corner, right and left of each direction, relative to the corner. */
    private static final int[] RIGHT_X = {0, -1, -1, 0};

    private static final int[] RIGHT_Y = {0, 0, -1, -1};

    /** A closed ring of corners, x and y in turn, first and last the same. */
    record Ring(int[] corners, long doubleArea) {
        /** Outer rings run so that the label is to the right, which is a positive area where y goes down. */
        boolean isOuter() {
            return doubleArea > 0;
        }
    }

    private final LabelMap labels;
    private final boolean[] traced; // (H, W): the edge above this pixel belongs to a ring already

    private PixelPolygons(LabelMap labels) {
        this.labels = labels;
        this.traced = new boolean[labels.height() * labels.width()];
    }

    /** Rings by label; the holes of a label come behind the outer ring that holds them. */
    static Map<Integer, List<List<Ring>>> of(LabelMap labels) {
        PixelPolygons polygons = new PixelPolygons(labels);
        Map<Integer, List<Ring>> rings = new TreeMap<>();
        for (int y = 0; y < labels.height(); y++) {
            for (int x = 0; x < labels.width(); x++) {
                int label = labels.get(0, y, x);
                // Every ring, also that of a hole, runs east above one of its label's pixels.
                if (label != 0 && !polygons.is(label, x, y - 1) && !polygons.traced[y * labels.width() + x])
                    rings.computeIfAbsent(label, l -> new ArrayList<>()).add(polygons.trace(label, x, y));
            }
        }
        Map<Integer, List<List<Ring>>> byLabel = new TreeMap<>();
        rings.forEach((label, all) -> byLabel.put(label, nested(all)));
        return byLabel;
    }

    private static List<List<Ring>> nested(List<Ring> rings) {
        List<List<Ring>> polygons = new ArrayList<>();
        for (Ring ring : rings) if (ring.isOuter()) polygons.add(new ArrayList<>(List.of(ring)));
        for (Ring hole : rings) {
            if (hole.isOuter()) continue;
            // The smallest outer ring around the label's pixel beside the hole's first edge.
            List<Ring> holder = polygons.get(0);
            long smallest = Long.MAX_VALUE;
            for (List<Ring> polygon : polygons) {
                Ring outer = polygon.get(0);
                if (outer.doubleArea() < smallest && holds(outer, hole.corners()[0] + 0.5, hole.corners()[1] + 0.5)) {
                    smallest = outer.doubleArea();
                    holder = polygon;
                }
            }
            holder.add(hole);
        }
        return polygons;
    }

    private static boolean holds(Ring ring, double x, double y) {
        boolean inside = false;
        int[] c = ring.corners();
        for (int i = 0; i + 3 < c.length; i += 2)
            if ((c[i + 1] > y) != (c[i + 3] > y) && c[i] > x)
                inside = !inside; // only upright edges cross a row's middle
        return inside;
    }

    private Ring trace(int label, int startX, int startY) {
        List<Integer> corners = new ArrayList<>();
        int x = startX;
        int y = startY;
        int direction = 0;
        long doubleArea = 0;
        add(corners, x, y);
        do {
            if (direction == 0) traced[y * labels.width() + x] = true;
            int nextX = x + DX[direction];
            int nextY = y + DY[direction];
            doubleArea += (long) x * nextY - (long) nextX * y;
            x = nextX;
            y = nextY;
            int left = (direction + 3) % 4;
            int next = direction;
            if (!is(label, x + RIGHT_X[direction], y + RIGHT_Y[direction])) next = (direction + 1) % 4;
            else if (is(label, x + RIGHT_X[left], y + RIGHT_Y[left])) next = left;
            if (next != direction) add(corners, x, y);
            direction = next;
        } while (x != startX || y != startY || direction != 0);
        if (corners.get(corners.size() - 2) != startX || corners.get(corners.size() - 1) != startY)
            add(corners, startX, startY);
        return new Ring(corners.stream().mapToInt(i -> i).toArray(), doubleArea);
    }

    private static void add(List<Integer> corners, int x, int y) {
        corners.add(x);
        corners.add(y);
    }

    private boolean is(int label, int x, int y) {
        return x >= 0 && y >= 0 && x < labels.width() && y < labels.height() && labels.get(0, y, x) == label;
    }
}
