package org.medficientsam.imagefile.image;

import static org.medficientsam.casefile.InvalidCaseException.malformed;
import static org.medficientsam.casefile.InvalidCaseException.tooLarge;

/** What a header says an array's size is, checked before anything is allocated. */
public final class DeclaredSize {
    private DeclaredSize() {}

    /**
     * Bytes of an array.
     *
     * @param field what "must be" starts with
     * @param numberBytes bytes per number
     * @param sizes of all axes, channels included
     * @throws org.medficientsam.casefile.InvalidCaseException if an axis is empty, or the product is more than {@code max}
     */
    public static int bytes(String field, int max, int numberBytes, long... sizes) {
        long bytes = numberBytes;
        for (long size : sizes) {
            if (size < 1) throw malformed(field, "without an empty axis", "one of " + size);
            // Neither factor is above 2^31, so the product does not overflow.
            if (size <= max) bytes *= size;
            if (size > max || bytes > max) throw tooLarge(field, "at most %d bytes of numbers".formatted(max), "more");
        }
        return (int) bytes;
    }
}
