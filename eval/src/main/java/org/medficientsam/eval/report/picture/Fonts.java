package org.medficientsam.eval.report.picture;

import java.awt.Font;
import java.awt.image.BufferedImage;

/** Whether this Java can write text into pictures: on a bare server it cannot, and says so with whatever error comes first. */
public final class Fonts {

    private static final boolean THERE = find();

    private Fonts() {}

    /** Looked up once. */
    public static boolean areThere() {
        return THERE;
    }

    private static boolean find() {
        try {
            BufferedImage any = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
            Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
            return any.createGraphics().getFontMetrics(font).stringWidth("DSC") > 0;
        } catch (RuntimeException | LinkageError | InternalError none) {
            return false;
        }
    }
}
