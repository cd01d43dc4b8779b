package org.medficientsam.eval.metric;

import java.util.ArrayList;
import java.util.List;

/**
 * NSD by its definition and nothing clever: every voxel read by coordinates, all pairs of points. Shares no code with what it
 * checks; areas come from the reference's table.
 */
final class BruteForce {

    private record Point(int i, int j, int k, double area) {}

    private final double[] areas;
    private final double[] spacing;

    /** @param areas the reference's area per code for this spacing */
    BruteForce(double[] areas, double... spacing) {
        this.areas = areas;
        this.spacing = spacing;
    }

    double nsd(RandomMasks masks, double tolerance) {
        List<Point> truth = points(masks, masks.truth());
        List<Point> prediction = points(masks, masks.prediction());
        double total = 0;
        double near = 0;
        for (List<List<Point>> sides : List.of(List.of(truth, prediction), List.of(prediction, truth))) {
            for (Point point : sides.get(0)) {
                total += point.area;
                if (nearest(point, sides.get(1)) <= tolerance) {
                    near += point.area;
                }
            }
        }
        return near / total;
    }

    double dsc(RandomMasks masks) {
        int both = 0;
        int sum = 0;
        for (int i = 0; i < masks.truth().length; i++) {
            both += masks.truth()[i] * masks.prediction()[i];
            sum += masks.truth()[i] + masks.prediction()[i];
        }
        return 2.0 * both / sum;
    }

    /** Share of the area counted, nearest points first, until 95 % are reached; the farther of the two directions. */
    double hd95(RandomMasks masks) {
        List<Point> truth = points(masks, masks.truth());
        List<Point> prediction = points(masks, masks.prediction());
        return Math.max(percentile95(truth, prediction), percentile95(prediction, truth));
    }

    private double percentile95(List<Point> from, List<Point> to) {
        record Weighted(double distance, double area) {}
        List<Weighted> sorted = new ArrayList<>();
        for (Point point : from) {
            sorted.add(new Weighted(nearest(point, to), point.area));
        }
        sorted.sort((a, b) -> Double.compare(a.distance, b.distance));
        double total = sorted.stream().mapToDouble(Weighted::area).sum();
        double reached = 0;
        for (Weighted weighted : sorted) {
            reached += weighted.area;
            if (reached >= 0.95 * total) {
                return weighted.distance;
            }
        }
        return 0;
    }

    double nearest(int i, int j, int k, List<int[]> points) {
        double nearest = Double.POSITIVE_INFINITY;
        for (int[] point : points) {
            nearest = Math.min(nearest, length(point[0] - i, point[1] - j, point[2] - k));
        }
        return nearest;
    }

    private double nearest(Point from, List<Point> to) {
        double nearest = Double.POSITIVE_INFINITY;
        for (Point point : to) {
            nearest = Math.min(nearest, length(point.i - from.i, point.j - from.j, point.k - from.k));
        }
        return nearest;
    }

    private double length(int i, int j, int k) {
        return Math.sqrt(Math.pow(i * spacing[0], 2) + Math.pow(j * spacing[1], 2) + Math.pow(k * spacing[2], 2));
    }

    private List<Point> points(RandomMasks masks, byte[] mask) {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i <= masks.depth(); i++) {
            for (int j = 0; j <= masks.height(); j++) {
                for (int k = 0; k <= masks.width(); k++) {
                    int code = 0;
                    for (int voxel = 0; voxel < 8; voxel++) {
                        int z = i - 1 + voxel / 4;
                        int y = j - 1 + voxel / 2 % 2;
                        int x = k - 1 + voxel % 2;
                        boolean inside = z >= 0
                                && y >= 0
                                && x >= 0
                                && z < masks.depth()
                                && y < masks.height()
                                && x < masks.width();
                        if (inside && mask[(z * masks.height() + y) * masks.width() + x] != 0) {
                            code += 128 >> voxel;
                        }
                    }
                    if (code > 0 && code < 255) {
                        points.add(new Point(i, j, k, areas[code]));
                    }
                }
            }
        }
        return points;
    }
}
