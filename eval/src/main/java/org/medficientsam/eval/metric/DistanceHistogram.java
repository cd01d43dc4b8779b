package org.medficientsam.eval.metric;

import java.util.Map;
import java.util.TreeMap;

/** Surface area by distance to another surface. On a grid few distances are distinct, however many points there are. */
final class DistanceHistogram {

    private static final class Bin {
        long points;
        double area;
    }

    private final TreeMap<Double, Bin> bins = new TreeMap<>();

    /** Distances of {@code from}'s points to {@code to}, both on the same grid. */
    static DistanceHistogram between(Surface from, Surface to, VoxelSpacing spacing, double[] areas) {
        DistanceHistogram histogram = new DistanceHistogram();
        DistanceTransform transform = new DistanceTransform(to.points(), spacing);
        from.forEachPoint((i, j, k, code) -> histogram.add(transform.at(i, j, k), areas[code]));
        return histogram;
    }

    void add(double distance, double area) {
        Bin bin = bins.computeIfAbsent(distance, unused -> new Bin());
        bin.points++;
        bin.area += area;
    }

    /** @param tolerance the largest distance that counts as near */
    SurfaceAgreement agreement(double tolerance) {
        Bin all = sum(bins);
        Bin near = sum(bins.headMap(tolerance, true));
        return new SurfaceAgreement(all.points, all.area, near.points, near.area, quantile(0.95));
    }

    /** The smallest distance within which at least that share of the area lies; 0 if there is no surface. */
    double quantile(double share) {
        double wanted = share * sum(bins).area;
        double reached = 0;
        double distance = 0;
        for (Map.Entry<Double, Bin> bin : bins.entrySet()) {
            reached += bin.getValue().area;
            distance = bin.getKey();
            if (reached >= wanted) {
                break;
            }
        }
        return distance;
    }

    private static Bin sum(Map<Double, Bin> bins) {
        Bin sum = new Bin();
        for (Bin bin : bins.values()) {
            sum.points += bin.points;
            sum.area += bin.area;
        }
        return sum;
    }
}
