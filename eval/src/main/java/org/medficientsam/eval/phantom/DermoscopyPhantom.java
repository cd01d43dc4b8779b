package org.medficientsam.eval.phantom;

import java.util.ArrayList;
import java.util.List;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.SplitRandom;
import org.medficientsam.eval.phantom.Shape.Knot;

/**
 * Pigmented skin lesion under a dermatoscope: ragged border that fades on one side, pigment network, pale regression areas,
 * globules and freckles outside it, hairs across it, vignette and immersion bubbles.
 */
final class DermoscopyPhantom implements Phantom {

    private static final int HEIGHT = 288;
    private static final int WIDTH = 384;
    private static final double[] SKIN = {222, 178, 158};
    private static final double[] PIGMENT = {118, 72, 58};

    @Override
    public Modality modality() {
        return Modality.DERMOSCOPY;
    }

    @Override
    public Scene draw(SplitRandom random) {
        Scene scene = Scene.colour(HEIGHT, WIDTH);
        SplitRandom skin = random.split("skin");
        Noise texture = new Noise(skin);
        double redness = skin.between(-14, 10);
        scene.fill((c, z, y, x) -> SKIN[c]
                + (c == 0 ? redness : -0.4 * redness)
                + 13 * texture.fractal(0, y / 70.0, x / 70.0, 3)
                + 6 * texture.fractal(0, y / 5.0 + 9, x / 5.0, 2));

        SplitRandom mole = random.split("mole");
        double cy = HEIGHT * mole.between(0.42, 0.58);
        double cx = WIDTH * mole.between(0.42, 0.58);
        double ry = HEIGHT * mole.between(0.2, 0.29);
        double rx = ry * mole.between(1, 1.45);
        Noise border = new Noise(mole);
        Noise network = new Noise(mole);
        freckles(scene, mole, cy, cx, ry);
        Shape lesion = Shape.ellipse(cy, cx, ry, rx, mole.between(0, 3))
                .or(Shape.ellipse(
                        cy + mole.between(-0.8, 0.8) * ry, cx + mole.between(-0.8, 0.8) * rx, ry * 0.6, rx * 0.5, 1))
                .warped(border, 38, 74);
        scene.paint(lesion, 0.12, (c, z, y, x) -> pigment(c, y, x, network, lesion.level(z, y, x), redness));
        scene.label(lesion);
        globules(scene, mole, lesion, cy, cx, rx);
        hairs(scene, random.split("hairs"));
        return expose(scene, random.split("camera"));
    }

    private static double pigment(int channel, int y, int x, Noise network, double level, double redness) {
        double mesh = Math.abs(network.fractal(0, y / 7.0, x / 7.0, 2));
        double dose = 0.72 + 0.5 * network.fractal(0, y / 55.0 + 3, x / 55.0, 3) - 0.55 * Math.min(0.45, mesh);
        double regression = Math.max(0, network.at(0, y / 42.0 + 61, x / 42.0) - 0.3) * 1.2;
        double fading = 0.55 * Math.max(0, level - 0.55) * (1 + network.at(0, y / 90.0 + 13, x / 90.0));
        dose = Math.min(1.15, Math.max(0.16, dose - regression - fading));
        double skin = SKIN[channel] + (channel == 0 ? redness : -0.4 * redness);
        return skin + dose * (PIGMENT[channel] - skin);
    }

    private static void freckles(Scene scene, SplitRandom random, double cy, double cx, double ry) {
        for (int i = 0; i < 9; i++) {
            double y = cy + random.between(-1.7, 1.7) * ry;
            double x = cx + random.between(-2, 2) * ry;
            double radius = random.between(4, 15);
            Shape freckle = Shape.ellipse(y, x, radius, radius * 1.2, 0.4).warped(new Noise(random), 10, 14);
            double dose = random.between(0.25, 0.6);
            scene.blend(freckle, 0.4, dose, (c, z, yy, xx) -> PIGMENT[c] + 25);
        }
    }

    private static void globules(Scene scene, SplitRandom random, Shape lesion, double cy, double cx, double rx) {
        for (int i = 0; i < 26; i++) {
            double y = cy + random.between(-1, 1) * rx;
            double x = cx + random.between(-1, 1) * rx;
            double radius = random.between(1.6, 4);
            Shape globule = Shape.ellipse(y, x, radius, radius, 0).and(lesion);
            scene.blend(globule, 0.4, 0.6, (c, z, yy, xx) -> PIGMENT[c] - 45);
        }
    }

    private static void hairs(Scene scene, SplitRandom random) {
        int count = random.integer(6, 13);
        for (int i = 0; i < count; i++) {
            double y = random.between(0, HEIGHT);
            double x = random.between(0, WIDTH);
            double direction = random.between(0, 6.28);
            double reach = random.between(90, 200);
            double curl = random.between(-0.5, 0.5);
            List<Knot> path = new ArrayList<>();
            for (int step = 0; step <= 8; step++) {
                path.add(new Knot(0, y, x, 1.4 - 0.09 * step));
                y += reach / 8 * StrictMath.sin(direction);
                x += reach / 8 * StrictMath.cos(direction);
                direction += curl / 4;
            }
            Shape hair = Shape.tube(path);
            scene.blend(hair, 0.3, 0.85, (c, z, yy, xx) -> 52 - 8 * c);
        }
    }

    private static Scene expose(Scene scene, SplitRandom random) {
        Noise light = new Noise(random);
        for (int i = 0; i < 4; i++) {
            double y = random.between(20, HEIGHT - 20);
            double x = random.between(20, WIDTH - 20);
            Shape bubble = Shape.ellipse(y, x, random.between(3, 7), random.between(3, 7), 0);
            scene.blend(bubble, 0.5, 0.5, (c, z, yy, xx) -> 248);
        }
        for (int channel = 0; channel < 3; channel++) {
            Field grain = Field.gaussian(1, HEIGHT, WIDTH, random);
            Field image = scene.channel(channel).blur(0, 0.8, 0.8);
            image.set((z, y, x) -> {
                double dy = (y - HEIGHT / 2.0) / HEIGHT;
                double dx = (x - WIDTH / 2.0) / WIDTH;
                double vignette = 1.04 - 0.75 * (dy * dy + dx * dx) + 0.09 * light.at(0, y / 190.0, x / 190.0);
                return image.at(z, y, x) * vignette + 4 * grain.at(z, y, x);
            });
        }
        return scene;
    }
}
