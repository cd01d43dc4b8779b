package org.medficientsam.eval.report.picture;

import java.awt.Rectangle;
import org.jspecify.annotations.Nullable;
import org.medficientsam.casefile.Box;
import org.medficientsam.casefile.Box2D;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.LabelMap;

/** The part of an image that a picture of its objects has to show: boxes and ground truth with a margin round them. */
final class Surroundings {

    private static final double MARGIN = 0.3;
    private static final int LEAST_MARGIN = 12;

    private Surroundings() {}

    static Rectangle of(CaseFile image, @Nullable LabelMap truth) {
        Rectangle whole = new Rectangle(image.image().width(), image.image().height());
        Rectangle objects = null;
        for (Box box : image.boxes()) {
            Box2D plane = box instanceof Box3D solid ? solid.inPlane() : (Box2D) box;
            Rectangle pixels = new Rectangle(
                    (int) plane.xMin(),
                    (int) plane.yMin(),
                    (int) (plane.xMax() - plane.xMin()) + 1,
                    (int) (plane.yMax() - plane.yMin()) + 1);
            objects = objects == null ? pixels : objects.union(pixels);
        }
        if (truth != null) {
            for (int z = 0; z < truth.depth(); z++) {
                objects = withLabels(objects, truth, z);
            }
        }
        if (objects == null) {
            return whole;
        }
        int margin = Math.max(LEAST_MARGIN, (int) (MARGIN * Math.max(objects.width, objects.height)));
        objects.grow(margin, margin);
        Rectangle part = objects.intersection(whole);
        return part.isEmpty() ? whole : part;
    }

    private static @Nullable Rectangle withLabels(@Nullable Rectangle objects, LabelMap truth, int z) {
        Rectangle grown = objects;
        for (int y = 0; y < truth.height(); y++) {
            for (int x = 0; x < truth.width(); x++) {
                if (truth.get(z, y, x) != 0 && (grown == null || !grown.contains(x, y))) {
                    Rectangle pixel = new Rectangle(x, y, 1, 1);
                    grown = grown == null ? pixel : grown.union(pixel);
                }
            }
        }
        return grown;
    }
}
