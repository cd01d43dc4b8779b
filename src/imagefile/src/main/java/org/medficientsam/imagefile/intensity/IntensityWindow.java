package org.medficientsam.imagefile.intensity;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Which values become black and white. */
public final class IntensityWindow {
    /** How the bounds are found. */
    enum Source {
        AUTO,
        FILE,
        PERCENTILES,
        FIXED
    }

    /** 8-bit values as stored, CT in Hounsfield units through soft tissue, all else by percentiles. */
    public static final IntensityWindow AUTO = new IntensityWindow("auto", Source.AUTO, 0, 0);

    static final IntensityWindow PERCENTILES = new IntensityWindow("percentile", Source.PERCENTILES, 0, 0);
    static final IntensityWindow SOFT_TISSUE = fixed("ct-soft", 40, 400);

    private static final Map<String, IntensityWindow> PRESETS = new TreeMap<>(Map.of(
            "auto",
            AUTO,
            "dicom",
            new IntensityWindow("dicom", Source.FILE, 0, 0),
            "percentile",
            PERCENTILES,
            "mr",
            new IntensityWindow("mr", Source.PERCENTILES, 0, 0),
            "ct-soft",
            SOFT_TISSUE,
            "ct-lung",
            fixed("ct-lung", -160, 1500),
            "ct-brain",
            fixed("ct-brain", 40, 80),
            "ct-bone",
            fixed("ct-bone", 400, 1800)));

    private final String name;
    private final Source source;
    private final double centre;
    private final double width;

    private IntensityWindow(String name, Source source, double centre, double width) {
        this.name = name;
        this.source = source;
        this.centre = centre;
        this.width = width;
    }

    private static IntensityWindow fixed(String name, double centre, double width) {
        return new IntensityWindow(name, Source.FIXED, centre, width);
    }

    /** From centre - width / 2 to centre + width / 2, in the values of the file. */
    public static IntensityWindow of(double centre, double width) {
        if (!(width > 0) || !Double.isFinite(width) || !Double.isFinite(centre))
            throw malformed("window", "a centre and a positive width", centre + "," + width);
        return fixed("centre %s, width %s".formatted(plain(centre), plain(width)), centre, width);
    }

    /**
     * "CENTRE,WIDTH" or a name: auto, dicom, percentile, mr, ct-soft, ct-lung, ct-brain, ct-bone.
     *
     * @throws org.medficientsam.casefile.InvalidCaseException for anything else
     */
    public static IntensityWindow parse(String text) {
        IntensityWindow preset = PRESETS.get(text.strip().toLowerCase(Locale.ROOT));
        if (preset != null) return preset;
        String[] numbers = text.split(",", -1);
        try {
            if (numbers.length == 2) return of(Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1]));
        } catch (NumberFormatException e) {
            // Falls through to the one message.
        }
        String names = PRESETS.keySet().stream().collect(Collectors.joining(", "));
        throw malformed(
                "window", "CENTRE,WIDTH or one of " + names, text.matches("[\\w.,+-]{1,32}") ? text : "neither");
    }

    /** Its name, or its numbers. */
    public String name() {
        return name;
    }

    /** The same text for the same window and no other. */
    public String key() {
        return "%s %s %s".formatted(name, centre, width);
    }

    Source source() {
        return source;
    }

    /** Bounds of a fixed one. */
    Optional<double[]> bounds() {
        return source == Source.FIXED
                ? Optional.of(new double[] {centre - width / 2, centre + width / 2})
                : Optional.empty();
    }

    /** Whether its numbers mean Hounsfield units. */
    boolean isForCt() {
        return name.startsWith("ct-");
    }

    /** A number without a needless ".0". */
    static String plain(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e9
                ? Long.toString((long) number)
                : Float.toString((float) number);
    }

    @Override
    public String toString() {
        return name;
    }
}
