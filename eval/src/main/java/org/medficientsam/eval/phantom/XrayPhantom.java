package org.medficientsam.eval.phantom;

import java.util.List;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.SplitRandom;
import org.medficientsam.eval.phantom.Shape.Knot;

/**
 * Chest radiograph, frontal: lungs seen through ribs, clavicles and vessels, the heart's shadow over the left one, dark air
 * beside the body as dark as the lungs. Each lung is a label.
 */
final class XrayPhantom implements Phantom {

    private static final int HEIGHT = 320;
    private static final int WIDTH = 320;

    @Override
    public Modality modality() {
        return Modality.XRAY;
    }

    @Override
    public Scene draw(SplitRandom random) {
        Scene scene = Scene.grey(HEIGHT, WIDTH);
        SplitRandom body = random.split("body");
        Noise bend = new Noise(body);
        Noise texture = new Noise(body);
        double cx = WIDTH * body.between(0.48, 0.52);
        double top = HEIGHT * body.between(0.13, 0.18);
        double bottom = HEIGHT * body.between(0.76, 0.82);
        double spread = WIDTH * body.between(0.19, 0.21);
        // The scene holds attenuation; film darkens where little is attenuated.
        scene.fill((c, z, y, x) -> 6);
        Shape trunk = Shape.ellipse(HEIGHT * 0.75, cx, HEIGHT * 0.75, WIDTH * 0.47, 0)
                .or(Shape.tube(List.of(new Knot(0, 0, cx, 34), new Knot(0, HEIGHT * 0.2, cx, 40))))
                .warped(bend, 10, 80);
        scene.paint(
                trunk, 0.05, (c, z, y, x) -> 128 + 26.0 * y / HEIGHT + 9 * texture.fractal(0, y / 40.0, x / 40.0, 3));
        for (int side = -1; side <= 1; side += 2) {
            lung(scene, body.split(side < 0 ? "right" : "left"), top, bottom, cx, side, spread, texture);
        }
        mediastinum(scene, body, top, bottom, cx, bend);
        ribs(scene, body, top, bottom, cx, trunk);
        return expose(scene, random.split("noise"));
    }

    private static void lung(
            Scene scene,
            SplitRandom random,
            double top,
            double bottom,
            double cx,
            int side,
            double spread,
            Noise texture) {
        double x0 = cx + side * spread;
        double middle = (top + bottom) / 2;
        double half = (bottom - top) / 2;
        Shape apex = Shape.ellipse(middle - half * 0.25, x0 - side * 10, half * 0.75, spread * 0.62, side * 0.12);
        Shape base = Shape.ellipse(middle + half * 0.35, x0 + side * 6, half * 0.72, spread * 0.78, side * -0.08);
        Shape dome = Shape.ellipse(bottom + 34, x0 - side * 8, 62, spread * 0.95, 0);
        Shape lung = apex.or(base).without(dome).warped(new Noise(random), 13, 70);
        Shape heart = Shape.ellipse(
                middle + half * 0.5,
                cx + 22,
                half * random.between(0.42, 0.5),
                spread * random.between(0.72, 0.82),
                0.6);
        Shape aerated = side > 0 ? lung.without(heart) : lung;
        double density = random.between(44, 58);
        scene.paint(
                aerated,
                0.05,
                (c, z, y, x) -> density
                        + 26 * Math.max(0, texture.fractal(0, y / 14.0, x / 14.0, 3))
                        + 16.0 * Math.max(0, 1 - Math.abs(x - cx) / spread)
                        + 34 * Math.max(0, texture.at(0, y / 60.0 + 3, x / 60.0 + 7)));
        scene.label(aerated);
    }

    private static void mediastinum(Scene scene, SplitRandom random, double top, double bottom, double cx, Noise bend) {
        Shape spine = Shape.tube(List.of(new Knot(0, 0, cx, 13), new Knot(0, HEIGHT, cx + random.between(-5, 5), 15)));
        scene.blend(spine, 0.25, 0.5, (c, z, y, x) -> 206 + 16 * StrictMath.sin(y / 3.5));
        Shape vessels = Shape.tube(List.of(new Knot(0, top - 10, cx, 22), new Knot(0, bottom, cx + 6, 34)))
                .warped(bend, 12, 40);
        scene.blend(vessels, 0.2, 0.6, (c, z, y, x) -> 176);
        for (int side = -1; side <= 1; side += 2) {
            for (int branch = 0; branch < 7; branch++) {
                double y0 = (top + bottom) / 2 + random.between(-12, 12);
                double reach = random.between(38, 62);
                double slope = random.between(-1.2, 1.4);
                Shape vessel = Shape.tube(List.of(
                                new Knot(0, y0, cx + side * 24, 5),
                                new Knot(0, y0 + slope * reach * 0.5, cx + side * (24 + reach * 0.6), 2.6),
                                new Knot(0, y0 + slope * reach, cx + side * (24 + reach), 0.9)))
                        .warped(bend, 5, 20);
                scene.blend(vessel, 0.4, 0.45, (c, z, y, x) -> 170);
            }
        }
    }

    /** Each rib arches down and outward; over lung it lifts the film's brightness, as bone does. */
    private static void ribs(Scene scene, SplitRandom random, double top, double bottom, double cx, Shape trunk) {
        for (int side = -1; side <= 1; side += 2) {
            for (int rib = 0; rib < 9; rib++) {
                double y0 = top - 14 + rib * (bottom - top) / 8 + random.between(-3, 3);
                double reach = WIDTH * (0.24 + 0.14 * Math.min(1, rib / 4.0));
                Shape arch = Shape.tube(List.of(
                        new Knot(0, y0 - 4, cx + side * 14, 5),
                        new Knot(0, y0 - 10, cx + side * reach * 0.45, 5.4),
                        new Knot(0, y0 + 6, cx + side * reach * 0.82, 5.2),
                        new Knot(0, y0 + 36, cx + side * reach, 4.4)));
                addBone(scene, arch.and(trunk), 30);
            }
            double y0 = top + random.between(2, 10);
            addBone(
                    scene,
                    Shape.tube(List.of(
                            new Knot(0, y0 + 12, cx + side * 10, 6),
                            new Knot(0, y0, cx + side * 60, 5),
                            new Knot(0, y0 - 14, cx + side * 118, 6))),
                    44);
        }
    }

    private static void addBone(Scene scene, Shape bone, double strength) {
        // The cortex attenuates more than the marrow: two bright lines with a paler band between.
        scene.blend(
                bone,
                0.25,
                1,
                (c, z, y, x) -> scene.channel(0).at(z, y, x)
                        + strength * (0.55 + 0.45 * Math.min(1, bone.level(z, y, x) * bone.level(z, y, x))));
    }

    private static Scene expose(Scene scene, SplitRandom random) {
        Field grain = Field.gaussian(1, HEIGHT, WIDTH, random).blur(0, 0.6, 0.6).standardised();
        Noise scatter = new Noise(random);
        Field image = scene.channel(0).blur(0, 1.1, 1.1);
        image.set((z, y, x) -> {
            double attenuation = image.at(z, y, x) * (1 + 0.14 * scatter.at(0, y / 170.0, x / 170.0));
            double film = 255 * (1 - StrictMath.exp(-attenuation / 118)) / (1 - StrictMath.exp(-255 / 118.0));
            return film + 6 * grain.at(z, y, x);
        });
        return scene;
    }
}
