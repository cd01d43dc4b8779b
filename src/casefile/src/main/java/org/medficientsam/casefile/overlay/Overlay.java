package org.medficientsam.casefile.overlay;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.ImageArray;
import org.medficientsam.casefile.LabelMap;
import org.medficientsam.casefile.Shape;
import org.medficientsam.casefile.VolumeCase;

/**
 * A picture of a case: its image, the boxes, and the mask of every label with outline and number; of a volume, a montage of
 * slices. Needs neither a display nor fonts.
 */
public final class Overlay {
    private static final int MONTAGE = 9;
    private static final int GAP = 4;
    private static final int LEGEND = 26;

    /** Long side of the picture of an image, and of a tile of a montage: small ones are enlarged so that lines are thin. */
    private static final int[] IMAGE_SIDE = {768, 2048};

    private static final int[] TILE_SIDE = {320, 512};

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
     * Adds the outlines of the ground truth, white and dashed, and a legend.
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
        List<BufferedImage> tiles = caseFile instanceof VolumeCase
                ? IntStream.of(slices()).mapToObj(z -> paint(z, TILE_SIDE)).toList()
                : List.of(paint(0, IMAGE_SIDE));
        int columns = (int) Math.ceil(Math.sqrt(tiles.size()));
        int rows = (tiles.size() + columns - 1) / columns;
        int width = tiles.get(0).getWidth() + GAP;
        int height = tiles.get(0).getHeight() + GAP;
        int legend = truth.isPresent() ? LEGEND : 0;
        BufferedImage picture =
                new BufferedImage(columns * width - GAP, rows * height - GAP + legend, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        for (int i = 0; i < tiles.size(); i++)
            graphics.drawImage(tiles.get(i), i % columns * width, i / columns * height, null);
        if (legend > 0) drawLegend(graphics, picture.getHeight() - LEGEND / 2);
        graphics.dispose();
        return picture;
    }

    /** One slice of a volume with its number, or the image (0). */
    public BufferedImage slice(int z) {
        return paint(z, IMAGE_SIDE);
    }

    /** {@link #picture()} as PNG. */
    public byte[] png() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        // By default ImageIO would cache in a temporary file.
        try (MemoryCacheImageOutputStream png = new MemoryCacheImageOutputStream(out)) {
            ImageIO.write(picture(), "png", png);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return out.toByteArray();
    }

    private BufferedImage paint(int z, int[] side) {
        int longSide = Math.max(caseFile.image().width(), caseFile.image().height());
        double scale = Math.min(Math.max(longSide, side[0]), side[1]) / (double) longSide;
        SlicePainter painter = new SlicePainter(caseFile, z, scale).masks(segs);
        truth.ifPresent(painter::truth);
        painter.boxes();
        if (caseFile instanceof VolumeCase) painter.title("z=" + z);
        return painter.done();
    }

    private static void drawLegend(Graphics2D graphics, int y) {
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        BasicStroke[] strokes = {new BasicStroke(2), SlicePainter.dashed(1.6f), new BasicStroke(1)};
        String[] names = {"prediction", "ground truth", "box"};
        double x = 8;
        for (int i = 0; i < names.length; i++) {
            graphics.setColor(i == 1 ? Color.WHITE : SlicePainter.color(1));
            graphics.setStroke(strokes[i]);
            if (i == 2) graphics.draw(new Rectangle2D.Double(x, y - 5, 16, 10));
            else graphics.draw(new Line2D.Double(x, y, x + 28, y));
            x += i == 2 ? 24 : 36;
            graphics.setColor(Color.LIGHT_GRAY);
            StrokeFont.draw(graphics, names[i], x, y - 5, 9);
            x += StrokeFont.width(names[i], 9) + 24;
        }
    }

    /** Up to nine slices, in the middle of equal parts of the labelled range; of the boxes' range if nothing is labelled. */
    private int[] slices() {
        int first = 0;
        int last = segs.depth() - 1;
        int[] shown = IntStream.range(0, segs.depth()).filter(this::isLabelled).toArray();
        if (shown.length == 0)
            shown = IntStream.range(0, segs.depth()).filter(this::isPrompted).toArray();
        if (shown.length > 0) {
            first = shown[0];
            last = shown[shown.length - 1];
        }
        int range = last - first + 1;
        int count = Math.min(MONTAGE, range);
        int start = first;
        return IntStream.range(0, count)
                .map(i -> start + (2 * i + 1) * range / (2 * count))
                .toArray();
    }

    private boolean isLabelled(int z) {
        int area = segs.height() * segs.width();
        short[] labels = segs.labels();
        return IntStream.range(z * area, (z + 1) * area).anyMatch(i -> labels[i] != 0);
    }

    private boolean isPrompted(int z) {
        return caseFile.boxes().stream()
                .anyMatch(box -> box instanceof Box3D cube && z >= cube.zMin() && z <= cube.zMax());
    }
}
