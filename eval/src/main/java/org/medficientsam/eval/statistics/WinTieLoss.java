package org.medficientsam.eval.statistics;

import java.util.Arrays;

/**
 * How many cases one method scores higher on, as high, and lower.
 *
 * @param ties cases whose difference is within {@value #TIE}, half a unit of the fourth decimal, to which scores are written
 */
public record WinTieLoss(int wins, int ties, int losses) {

    private static final double TIE = 0.00005;

    /** @param differences the method minus the other, case by case */
    public static WinTieLoss of(double... differences) {
        int wins = (int) Arrays.stream(differences).filter(d -> d > TIE).count();
        int losses = (int) Arrays.stream(differences).filter(d -> d < -TIE).count();
        return new WinTieLoss(wins, differences.length - wins - losses, losses);
    }

    @Override
    public String toString() {
        return wins + " / " + ties + " / " + losses;
    }
}
