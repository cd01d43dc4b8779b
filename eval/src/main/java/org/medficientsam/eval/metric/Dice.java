package org.medficientsam.eval.metric;

/**
 * Sørensen-Dice coefficient of one label, 2|A∩B| / (|A|+|B|), in [0, 1].
 *
 * <ul>
 *   <li>NaN if both masks are empty.
 *   <li>0 if exactly one is empty.
 * </ul>
 *
 * @see <a href="https://doi.org/10.2307/1932409">Dice (1945)</a>
 */
final class Dice {

    private Dice() {}

    /** From voxel counts: exact integers, one division. */
    static double coefficient(long truthVoxels, long predictionVoxels, long commonVoxels) {
        return 2.0 * commonVoxels / (truthVoxels + predictionVoxels);
    }
}
