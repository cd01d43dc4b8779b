package org.medficientsam.imagefile.picture;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import org.jspecify.annotations.Nullable;

/** Remembers whether a reader found pixels damaged or missing, which it fills with grey and goes on. */
final class Warnings implements IIOReadWarningListener {
    private boolean damaged;

    @Override
    public void warningOccurred(ImageReader source, @Nullable String warning) {
        // libjpeg's own words, the same in every language.
        damaged |= warning != null && (warning.startsWith("Premature end") || warning.startsWith("Corrupt JPEG data"));
    }

    void check() {
        if (damaged) throw malformed("picture", "whole", "one whose pixels are damaged or end early");
    }
}
