package org.medficientsam.eval;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How an image was taken, named as in the published tables. A case carries it in its file name: {@code 3D_CT_012.npz},
 * {@code 2DBox_X-Ray_demo.npz}.
 *
 * <p>Only the nine modalities of the challenge enter an Average; any other name (Mammography, OCT, a typing error) is
 * kept as it stands, so that its cases are run, scored and reported beside it.
 *
 * @param label the name printed in tables
 */
public record Modality(String label) {

    public static final Modality CT = new Modality("CT");
    public static final Modality MR = new Modality("MR");
    public static final Modality PET = new Modality("PET");
    public static final Modality US = new Modality("US");
    public static final Modality XRAY = new Modality("X-Ray");
    public static final Modality DERMOSCOPY = new Modality("Dermoscopy");
    public static final Modality ENDOSCOPY = new Modality("Endoscopy");
    public static final Modality FUNDUS = new Modality("Fundus");
    public static final Modality MICROSCOPY = new Modality("Microscopy");

    /** The rows of the published table, in its order. */
    public static final List<Modality> CHALLENGE =
            List.of(CT, MR, PET, US, XRAY, DERMOSCOPY, ENDOSCOPY, FUNDUS, MICROSCOPY);

    /** The published rows first, then the others by name. */
    public static final Comparator<Modality> TABLE_ORDER = Comparator.<Modality>comparingInt(
                    modality -> modality.inAverage() ? CHALLENGE.indexOf(modality) : CHALLENGE.size())
            .thenComparing(Modality::label);

    private static final Modality UNKNOWN = new Modality("unknown");
    private static final Pattern CASE_NAME = Pattern.compile("[23]D[A-Za-z]*_([A-Za-z][A-Za-z-]*?)(?:_.*)?");

    public Modality {
        if (label.isBlank()) {
            throw new IllegalArgumentException("a modality needs a name");
        }
    }

    /** The modality of a file name such as {@code 2D_US_001.npz}; {@code unknown} where the name holds none. */
    public static Modality ofCase(String caseName) {
        Matcher name = CASE_NAME.matcher(caseName.replaceFirst("\\.npz$", ""));
        return name.matches() ? named(name.group(1)) : UNKNOWN;
    }

    /** The modality of that name or alias, whatever its case; a name of its own otherwise. */
    public static Modality named(String name) {
        return switch (name.strip().toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "")) {
            case "ct" -> CT;
            case "mr", "mri" -> MR;
            case "pet" -> PET;
            case "us", "ultrasound" -> US;
            case "xray", "cxr" -> XRAY;
            case "dermoscopy" -> DERMOSCOPY;
            case "endoscopy" -> ENDOSCOPY;
            case "fundus" -> FUNDUS;
            case "microscopy", "microscope" -> MICROSCOPY;
            case "" -> UNKNOWN;
            default -> new Modality(name.strip());
        };
    }

    /** Whether its mean enters the Average of the published tables. */
    public boolean inAverage() {
        return CHALLENGE.contains(this);
    }

    @Override
    public String toString() {
        return label;
    }
}
