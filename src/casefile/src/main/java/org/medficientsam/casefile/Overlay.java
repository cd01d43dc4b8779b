package org.medficientsam.casefile;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** A picture of a case: its image, the boxes, and the outline of every label; of a volume, a montage of slices. */
public final class Overlay {
    private static final int MONTAGE = 9;

    private final CaseFile caseFile;
    private final LabelMap segs;
    private final Optional<LabelMap> truth;

    private Overlay(CaseFile caseFile, LabelMap segs, Optional<LabelMap> truth) {
        this.caseFile = caseFile;
        this.segs = segs;
        this.truth = truth;
    }

    /** @throws IllegalArgumentException if the labels do not have the image's shape */
    public static Overlay of(CaseFile caseFile, LabelMap segs) {
        return new Overlay(caseFile, checked(segs, caseFile.image()), Optional.empty());
    }

    /**
     * Adds the outline of the ground truth, dashed.
     *
     * @throws IllegalArgumentException if it does not have the image's shape
     */
    public Overlay withTruth(LabelMap gts) {
        return new Overlay(caseFile, segs, Optional.of(checked(gts, caseFile.image())));
    }

    private static LabelMap checked(LabelMap labels, ImageArray image) {
        if (labels.depth() != image.depth() || labels.height() != image.height() || labels.width() != image.width())
            throw new IllegalArgumentException("labels must be %s as the image, got %s"
                    .formatted(
                            Shape.toString(image.depth(), image.height(), image.width()),
                            Shape.toString(labels.depth(), labels.height(), labels.width())));
        return labels;
    }

    /** The image, or of a volume a montage of up to nine slices evenly spaced through its labels. */
    public BufferedImage picture() {
        if (!caseFile.isVolume()) return slice(0);
        BufferedImage[] tiles = IntStream.of(slices()).mapToObj(this::slice).toArray(BufferedImage[]::new);
        int columns = (int) Math.ceil(Math.sqrt(tiles.length));
        int rows = (tiles.length + columns - 1) / columns;
        int width = tiles[0].getWidth();
        int height = tiles[0].getHeight();
        BufferedImage picture = new BufferedImage(columns * width, rows * height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        for (int i = 0; i < tiles.length; i++)
            graphics.drawImage(tiles[i], i % columns * width, i / columns * height, null);
        graphics.dispose();
        return picture;
    }

    /** {@link #picture()} as PNG. */
    public byte[] png() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.setUseCache(false);
            ImageIO.write(picture(), "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return out.toByteArray();
    }

    /** One slice; 0 for an image. */
    public BufferedImage slice(int z) {
        ImageArray image = caseFile.image();
        BufferedImage pixels = pixels(image, z);
        double scale = 768.0 / Math.max(image.width(), image.height());
        int width = (int) Math.max(1, Math.round(image.width() * scale));
        int height = (int) Math.max(1, Math.round(image.height() * scale));
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.drawImage(pixels, 0, 0, width, height, null);
        AffineTransform zoom = AffineTransform.getScaleInstance(scale, scale);
        for (Map.Entry<Integer, Path2D> outline : Outlines.of(segs, z).entrySet()) {
            graphics.setColor(color(outline.getKey()));
            graphics.draw(zoom.createTransformedShape(outline.getValue()));
        }
        truth.ifPresent(gts -> {
            graphics.setColor(Color.WHITE);
            graphics.setStroke(
                    new BasicStroke(1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {4, 4}, 0));
            Outlines.of(gts, z).values().forEach(path -> graphics.draw(zoom.createTransformedShape(path)));
        });
        graphics.setStroke(new BasicStroke(1));
        for (int i = 0; i < caseFile.boxes().size(); i++) {
            Box box = caseFile.boxes().get(i);
            if (box instanceof Box3D cube && (z < cube.zMin() || z > cube.zMax())) continue;
            graphics.setColor(color(i + 1));
            graphics.draw(new Rectangle2D.Double(
                    box.xMin() * scale,
                    box.yMin() * scale,
                    (box.xMax() - box.xMin() + 1) * scale,
                    (box.yMax() - box.yMin() + 1) * scale));
        }
        graphics.dispose();
        return picture;
    }

    private static Color color(int label) {
        return Color.getHSBColor(label * 0.618f, 0.7f, 1);
    }

    private int[] slices() {
        int[] labelled =
                IntStream.range(0, segs.depth()).filter(this::isLabelled).toArray();
        int first = labelled.length == 0 ? 0 : labelled[0];
        int last = labelled.length == 0 ? segs.depth() - 1 : labelled[labelled.length - 1];
        int count = Math.min(MONTAGE, last - first + 1);
        return IntStream.range(0, count)
                .map(i -> first + (2 * i + 1) * (last - first + 1) / (2 * count))
                .toArray();
    }

    private boolean isLabelled(int z) {
        int area = segs.height() * segs.width();
        for (int i = z * area; i < (z + 1) * area; i++) if (segs.labels()[i] != 0) return true;
        return false;
    }

    private static BufferedImage pixels(ImageArray image, int z) {
        BufferedImage pixels = new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
        byte[] data = image.data();
        int at = image.offset(z);
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++) {
                int red = data[at++] & 0xff;
                int green = image.channels() == 3 ? data[at++] & 0xff : red;
                int blue = image.channels() == 3 ? data[at++] & 0xff : red;
                pixels.setRGB(x, y, red << 16 | green << 8 | blue);
            }
        }
        return pixels;
    }
}
