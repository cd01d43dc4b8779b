package org.medficientsam.eval.metric;

/**
 * How much of one surface lies near another.
 *
 * @param points surface points, see {@link Surface}
 * @param area their area in squared units of the spacing, or their length where the surface is a contour
 * @param pointsWithin the points whose distance to the other surface is at most the tolerance
 * @param areaWithin their area
 * @param hd95 the distance to the other surface within which 95 % of the area lies; infinite if the other is empty, NaN if
 *     the protocol has no use for it
 */
record SurfaceAgreement(long points, double area, long pointsWithin, double areaWithin, double hd95) {

    static final SurfaceAgreement NO_SURFACE = new SurfaceAgreement(0, 0, 0, 0, Double.NaN);

    /** Without distances: only whether each point is near. */
    static SurfaceAgreement of(Surface from, Proximity other, double[] areas) {
        long[] counts = new long[areas.length];
        long[] near = new long[areas.length];
        from.forEachPoint((i, j, k, code) -> {
            counts[code]++;
            if (other.isNear(i, j, k)) {
                near[code]++;
            }
        });
        long points = 0;
        long pointsWithin = 0;
        double area = 0;
        double areaWithin = 0;
        // Integers times areas: the order of the points does not matter, nor do rounding errors pile up.
        for (int code = 0; code < areas.length; code++) {
            points += counts[code];
            pointsWithin += near[code];
            area += counts[code] * areas[code];
            areaWithin += near[code] * areas[code];
        }
        return new SurfaceAgreement(points, area, pointsWithin, areaWithin, Double.NaN);
    }

    /**
     * Normalised surface Dice: the share of both surfaces that lies within the tolerance of the other, in [0, 1].
     *
     * <ul>
     *   <li>NaN if both surfaces are empty.
     *   <li>0 if exactly one is empty.
     * </ul>
     *
     * @see <a href="https://doi.org/10.2196/26151">Nikolov et al. (2021)</a>
     */
    static double surfaceDice(SurfaceAgreement truth, SurfaceAgreement prediction) {
        return (truth.areaWithin + prediction.areaWithin) / (truth.area + prediction.area);
    }
}
