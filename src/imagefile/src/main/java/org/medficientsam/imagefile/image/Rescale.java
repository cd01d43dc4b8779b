package org.medficientsam.imagefile.image;

/**
 * From stored numbers to measured ones, value = stored x slope + intercept, for the whole image or slice by slice.
 */
public final class Rescale {
    /** Stored numbers are the values. */
    public static final Rescale NONE = new Rescale(new double[] {1}, new double[] {0});

    private final double[] slopes;
    private final double[] intercepts;

    private Rescale(double[] slopes, double[] intercepts) {
        this.slopes = slopes;
        this.intercepts = intercepts;
    }

    /** One for all voxels. */
    public static Rescale of(double slope, double intercept) {
        return slope == 1 && intercept == 0 ? NONE : new Rescale(new double[] {slope}, new double[] {intercept});
    }

    /** One per slice along the file's last axis; a single one if they are all alike. */
    public static Rescale perSlice(double[] slopes, double[] intercepts) {
        for (int i = 1; i < slopes.length; i++) {
            if (slopes[i] != slopes[0] || intercepts[i] != intercepts[0])
                return new Rescale(slopes.clone(), intercepts.clone());
        }
        return of(slopes[0], intercepts[0]);
    }

    /** Whether one holds for all slices. */
    public boolean isUniform() {
        return slopes.length == 1;
    }

    /** Whether stored numbers are the values. */
    public boolean isIdentity() {
        return slopes.length == 1 && slopes[0] == 1 && intercepts[0] == 0;
    }

    /** The value of a stored number in slice {@code k} of the file. */
    public double apply(double stored, int k) {
        int at = slopes.length == 1 ? 0 : k;
        return stored * slopes[at] + intercepts[at];
    }
}
