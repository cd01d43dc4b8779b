package org.medficientsam.eval.report.picture;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medficientsam.casefile.Box;
import org.medficientsam.casefile.Box2D;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.ImageArray;
import org.medficientsam.casefile.LabelMap;

/**
 * One case, all runs: the whole image with its boxes, then the surroundings of its objects with the ground truth, then the same
 * with each run's outlines over it; of a volume a row for each slice that matters. All panels share crop, scale and grey values.
 * Outlines are one pixel wide and nothing is filled, so that what they run along can be seen.
 */
public final class SideBySide {

    /** @param segs null where the run has none */
    public record Panel(String title, @Nullable LabelMap segs) {}

    /** Okabe and Ito: told apart by colour-blind readers too. */
    static final Color TRUTH = new Color(0x56b4e9);

    static final Color PREDICTION = new Color(0xe69f00);
    private static final Color BOX = new Color(0xf0e442);
    private static final int LEAST_SIDE = 460;
    private static final int MOST_SIDE = 900;
    private static final int GAP = 6;
    private static final int TITLE = 20;
    private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 13);

    private final CaseFile image;
    private final @Nullable LabelMap truth;
    private final List<Panel> panels;
    private final GreyWindow window;
    private final int[] slices;
    private final Rectangle crop;

    /**
     * @param stretched whether grey values are stretched to those that occur round the objects, as of CT
     * @param truth null where there is none
     */
    public SideBySide(CaseFile image, boolean stretched, @Nullable LabelMap truth, List<Panel> panels) {
        this.image = image;
        this.truth = truth;
        this.panels = panels;
        List<LabelMap> segs = new ArrayList<>();
        for (Panel panel : panels) {
            LabelMap map = panel.segs();
            if (map != null) {
                requireShape(map);
                segs.add(map);
            }
        }
        if (truth != null) {
            requireShape(truth);
        }
        slices = SliceChoice.of(image, truth, segs);
        crop = Surroundings.of(image, truth);
        window = stretched ? GreyWindow.of(image.image(), slices, crop) : GreyWindow.FULL;
    }

    private void requireShape(LabelMap map) {
        ImageArray array = image.image();
        if (map.depth() != array.depth() || map.height() != array.height() || map.width() != array.width()) {
            throw new IllegalArgumentException("labels must have the image's shape");
        }
    }

    /** All panels, in as many rows as there are slices to show. */
    public BufferedImage picture() {
        Rectangle whole = whole();
        boolean cropped = crop.width < 0.8 * whole.width || crop.height < 0.8 * whole.height;
        int side = Math.min(MOST_SIDE, Math.max(LEAST_SIDE, Math.max(crop.width, crop.height)));
        double scale = side / (double) Math.max(crop.width, crop.height);
        int width = Math.max(1, (int) Math.round(crop.width * scale));
        int height = Math.max(1, (int) Math.round(crop.height * scale));
        double wholeScale = Math.min(height / (double) whole.height, LEAST_SIDE / (double) whole.width);
        int wholeWidth = cropped ? Math.max(1, (int) Math.round(whole.width * wholeScale)) : 0;
        int left = cropped ? wholeWidth + GAP : 0;
        int columns = panels.size() + 1;
        BufferedImage picture = new BufferedImage(
                left + columns * (width + GAP) - GAP,
                slices.length * (height + TITLE + GAP) - GAP,
                BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, picture.getWidth(), picture.getHeight());
        int[] ascending = slices.clone();
        Arrays.sort(ascending);
        for (int row = 0; row < ascending.length; row++) {
            int z = ascending[row];
            int top = row * (height + TITLE + GAP) + TITLE;
            String slice = image.image().depth() > 1 ? "z = " + z : "";
            if (cropped) {
                int wholeHeight = Math.max(1, (int) Math.round(whole.height * wholeScale));
                BufferedImage panel = grey(z, whole, wholeWidth, wholeHeight);
                frame(panel, crop, wholeScale, Color.WHITE);
                boxes(panel, z, whole, wholeScale);
                graphics.drawImage(panel, 0, top, null);
                title(graphics, slice, 0, top, wholeWidth, Color.BLACK);
            }
            BufferedImage reference = grey(z, crop, width, height);
            boxes(reference, z, crop, scale);
            outline(reference, truth, z, TRUTH);
            graphics.drawImage(reference, left, top, null);
            String named = truth == null ? "image" : "ground truth";
            title(graphics, cropped ? named : (named + "  " + slice).strip(), left, top, width, TRUTH.darker());
            for (int i = 0; i < panels.size(); i++) {
                BufferedImage panel = grey(z, crop, width, height);
                outline(panel, truth, z, TRUTH);
                outline(panel, panels.get(i).segs(), z, PREDICTION);
                int x = left + (i + 1) * (width + GAP);
                graphics.drawImage(panel, x, top, null);
                title(graphics, panels.get(i).title(), x, top, width, PREDICTION.darker());
            }
        }
        graphics.dispose();
        return picture;
    }

    /** The surroundings in the slice that matters most, with both outlines of the first run. */
    public BufferedImage thumbnail() {
        double scale = 192.0 / Math.max(crop.width, crop.height);
        BufferedImage small = grey(slices[0], crop, Math.max(1, (int) Math.round(crop.width * scale)), Math.max(1, (int)
                Math.round(crop.height * scale)));
        outline(small, truth, slices[0], TRUTH);
        outline(small, panels.get(0).segs(), slices[0], PREDICTION);
        return small;
    }

    private Rectangle whole() {
        return new Rectangle(image.image().width(), image.image().height());
    }

    private BufferedImage grey(int z, Rectangle part, int width, int height) {
        BufferedImage source = window.paint(image.image(), z, part);
        BufferedImage scaled = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = scaled.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.drawImage(source, 0, 0, width, height, null);
        graphics.dispose();
        return scaled;
    }

    /** Marks the pixels of the panel whose label has another one beside it. */
    private void outline(BufferedImage panel, @Nullable LabelMap labels, int z, Color color) {
        if (labels == null) {
            return;
        }
        int width = panel.getWidth();
        int height = panel.getHeight();
        int[][] shown = new int[height][width];
        for (int y = 0; y < height; y++) {
            int row = crop.y + y * crop.height / height;
            for (int x = 0; x < width; x++) {
                shown[y][x] = labels.get(z, row, crop.x + x * crop.width / width);
            }
        }
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int label = shown[y][x];
                boolean inside = label == shown[y][Math.max(0, x - 1)]
                        && label == shown[y][Math.min(width - 1, x + 1)]
                        && label == shown[Math.max(0, y - 1)][x]
                        && label == shown[Math.min(height - 1, y + 1)][x];
                if (label != 0 && !inside) {
                    panel.setRGB(x, y, color.getRGB());
                }
            }
        }
    }

    private void boxes(BufferedImage panel, int z, Rectangle part, double scale) {
        for (Box box : image.boxes()) {
            if (box instanceof Box3D solid && (z < solid.zMin() || z > solid.zMax())) {
                continue;
            }
            Box2D plane = box instanceof Box3D solid ? solid.inPlane() : (Box2D) box;
            Rectangle pixels = new Rectangle(
                    (int) plane.xMin() - part.x,
                    (int) plane.yMin() - part.y,
                    (int) (plane.xMax() - plane.xMin()) + 1,
                    (int) (plane.yMax() - plane.yMin()) + 1);
            frame(panel, pixels, scale, BOX);
        }
    }

    private static void frame(BufferedImage panel, Rectangle pixels, double scale, Color color) {
        Graphics2D graphics = panel.createGraphics();
        graphics.setColor(color);
        graphics.drawRect(
                (int) (pixels.x * scale),
                (int) (pixels.y * scale),
                (int) (pixels.width * scale) - 1,
                (int) (pixels.height * scale) - 1);
        graphics.dispose();
    }

    private static void title(Graphics2D graphics, String text, int x, int top, int width, Color color) {
        if (!text.isEmpty() && Fonts.areThere()) {
            graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            graphics.setFont(FONT);
            graphics.setColor(color);
            String shown = text;
            while (shown.length() > 1 && graphics.getFontMetrics().stringWidth(shown) > width) {
                shown = shown.substring(0, shown.length() - 1);
            }
            graphics.drawString(shown, x, top - 5);
        }
    }
}
