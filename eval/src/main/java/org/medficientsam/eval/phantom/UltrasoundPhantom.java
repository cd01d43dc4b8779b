package org.medficientsam.eval.phantom;

import org.medficientsam.eval.Modality;
import org.medficientsam.eval.SplitRandom;

/**
 * B-mode breast: layered tissue, a dark lobed lesion with a shadow or enhancement below it, a bright rim in places, cysts
 * of the same grey nearby; fully developed speckle, log compression, depth attenuation.
 */
final class UltrasoundPhantom implements Phantom {

    private static final int HEIGHT = 256;
    private static final int WIDTH = 320;

    @Override
    public Modality modality() {
        return Modality.US;
    }

    @Override
    public Scene draw(SplitRandom random) {
        Scene scene = Scene.grey(HEIGHT, WIDTH);
        SplitRandom tissue = random.split("tissue");
        Noise layers = new Noise(tissue);
        // The scene holds echogenicity in decibels until it is scanned.
        scene.fill((c, z, y, x) -> {
            double waved = y + 14 * layers.fractal(0, y / 120.0, x / 90.0, 2);
            double band = waved < 18 ? -6 : waved < 70 ? -19 : waved < 150 ? -12 : -17;
            double septa = 1 - Math.abs(layers.fractal(0, y / 16.0, x / 60.0, 3));
            return band + 13 * septa * septa - 9 + 4 * layers.fractal(0, y / 30.0 + 77, x / 30.0, 2);
        });
        SplitRandom mass = random.split("mass");
        double cy = HEIGHT * mass.between(0.38, 0.52);
        double cx = WIDTH * mass.between(0.35, 0.65);
        double ry = mass.between(26, 42);
        double rx = ry * mass.between(1.15, 1.7);
        distractors(scene, tissue, cy, cx);
        Noise lobes = new Noise(mass);
        Shape lesion = Shape.ellipse(cy, cx, ry, rx, mass.between(-0.4, 0.4))
                .or(Shape.ellipse(cy + ry * 0.4, cx + rx * mass.between(-0.8, 0.8), ry * 0.7, rx * 0.5, 0.3))
                .warped(lobes, 26, 46);
        double below = mass.chance(0.5) ? -9 : 7;
        Shape trail = (z, y, x) -> y < cy ? Double.MAX_VALUE : Math.abs(x - cx) / (rx * 0.75);
        scene.blend(trail, 0.3, 1, (c, z, y, x) -> scene.channel(0).at(z, y, x) + below);
        double contrast = mass.between(-34, -30);
        scene.paint(lesion, 0.1, (c, z, y, x) -> {
            double inner = 9 * lobes.fractal(0, y / 18.0 + 40, x / 18.0, 3);
            // One side blends into the tissue, as lesions do where the beam grazes them.
            double fading = 11 * Math.max(0, lobes.at(0, y / 60.0 + 5, x / 60.0));
            return contrast + inner + fading;
        });
        scene.label(lesion);
        return scan(scene, random.split("speckle"));
    }

    private static void distractors(Scene scene, SplitRandom random, double cy, double cx) {
        for (int i = 0; i < 4; i++) {
            double side = i % 2 == 0 ? -1 : 1;
            Shape lobule = Shape.ellipse(
                            cy + random.between(-50, 60),
                            cx + side * random.between(50, 110),
                            random.between(8, 18),
                            random.between(16, 34),
                            random.between(-0.4, 0.4))
                    .warped(new Noise(random), 10, 25);
            double level = random.between(-30, -22);
            scene.paint(lobule, 0.2, (c, z, y, x) -> level);
        }
    }

    /** Rayleigh amplitude of a scatterer field seen through the beam, then log compression to 8 bits. */
    private static Scene scan(Scene scene, SplitRandom random) {
        Field real = Field.gaussian(1, HEIGHT, WIDTH, random).blur(0, 0.8, 1.7).standardised();
        Field imaginary =
                Field.gaussian(1, HEIGHT, WIDTH, random).blur(0, 0.8, 1.7).standardised();
        Field image = scene.channel(0).blur(0, 0.7, 1.2);
        image.set((z, y, x) -> {
            double a = real.at(z, y, x);
            double b = imaginary.at(z, y, x);
            double speckle = 10 * StrictMath.log10((a * a + b * b) / 2 + 1e-4);
            double attenuation = -0.025 * y;
            return 236 + 4.6 * (image.at(z, y, x) + 0.8 * speckle + attenuation);
        });
        image.blur(0, 0.5, 0.6);
        return scene;
    }
}
