package org.medficientsam.imagefile.intensity;

/**
 * What was done to the values.
 *
 * @param name of the window, or "as stored"
 * @param lower the value that became 0
 * @param upper the value that became 255
 */
public record AppliedWindow(String name, double lower, double upper) {
    /** 8-bit values, left as they are. */
    public static final AppliedWindow AS_STORED = new AppliedWindow("as stored", 0, 255);

    /** Whether the values are the file's own. */
    public boolean isAsStored() {
        return this == AS_STORED;
    }

    /** "CENTRE,WIDTH", as {@link IntensityWindow#parse} takes it. */
    public String centreAndWidth() {
        return IntensityWindow.plain((lower + upper) / 2) + "," + IntensityWindow.plain(upper - lower);
    }

    /** Such as "ct-soft, -160 to 240". */
    @Override
    public String toString() {
        return isAsStored()
                ? name
                : "%s, %s to %s".formatted(name, IntensityWindow.plain(lower), IntensityWindow.plain(upper));
    }
}
