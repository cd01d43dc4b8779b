package org.medficientsam.eval.metric;

/**
 * One label of one case: the counts behind the ratios, so that tables can be aggregated anew.
 *
 * @param label its value in the case's arrays
 * @param truth the surface of the ground truth, seen from the prediction
 * @param prediction the surface of the prediction, seen from the ground truth
 */
record LabelScore(
        int label,
        long truthVoxels,
        long predictionVoxels,
        long commonVoxels,
        SurfaceAgreement truth,
        SurfaceAgreement prediction) {

    static LabelScore absent(int label) {
        return new LabelScore(label, 0, 0, 0, SurfaceAgreement.NO_SURFACE, SurfaceAgreement.NO_SURFACE);
    }

    double dsc() {
        return Dice.coefficient(truthVoxels, predictionVoxels, commonVoxels);
    }

    double nsd() {
        return SurfaceAgreement.surfaceDice(truth, prediction);
    }

    /**
     * Robust Hausdorff distance: the larger of the two 95th percentiles of surface distance, weighted by area as
     * surface-distance does. Infinite if exactly one side is empty; NaN if both are, or if the protocol has no distances.
     *
     * @see <a href="https://github.com/google-deepmind/surface-distance">surface-distance, compute_robust_hausdorff</a>
     */
    double hd95() {
        return Math.max(truth.hd95(), prediction.hd95());
    }

    boolean isAbsent() {
        return truthVoxels == 0 && predictionVoxels == 0;
    }

    /** Whether exactly one side has the label. */
    boolean isMissed() {
        return (truthVoxels == 0) != (predictionVoxels == 0);
    }
}
