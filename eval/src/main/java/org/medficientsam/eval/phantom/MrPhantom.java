package org.medficientsam.eval.phantom;

import java.util.List;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.SplitRandom;
import org.medficientsam.eval.phantom.Shape.Knot;

/**
 * T1-weighted head: folded cortex, ventricles whose horns fork and taper, a tumour with rim and necrosis, a bent
 * hippocampus-like band as grey as the cortex beside it. Coil bias field, Rician noise.
 */
final class MrPhantom implements Phantom {

    private static final int DEPTH = 28;
    private static final int SIZE = 160;

    @Override
    public Modality modality() {
        return Modality.MR;
    }

    @Override
    public Scene draw(SplitRandom random) {
        Scene scene = Scene.volume(DEPTH, SIZE, SIZE, 1.3, 1.3, 4.5);
        SplitRandom head = random.split("head");
        double cy = SIZE * head.between(0.49, 0.52);
        double cx = SIZE * head.between(0.49, 0.51);
        double ry = SIZE * head.between(0.42, 0.45);
        double rx = SIZE * head.between(0.35, 0.38);
        double zc = DEPTH * 0.45;
        Noise bend = new Noise(head);
        Noise texture = new Noise(head);
        Shape scalp = Shape.ellipsoid(zc, cy, cx, DEPTH * 0.95, ry, rx, 0).warped(bend, 4, 50);
        Shape skull =
                Shape.ellipsoid(zc, cy, cx, DEPTH * 0.88, ry - 6, rx - 6, 0).warped(bend, 4, 50);
        Shape brain =
                Shape.ellipsoid(zc, cy, cx, DEPTH * 0.8, ry - 12, rx - 12, 0).warped(bend, 5, 45);

        scene.fill((c, z, y, x) -> 3);
        scene.paint(scalp, 0.03, (c, z, y, x) -> 176 + 24 * texture.fractal(z / 2.0, y / 6.0, x / 6.0, 2));
        scene.paint(skull, 0.03, (c, z, y, x) -> 26);
        scene.paint(brain, 0.04, (c, z, y, x) -> cortex(brain.level(z, y, x), texture, z, y, x, cx));

        ventricles(scene, random.split("ventricles"), zc, cy, cx);
        hippocampus(scene, random.split("hippocampus"), zc, cy, cx, texture);
        tumour(scene, random.split("tumour"), brain, zc, cy, cx, texture);
        return expose(scene, random.split("noise"));
    }

    /** White matter inside, grey matter in folds at the surface, fluid in the sulci and along the midline. */
    private static double cortex(double level, Noise folds, double z, double y, double x, double cx) {
        double fold = folds.fractal(z / 6, y / 13, x / 13, 3);
        double depthInside = level + 0.22 * fold;
        double sulcus = Math.abs(folds.at(z / 7 + 31, y / 10, x / 10));
        boolean fissure = Math.abs(x - cx + 2 * fold) < 1.2 && level > 0.35;
        if (fissure || (depthInside > 0.82 && sulcus < 0.13)) {
            return 46;
        }
        double grain = 7 * folds.fractal(z / 2 + 7, y / 4, x / 4, 2);
        return depthInside > 0.74 ? 112 + grain : 158 + grain;
    }

