package org.medficientsam.imagefile.picture;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What ImageJ, OME and tifffile write of a file's pages: they may be channels, or lie behind the first without directories of their own. */
final class TiffAxes {
    private static final String FIELD = "tiff";
    private static final Pattern IMAGEJ_IMAGES = Pattern.compile("(?m)^images=(\\d{1,9})\\s*$");
    private static final Pattern IMAGEJ_CHANNELS = Pattern.compile("(?m)^channels=(\\d{1,9})\\s*$");
    private static final Pattern OME_CHANNELS = Pattern.compile("<Pixels\\b[^>]*\\bSizeC=\"(\\d{1,9})\"");
    private static final Pattern TRUNCATED = Pattern.compile("\\{.*\"truncated\": true.*}");

    private TiffAxes() {}

    /**
     * Refuses what would be read as fewer slices, or as slices what are channels.
     *
     * @param description of the first page
     * @param samples channels that each page holds itself
     * @throws org.medficientsam.casefile.InvalidCaseException if pages are not the slices, one by one
     */
    static void check(String description, int pages, int samples) {
        boolean imageJ = description.startsWith("ImageJ=");
        int images = imageJ ? first(IMAGEJ_IMAGES, description) : 1;
        if (pages == 1 && (images > 1 || TRUNCATED.matcher(description).find()))
            throw malformed(FIELD, "of a directory for each page", "one for %s".formatted(images > 1 ? images : "all"));
        int channels = first(imageJ ? IMAGEJ_CHANNELS : OME_CHANNELS, description);
        // As many channels as pages is what some writers make of any stack.
        if (channels > samples && channels < pages)
            throw malformed(
                    FIELD,
                    "of slices of one channel",
                    "pages of %d channels in turn; take out one".formatted(channels));
    }

    private static int first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 1;
    }
}
