package org.medficientsam.eval.phantom;

import java.util.List;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.SplitRandom;
import org.medficientsam.eval.phantom.Shape.Knot;

/**
 * Contrast-enhanced abdomen in a soft-tissue window: liver with vessels and a faint lesion, kidneys, an aorta that bends,
 * tapers and forks, a mesenteric vessel with an occluded stretch. Muscle, spleen and bowel share the organs' grey values.
 */
final class CtPhantom implements Phantom {

    private static final int DEPTH = 32;
    private static final int SIZE = 176;

    @Override
    public Modality modality() {
        return Modality.CT;
    }

    @Override
    public Scene draw(SplitRandom random) {
        Scene scene = Scene.volume(DEPTH, SIZE, SIZE, 1.9, 1.9, 5.0);
        SplitRandom body = random.split("body");
        double cy = SIZE * body.between(0.48, 0.52);
        double cx = SIZE * body.between(0.48, 0.52);
        double ry = SIZE * body.between(0.33, 0.37);
        double rx = SIZE * body.between(0.43, 0.46);
        Noise bend = new Noise(body);
        Noise texture = new Noise(body);
        Shape skin = column(cy, cx, ry, rx).warped(bend, 5, 60);
        Shape wall = column(cy, cx, ry - 9, rx - 9).warped(bend, 6, 50);
        Shape cavity = column(cy - 2, cx, ry - 17, rx - 15).warped(bend, 8, 40);

        scene.fill((c, z, y, x) -> 4);
        scene.paint(skin, 0.02, (c, z, y, x) -> 58 + 5 * texture.fractal(z / 3.0, y / 9.0, x / 9.0, 2));
        scene.paint(wall, 0.02, (c, z, y, x) -> 132 + 14 * texture.fractal(z / 4.0, y / 5.0, x / 9.0, 3));
        scene.paint(cavity, 0.02, (c, z, y, x) -> 70 + 8 * texture.fractal(z / 3.0, y / 12.0, x / 12.0, 2));
        bowel(scene, cavity, new Noise(body));
        spine(scene, cy + ry * 0.55, cx, texture);

        SplitRandom organs = random.split("organs");
        spleen(scene, organs, cy, cx, rx, texture);
        liver(scene, organs, cy, cx, ry, rx, texture);
        for (int side = -1; side <= 1; side += 2) {
            kidney(scene, organs, cy + ry * 0.3, cx + side * rx * 0.44, side, texture);
        }
        aorta(scene, random.split("aorta"), cy + ry * 0.22, cx + 4);
        mesenteric(scene, random.split("mesenteric"), cy - ry * 0.2, cx + rx * 0.12);
        return expose(scene, random.split("noise"), cy + ry * 0.55, cx);
    }

    private static Shape column(double cy, double cx, double ry, double rx) {
        return Shape.ellipsoid(0, cy, cx, 1e6, ry, rx, 0);
    }

    private static void bowel(Scene scene, Shape cavity, Noise loops) {
        Shape folds = (z, y, x) -> 1 - loops.fractal(z / 7, y / 19, x / 19, 2) * 4 + 0.5;
        scene.paint(
                cavity.and(folds), 0.3, (c, z, y, x) -> 128 + 26 * loops.fractal(z / 4.0 + 50, y / 8.0, x / 8.0, 2));
    }

    private static void spine(Scene scene, double y0, double x0, Noise texture) {
        Shape vertebra = column(y0, x0, 14, 17).warped(texture, 3, 14);
        Shape process =
                column(y0 + 21, x0, 10, 5).or(column(y0 + 14, x0, 5, 27)).warped(texture, 4, 16);
        Shape canal = column(y0 + 15, x0, 6, 7);
        scene.paint(vertebra.or(process), 0.08, (c, z, y, x) -> 236);
        scene.paint(
                column(y0, x0, 10, 13), 0.2, (c, z, y, x) -> 186 + 30 * texture.fractal(z / 2.0, y / 3.0, x / 3.0, 2));
        scene.paint(canal, 0.1, (c, z, y, x) -> 116);
    }

    private static void spleen(Scene scene, SplitRandom random, double cy, double cx, double rx, Noise texture) {
        Shape spleen = Shape.ellipsoid(random.between(11, 15), cy + 4, cx + rx * 0.66, 10, 26, 13, 0.3)
                .warped(new Noise(random), 8, 30);
        scene.paint(spleen, 0.05, (c, z, y, x) -> 146 + 6 * texture.fractal(z / 2.0, y / 6.0, x / 6.0, 2));
    }