    private static void ventricles(Scene scene, SplitRandom random, double zc, double cy, double cx) {
        double spread = random.between(8, 12);
        double lift = random.between(-2, 2);
        Shape horns = Shape.tube(List.of(new Knot(zc, cy + 2, cx, 4), new Knot(zc + lift, cy + 6, cx, 3)));
        for (int side = -1; side <= 1; side += 2) {
            double size = random.between(0.85, 1.2);
            Knot body = new Knot(zc, cy, cx + side * spread * 0.6, 6.2 * size);
            horns = horns.or(Shape.tube(List.of(
                            body,
                            new Knot(zc + 2 + lift, cy - 14, cx + side * spread, 5.2 * size),
                            new Knot(zc + 4 + lift, cy - 27, cx + side * spread * 1.5, 2.2))))
                    .or(Shape.tube(List.of(
                            body,
                            new Knot(zc - 1, cy + 14, cx + side * spread * 1.3, 5.5 * size),
                            new Knot(zc - 5, cy + 27, cx + side * spread * 1.9, 3.4),
                            new Knot(zc - 9, cy + 15, cx + side * spread * 2.5, 1.7))));
        }
        Noise wobble = new Noise(random);
        Shape ventricles = horns.warped(wobble, 4, 14);
        // Choroid plexus: inside the ventricle, but not dark.
        Shape plexus = (z, y, x) -> 1.7 - 3 * wobble.fractal(z / 3 + 5, y / 5, x / 5, 2);
        scene.paint(ventricles, 0.18, (c, z, y, x) -> 40);
        scene.paint(ventricles.and(plexus), 0.3, (c, z, y, x) -> 104);
        scene.label(ventricles);
    }

    private static void hippocampus(Scene scene, SplitRandom random, double zc, double cy, double cx, Noise texture) {
        double side = random.chance(0.5) ? 1 : -1;
        double x0 = cx + side * random.between(29, 33);
        Shape band = Shape.tube(List.of(
                        new Knot(zc - 7, cy - 13, x0 - side * 4, 5.4),
                        new Knot(zc - 3, cy - 3, x0 + side * 3, 5),
                        new Knot(zc + 2, cy + 10, x0, 4),
                        new Knot(zc + 6, cy + 20, x0 - side * 9, 2.4)))
                .warped(new Noise(random), 4, 12);
        scene.paint(band, 0.25, (c, z, y, x) -> 118 + 9 * texture.fractal(z / 2.0 + 3, y / 4.0, x / 4.0, 2));
        scene.label(band);
    }

    private static void tumour(
            Scene scene, SplitRandom random, Shape brain, double zc, double cy, double cx, Noise texture) {
        double side = random.chance(0.5) ? 1 : -1;
        double z0 = zc + random.between(1, 5);
        double y0 = cy + random.between(-26, -8);
        double x0 = cx + side * random.between(24, 30);
        double radius = random.between(11, 15);
        Shape ball = Shape.ellipsoid(
                z0, y0, x0, radius / 3, radius * random.between(0.8, 1.1), radius * random.between(0.8, 1.1), 0.5);
        Shape tumour = ball.warped(new Noise(random), 11, 18).and(brain);
        Noise core = new Noise(random);
        Shape oedema = Shape.ellipsoid(z0, y0, x0, radius / 2.2, radius * 1.7, radius * 1.6, 0)
                .warped(core, 14, 20)
                .and(brain);
        scene.paint(oedema, 0.4, (c, z, y, x) -> 104 + 9 * texture.fractal(z / 3.0, y / 7.0, x / 7.0, 2));
        scene.paint(tumour, 0.14, (c, z, y, x) -> {
            double level = tumour.level(z, y, x) + 0.25 * core.fractal(z / 3.0, y / 6.0, x / 6.0, 2);
            return level > 0.7 ? 176 : 74 + 26 * core.at(z / 2.0, y / 4.0, x / 4.0);
        });
        scene.label(tumour);
    }

    private static Scene expose(Scene scene, SplitRandom random) {
        Noise coil = new Noise(random);
        Field real = Field.gaussian(DEPTH, SIZE, SIZE, random);
        Field imaginary = Field.gaussian(DEPTH, SIZE, SIZE, random);
        Field image = scene.channel(0).blur(0.3, 0.6, 0.6);
        image.set((z, y, x) -> {
            double gain = StrictMath.exp(0.45 * coil.fractal(z / 40.0, y / 95.0, x / 95.0, 2));
            double a = gain * image.at(z, y, x) + 9 * real.at(z, y, x);
            double b = 9 * imaginary.at(z, y, x);
            return Math.sqrt(a * a + b * b);
        });
        return scene;
    }
}
