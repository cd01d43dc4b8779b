package org.medficientsam.imagefile.intensity;

import java.util.OptionalDouble;
import org.medficientsam.imagefile.image.RawImage;
import org.medficientsam.imagefile.image.Voxels;

/**
 * What kind of values an image has.
 *
 * @param low smallest finite one; 0 if there is none
 * @param second smallest finite one but {@code low}; {@code low} if there is none
 * @param high largest finite one
 * @param whole whether all are integers (NaN is not)
 * @param belowAir share of those under -1100 that are not the smallest, which may be what a scanner puts outside its circle
 */
record ValueRange(double low, double second, double high, boolean whole, double belowAir) {
    /** Noise about air, at -1000 HU, hardly goes below. */
    private static final double BELOW_AIR = -1100;

    static ValueRange of(RawImage image) {
        Voxels voxels = image.voxels();
        if (voxels.type().bytes() <= 2 && image.rescale().isUniform()) return ofHistogram(image);
        int slice = image.grid().size(0) * image.grid().size(1) * image.channels();
        double low = Double.POSITIVE_INFINITY;
        double second = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        boolean whole = true;
        long below = 0;
        long lowest = 0;
        for (int i = 0; i < voxels.count(); i++) {
            double value = image.rescale().apply(voxels.get(i), i / slice);
            if (value != Math.rint(value) || !Double.isFinite(value)) {
                whole = false;
                if (!Double.isFinite(value)) continue;
            }
            if (value < low) {
                second = low;
                low = value;
                lowest = 0;
            }
            if (value == low) lowest++;
            else if (value < second) second = value;
            if (value > high) high = value;
            if (value < BELOW_AIR) below++;
        }
        if (low > high) return new ValueRange(0, 0, 0, false, 0);
        long inside = low < BELOW_AIR ? below - lowest : below;
        return new ValueRange(low, Math.min(second, high), high, whole, (double) inside / voxels.count());
    }

    /** Of few possible numbers it is enough to look at each once. */
    private static ValueRange ofHistogram(RawImage image) {
        Voxels voxels = image.voxels();
        int[] counts = voxels.histogram();
        double low = Double.POSITIVE_INFINITY;
        double second = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        boolean whole = true;
        long below = 0;
        long lowest = 0;
        for (int bits = 0; bits < counts.length; bits++) {
            if (counts[bits] == 0) continue;
            double value = image.rescale().apply(voxels.ofBits(bits), 0);
            whole &= value == Math.rint(value);
            if (value < low) {
                second = low;
                low = value;
                lowest = counts[bits];
            } else if (value < second) second = value;
            high = Math.max(high, value);
            if (value < BELOW_AIR) below += counts[bits];
        }
        long inside = low < BELOW_AIR ? below - lowest : below;
        return new ValueRange(low, Math.min(second, high), high, whole, (double) inside / voxels.count());
    }

    /**
     * What stands for "nothing here": a smallest value that is not zero and lies further below all others than these lie apart, as
     * -32768 does, or -2000 beside -1000 to 400.
     */
    OptionalDouble padding() {
        return low != 0 && high > second && second - low > high - second
                ? OptionalDouble.of(low)
                : OptionalDouble.empty();
    }

    /** Whether they are uint8 by value, whatever their type. */
    boolean isEightBit() {
        return whole && low >= 0 && high <= 255;
    }

    /**
     * Whether they look like Hounsfield units: whole, with air in the picture, and next to nothing thinner than air but for one
     * padding value. Magnitudes are not negative, phases not whole or symmetric, z-scores not so low.
     */
    boolean looksLikeHounsfield() {
        double thinnest = low < -10_000 && padding().isPresent() ? second : low;
        return whole && thinnest <= -500 && thinnest >= -10_000 && high <= 33_000 && belowAir < 0.02;
    }
}
