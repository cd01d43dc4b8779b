package org.medficientsam.casefile.overlay;

import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Composite;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.util.Map;
import org.medficientsam.casefile.Box;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.ImageArray;
import org.medficientsam.casefile.LabelMap;

/** Paints one slice: its pixels, then the masks, the ground truth, the boxes and their numbers, each over the one before. */
public final class SlicePainter {
    /** Colours that people with any colour vision tell apart (Okabe and Ito 2008, without black), strongest contrast first. */
    private static final Color[] COLORS = {
        new Color(0x56B4E9),
        new Color(0xE69F00),
        new Color(0x009E73),
        new Color(0xF0E442),
        new Color(0xCC79A7),
        new Color(0xD55E00),
        new Color(0x0072B2)
    };

    /** Under every line, so that it shows on bright and on dark images. */
    private static final Color HALO = new Color(0, 0, 0, 120);

    private static final float FILL = 0.22f;

    /** Around the digits of a tag, in digit heights. */
    private static final double MARGIN = 0.4;

    private final CaseFile caseFile;
    private final int z;
    private final double scale;
    private final float line;
    private final BufferedImage picture;
    private final Graphics2D graphics;

    /** @param scale picture pixels per image pixel */
    SlicePainter(CaseFile caseFile, int z, double scale) {
        ImageArray image = caseFile.image();
        this.caseFile = caseFile;
        this.z = z;
        this.scale = scale;
        int width = (int) Math.max(1, Math.round(image.width() * scale));
        int height = (int) Math.max(1, Math.round(image.height() * scale));
        this.line = Math.max(1.5f, Math.max(width, height) / 480f);
        this.picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        this.graphics = picture.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.drawImage(pixels(image, z), 0, 0, width, height, null);
    }

    static Color color(int label) {
        return COLORS[(label - 1) % COLORS.length];
    }

    static BasicStroke dashed(float width) {
        return new BasicStroke(
                width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {4 * width, 3 * width}, 0);
    }

    SlicePainter masks(LabelMap labels) {
        Map<Integer, Path2D> outlines = Outlines.of(labels, z);
        Composite opaque = graphics.getComposite();
        graphics.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, FILL));
        outlines.forEach((label, outline) -> {
            graphics.setColor(color(label));
            graphics.fill(zoomed(outline));
        });
        graphics.setComposite(opaque);
        outlines.forEach((label, outline) -> draw(zoomed(outline), color(label), new BasicStroke(line), line + 1.5f));
        return this;
    }

    SlicePainter truth(LabelMap labels) {
        Outlines.of(labels, z)
                .values()
                .forEach(outline -> draw(zoomed(outline), Color.WHITE, dashed(line * 0.8f), line * 0.8f + 1));
        return this;
    }

    SlicePainter boxes() {
        for (int i = 0; i < caseFile.boxes().size(); i++) {
            Box box = caseFile.boxes().get(i);
            if (box instanceof Box3D cube && (z < cube.zMin() || z > cube.zMax())) continue;
            // Both ends are inclusive, so the frame goes around the last pixel.
            Rectangle2D frame = new Rectangle2D.Double(
                    box.xMin() * scale,
                    box.yMin() * scale,
                    (box.xMax() - box.xMin() + 1) * scale,
                    (box.yMax() - box.yMin() + 1) * scale);
            draw(frame, color(i + 1), new BasicStroke(line * 0.5f), line * 0.5f + 1);
            number(i + 1, frame);
        }
        return this;
    }

    /** A tag above the upper left corner of the box, smaller for small boxes. */
    private void number(int label, Rectangle2D frame) {
        double height = Math.min(Math.max(Math.min(frame.getWidth(), frame.getHeight()) / 6, 6), 10);
        double top = frame.getY() - height * (1 + 2 * MARGIN);
        tag(Integer.toString(label), color(label), Color.BLACK, frame.getX(), top, height);
    }

    SlicePainter title(String text) {
        tag(text, new Color(0, 0, 0, 160), Color.WHITE, 0, 0, 11);
        return this;
    }

    private void tag(String text, Color background, Color foreground, double x, double y, double height) {
        double margin = height * MARGIN;
        double width = StrokeFont.width(text, height) + 2 * margin;
        double full = height + 2 * margin;
        double left = Math.max(0, Math.min(x, picture.getWidth() - width));
        double top = Math.max(0, Math.min(y, picture.getHeight() - full));
        graphics.setColor(background);
        graphics.fill(new RoundRectangle2D.Double(left, top, width, full, margin, margin));
        graphics.setColor(foreground);
        StrokeFont.draw(graphics, text, left + margin, top + margin, height);
    }

    BufferedImage done() {
        graphics.dispose();
        return picture;
    }

    private Shape zoomed(Path2D outline) {
        return AffineTransform.getScaleInstance(scale, scale).createTransformedShape(outline);
    }

    private void draw(Shape shape, Color color, BasicStroke stroke, float haloWidth) {
        graphics.setColor(HALO);
        graphics.setStroke(new BasicStroke(haloWidth, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        graphics.draw(shape);
        graphics.setColor(color);
        graphics.setStroke(stroke);
        graphics.draw(shape);
    }

    private static BufferedImage pixels(ImageArray image, int z) {
        int width = image.width();
        byte[] data = image.data();
        int[] row = new int[width];
        BufferedImage pixels = new BufferedImage(width, image.height(), BufferedImage.TYPE_INT_RGB);
        int at = image.offset(z);
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < width; x++) {
                int red = data[at] & 0xff;
                int green = image.channels() == 3 ? data[at + 1] & 0xff : red;
                int blue = image.channels() == 3 ? data[at + 2] & 0xff : red;
                row[x] = red << 16 | green << 8 | blue;
                at += image.channels();
            }
            pixels.setRGB(0, y, width, 1, row, 0, width);
        }
        return pixels;
    }
}
