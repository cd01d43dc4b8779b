package org.medficientsam.imagefile.image;

import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.InvalidCaseException.Reason;

/** The faults that readers find, each "field must be expected, got found". */
public final class Faults {
    private Faults() {}

    /** Not such a file, or one that contradicts itself. */
    public static InvalidCaseException malformed(String field, String expected, String found) {
        return new InvalidCaseException(Reason.MALFORMED, field, expected, found);
    }

    /** More than the limits allow. */
    public static InvalidCaseException tooLarge(String field, String expected, String found) {
        return new InvalidCaseException(Reason.TOO_LARGE, field, expected, found);
    }

    /** A prompt that makes no sense. */
    public static InvalidCaseException invalidPrompt(String field, String expected, String found) {
        return new InvalidCaseException(Reason.INVALID_PROMPT, field, expected, found);
    }

    /**
     * Bytes of an array, checked.
     *
     * @param field what "must be" starts with
     * @param numberBytes bytes per number
     * @param sizes of all axes, channels included
     * @throws InvalidCaseException if an axis is empty, or the product is more than {@code max}
     */
    public static int bytes(String field, int max, int numberBytes, long... sizes) {
        long bytes = numberBytes;
        for (long size : sizes) {
            if (size < 1) throw malformed(field, "without an empty axis", "one of " + size);
            // Each factor is below 2^63 / 2^31, or the product before it was above max already.
            if (size > max || (bytes *= size) > max)
                throw tooLarge(field, "at most %d bytes of numbers".formatted(max), "more");
        }
        return (int) bytes;
    }
}