    private static void liver(
            Scene scene, SplitRandom random, double cy, double cx, double ry, double rx, Noise texture) {
        double z0 = random.between(11, 15);
        double y0 = cy - ry * 0.12;
        double x0 = cx - rx * 0.42;
        Shape right = Shape.ellipsoid(z0, y0 + 3, x0, 11, 36, 30, random.between(-0.2, 0.2));
        Shape left = Shape.ellipsoid(z0 - 2, y0 - 16, x0 + 32, 7, 15, 32, random.between(0.1, 0.4));
        Shape liver = right.or(left).without(column(y0 + 16, x0 + 30, 15, 12)).warped(new Noise(random), 15, 46);
        double enhancement = random.between(142, 154);
        scene.paint(liver, 0.04, (c, z, y, x) -> enhancement + 9 * texture.fractal(z / 2.0, y / 5.0, x / 5.0, 3));
        Shape vessels = Shape.tube(List.of(new Knot(z0, y0 + 4, x0 + 26, 4), new Knot(z0 - 3, y0 - 6, x0 + 4, 2.6)))
                .or(Shape.tube(List.of(new Knot(z0 - 3, y0 - 6, x0 + 4, 2.6), new Knot(z0 - 8, y0 - 18, x0 - 14, 1.4))))
                .or(Shape.tube(
                        List.of(new Knot(z0 - 3, y0 - 6, x0 + 4, 2.6), new Knot(z0 + 4, y0 + 14, x0 - 14, 1.5))));
        scene.paint(vessels.and(liver), 0.3, (c, z, y, x) -> enhancement + 30);
        scene.label(liver);
        double radius = random.between(7, 11);
        Shape lesion = Shape.ellipsoid(
                        z0 + random.between(-3, 3),
                        y0 + random.between(6, 14),
                        x0 + random.between(-10, 0),
                        radius / 2.6,
                        radius,
                        radius * random.between(1, 1.5),
                        random.between(0, 3))
                .warped(new Noise(random), 7, 13);
        scene.paint(
                lesion,
                0.16,
                (c, z, y, x) -> enhancement - 33 + 24 * texture.fractal(z / 2.0 + 9, y / 6.0, x / 6.0, 2));
        scene.label(lesion.and(liver));
    }

    private static void kidney(Scene scene, SplitRandom random, double y0, double x0, int side, Noise texture) {
        double z0 = random.between(15, 19);
        double tilt = side * random.between(0.2, 0.5);
        Shape kidney = Shape.ellipsoid(z0, y0, x0, 9, 19, 12, tilt)
                .without(Shape.ellipsoid(z0, y0 + 1, x0 - side * 12, 4, 8, 9, 0))
                .warped(new Noise(random), 4, 18);
        Shape medulla = Shape.ellipsoid(z0, y0, x0 - side * 3, 6, 11, 6, tilt).warped(texture, 5, 8);
        scene.paint(kidney, 0.06, (c, z, y, x) -> 186 + 8 * texture.fractal(z / 2.0, y / 4.0, x / 4.0, 2));
        scene.paint(medulla.and(kidney), 0.3, (c, z, y, x) -> 148);
        scene.label(kidney);
    }

    /** Down through the slices, bending; near the bottom it forks into two tapering branches. */
    private static void aorta(Scene scene, SplitRandom random, double y0, double x0) {
        double sway = random.between(-7, 7);
        double fork = random.between(19, 22);
        Knot top = new Knot(-1, y0 - 3, x0 + sway, 8.5);
        Knot bend = new Knot(fork * 0.5, y0, x0 - sway, 7.5);
        Knot split = new Knot(fork, y0 + 2, x0 + sway * 0.5, 6.5);
        Shape trunk = Shape.tube(List.of(top, bend, split));
        Shape branches = Shape.tube(List.of(
                        split, new Knot(fork + 4, y0 + 1, x0 - 12, 5), new Knot(DEPTH - 2, y0 - 5, x0 - 27, 2.6)))
                .or(Shape.tube(List.of(
                        split, new Knot(fork + 4, y0 + 3, x0 + 11, 4.6), new Knot(DEPTH - 4, y0, x0 + 25, 2.2))));
        Shape aorta = trunk.or(branches);
        // Mural thrombus: part of the vessel, but not enhanced.
        Shape thrombus = Shape.ellipsoid(fork * 0.6, y0 + 6, x0 - sway * 0.6, 5, 5, 8, 0);
        scene.paint(aorta, 0.1, (c, z, y, x) -> 194);
        scene.paint(thrombus.and(aorta), 0.2, (c, z, y, x) -> 122);
        scene.label(aorta);
    }

    /** A vessel that turns back on itself and is occluded for some slices. */
    private static void mesenteric(Scene scene, SplitRandom random, double y0, double x0) {
        double gap = random.between(11, 14);
        Shape vessel = Shape.tube(List.of(
                        new Knot(4, y0, x0, 4.6),
                        new Knot(10, y0 + 9, x0 + 14, 4.2),
                        new Knot(18, y0 - 4, x0 + 24, 3.6),
                        new Knot(25, y0 + 8, x0 + 10, 2.6)))
                .interrupted(gap, gap + random.integer(1, 2));
        scene.paint(vessel, 0.2, (c, z, y, x) -> 180);
        scene.label(vessel);
    }

    /** Photon noise as reconstruction leaves it (grainy, correlated), and streaks from the spine. */
    private static Scene expose(Scene scene, SplitRandom random, double spineY, double spineX) {
        Field grain =
                Field.gaussian(DEPTH, SIZE, SIZE, random).blur(0.3, 0.8, 0.8).standardised();
        Noise streaks = new Noise(random);
        Field image = scene.channel(0).blur(0.25, 0.6, 0.6);
        image.set((z, y, x) -> {
            double direction = StrictMath.atan2(y - spineY, x - spineX);
            double distance = Math.sqrt((y - spineY) * (y - spineY) + (x - spineX) * (x - spineX));
            double streak = 5 * streaks.at(z, direction * 14, 0.5) * Math.min(1, distance / 30);
            return image.at(z, y, x) + 13 * grain.at(z, y, x) + streak;
        });
        return scene;
    }
}
