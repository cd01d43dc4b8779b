package org.medficientsam.eval.phantom;

import org.medficientsam.eval.Modality;
import org.medficientsam.eval.SplitRandom;

/**
 * Colon through an endoscope: folds receding into a dark lumen, a lamp that falls off with distance, vessels, a polyp of the
 * mucosa's own colour told mostly by shading and rim, wet highlights, the octagon of the camera.
 */
final class EndoscopyPhantom implements Phantom {

    private static final int HEIGHT = 288;
    private static final int WIDTH = 352;
    private static final double[] MUCOSA = {214, 122, 100};

    @Override
    public Modality modality() {
        return Modality.ENDOSCOPY;
    }

    @Override
    public Scene draw(SplitRandom random) {
        Scene scene = Scene.colour(HEIGHT, WIDTH);
        SplitRandom colon = random.split("colon");
        double lumenY = HEIGHT * colon.between(0.25, 0.45);
        double lumenX = WIDTH * colon.between(0.3, 0.7);
        Noise wall = new Noise(colon);
        Noise vessels = new Noise(colon);
        scene.fill((c, z, y, x) -> MUCOSA[c] * shade(y, x, lumenY, lumenX, wall) - vessel(c, y, x, vessels));

        SplitRandom growth = random.split("polyp");
        double cy = HEIGHT * growth.between(0.5, 0.64);
        double cx = lumenX + WIDTH * growth.between(-0.14, 0.14);
        double ry = growth.between(34, 52);
        double rx = ry * growth.between(1, 1.35);
        Noise lobes = new Noise(growth);
        Shape polyp = Shape.ellipse(cy, cx, ry, rx, growth.between(-0.7, 0.7))
                .or(Shape.ellipse(cy + ry * 0.5, cx + rx * growth.between(-0.9, 0.9), ry * 0.7, rx * 0.55, 0.4))
                .warped(lobes, 34, 55);
        double lightY = cy - ry * 0.45;
        double lightX = cx - rx * growth.between(-0.4, 0.4);
        double hue = growth.between(-10, 14);
        Shape shadow = Shape.ellipse(cy + 9, cx + 5, ry * 1.1, rx * 1.1, 0).warped(lobes, 34, 55);
        scene.blend(shadow, 0.25, 0.3, (c, z, y, x) -> MUCOSA[c] * 0.35);
        scene.paint(polyp, 0.07, (c, z, y, x) -> {
            double dy = (y - lightY) / ry;
            double dx = (x - lightX) / rx;
            double lamp = 1.12 - 0.33 * (dy * dy + dx * dx);
            double pits =
                    0.13 * lobes.fractal(0, y / 6.0, x / 6.0, 2) + 0.16 * lobes.fractal(0, y / 26.0 + 8, x / 26.0, 2);
            double tone = Math.max(0.3, lamp + pits);
            return MUCOSA[c] * tone
                    + (c == 0 ? hue * 0.4 : c == 1 ? -hue : -0.6 * hue)
                    - 0.6 * vessel(c, y, x, vessels);
        });
        scene.label(polyp);
        highlights(scene, random.split("highlights"), lightY, lightX);
        return expose(scene, random.split("camera"));
    }

    /** Brightness of the wall: dark in the lumen, rings of folds around it. */
    private static double shade(double y, double x, double lumenY, double lumenX, Noise wall) {
        double dy = (y - lumenY) / 1.15;
        double dx = x - lumenX;
        double distance = Math.sqrt(dy * dy + dx * dx) + 22 * wall.fractal(0, y / 55, x / 55, 3);
        double depth = Math.max(0, Math.min(1, distance / 120));
        double fold = StrictMath.sin(distance / (9 + distance / 12) + 2.4 * wall.at(0, y / 80 + 5, x / 80));
        double ridge = 0.22 * (1 - depth * 0.3) * fold * Math.abs(fold);
        double tone = 0.16 + 0.88 * depth * depth * (3 - 2 * depth) + ridge;
        return Math.max(0.06, tone + 0.07 * wall.fractal(0, y / 12 + 40, x / 12, 3));
    }

    private static double vessel(int channel, double y, double x, Noise vessels) {
        double line = Math.abs(vessels.fractal(0, y / 38, x / 38, 3));
        double strength = Math.max(0, 1 - line / 0.045);
        return strength * (channel == 0 ? 18 : 30);
    }

    private static void highlights(Scene scene, SplitRandom random, double y0, double x0) {
        for (int i = 0; i < 22; i++) {
            double y = i < 6 ? y0 + random.between(-16, 22) : random.between(30, HEIGHT - 20);
            double x = i < 6 ? x0 + random.between(-28, 28) : random.between(30, WIDTH - 30);
            double size = random.between(1.5, 5.5);
            Shape glint = Shape.ellipse(y, x, size, size * random.between(1, 2.4), random.between(0, 3));
            scene.blend(glint, 0.5, 0.9, (c, z, yy, xx) -> 250);
        }
    }

    private static Scene expose(Scene scene, SplitRandom random) {
        for (int channel = 0; channel < 3; channel++) {
            Field grain =
                    Field.gaussian(1, HEIGHT, WIDTH, random).blur(0, 0.5, 0.5).standardised();
            Field image = scene.channel(channel).blur(0, 1, 1);
            image.set((z, y, x) -> {
                double corner = Math.abs(y - HEIGHT / 2.0) / HEIGHT + Math.abs(x - WIDTH / 2.0) / WIDTH;
                boolean outside = corner > 0.8 || x < 8 || x >= WIDTH - 8;
                return (outside ? 6 : image.at(z, y, x)) + (outside ? 1.5 : 5) * grain.at(z, y, x);
            });
        }
        return scene;
    }
}
