package org.medficientsam.eval.phantom;

import java.util.ArrayList;
import java.util.List;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.SplitRandom;
import org.medficientsam.eval.phantom.Shape.Knot;

/**
 * Retina: optic disc with its cup (two labels), both crossed by vessels and fading to the temporal side, a macula, clusters
 * of hard exudates as bright as the disc (labels of their own), uneven illumination, the round field of the camera.
 */
final class FundusPhantom implements Phantom {

    private static final int SIZE = 384;
    private static final double[] RETINA = {196, 98, 48};

    @Override
    public Modality modality() {
        return Modality.FUNDUS;
    }

    @Override
    public Scene draw(SplitRandom random) {
        Scene scene = Scene.colour(SIZE, SIZE);
        SplitRandom eye = random.split("eye");
        double side = eye.chance(0.5) ? 1 : -1;
        double cy = SIZE * eye.between(0.46, 0.54);
        double cx = SIZE * (0.5 + side * eye.between(0.16, 0.24));
        Noise choroid = new Noise(eye);
        scene.fill((c, z, y, x) -> RETINA[c]
                + 20 * choroid.fractal(0, y / 60.0, x / 60.0, 3)
                + (c == 0 ? 10 : 5) * choroid.fractal(0, y / 7.0 + 20, x / 7.0, 2));
        Shape macula = Shape.ellipse(cy + 12, cx - side * SIZE * 0.3, 34, 36, 0);
        scene.blend(macula, 0.9, 0.55, (c, z, y, x) -> RETINA[c] * 0.55);

        SplitRandom head = random.split("disc");
        double radius = head.between(34, 44);
        Noise rim = new Noise(head);
        Shape atrophy = Shape.ellipse(cy, cx - side * radius * 0.55, radius * 1.05, radius * 0.95, 0)
                .warped(rim, 12, 26);
        scene.blend(atrophy, 0.2, 0.45, (c, z, y, x) -> new double[] {226, 158, 92}[c]);
        Shape disc = Shape.ellipse(cy, cx, radius, radius * head.between(0.8, 0.95), head.between(-0.3, 0.3))
                .warped(rim, 14, 40);
        scene.paint(
                disc,
                0.16,
                (c, z, y, x) -> new double[] {228, 162, 96}[c]
                        + 14 * rim.fractal(0, y / 10.0, x / 10.0, 2)
                        - 34 * Math.max(0, side * (x - cx) / radius));
        scene.label(disc);
        double ratio = head.between(0.45, 0.65);
        Shape cup = Shape.ellipse(cy + 2, cx - side * radius * 0.12, radius * ratio, radius * ratio * 0.9, 0.5)
                .warped(rim, 17, 24);
        scene.paint(
                cup,
                0.3,
                (c, z, y, x) -> new double[] {243, 202, 140}[c] + 12 * rim.fractal(0, y / 8.0 + 9, x / 8.0, 2));
        scene.label(cup);
        exudates(scene, random.split("exudates"), cy, cx, side);
        vessels(scene, random.split("vessels"), cy, cx, side);
        return expose(scene, random.split("camera"));
    }

    private static void exudates(Scene scene, SplitRandom random, double cy, double cx, double side) {
        int clusters = random.integer(1, 3);
        for (int cluster = 0; cluster < clusters; cluster++) {
            double y0 = cy + random.between(40, 96) * (random.chance(0.5) ? 1 : -1);
            double x0 = cx - side * random.between(60, 150);
            Shape spots = null;
            for (int spot = 0; spot < 7; spot++) {
                Shape one = Shape.ellipse(
                        y0 + random.between(-12, 12),
                        x0 + random.between(-14, 14),
                        random.between(3, 7),
                        random.between(3, 9),
                        random.between(0, 3));
                spots = spots == null ? one : spots.or(one);
            }
            if (spots != null) {
                Shape cloud = spots.warped(new Noise(random), 7, 9);
                scene.paint(cloud, 0.25, (c, z, y, x) -> new double[] {236, 190, 92}[c]);
                scene.label(cloud);
            }
        }
    }

    /** Four arcades and their branches; arteries paler and thinner than veins. */
    private static void vessels(Scene scene, SplitRandom random, double cy, double cx, double side) {
        for (int up = -1; up <= 1; up += 2) {
            for (int vein = 0; vein <= 1; vein++) {
                arcade(scene, random, cy, cx + 4 * (vein - 0.5), up, -side, vein == 1);
                arcade(scene, random, cy, cx - 5 * (vein - 0.5), up, side * 0.5, vein == 1);
            }
        }
    }

    private static void arcade(
            Scene scene, SplitRandom random, double cy, double cx, int up, double side, boolean vein) {
        List<Knot> path = new ArrayList<>();
        double reach = random.between(0.8, 1.2);
        double thick = vein ? 4.2 : 3;
        for (int step = 0; step <= 7; step++) {
            double t = step / 7.0;
            double y = cy + up * reach * (150 * StrictMath.sin(1.7 * t)) + random.between(-5, 5) * Math.min(1, step);
            double x = cx + side * reach * (20 + 230 * t) * t + random.between(-5, 5) * Math.min(1, step);
            path.add(new Knot(0, y, x, thick * (1 - 0.72 * t)));
        }
        Shape tree = Shape.tube(path);
        for (int branch = 1; branch <= 4; branch++) {
            Knot root = path.get(branch + 1);
            double out = random.between(-0.6, 1) * up;
            tree = tree.or(Shape.tube(List.of(
                    root,
                    new Knot(0, root.y() + out * 34, root.x() + side * random.between(18, 50), root.radius() * 0.55),
                    new Knot(0, root.y() + out * 70, root.x() + side * random.between(50, 90), 0.6))));
        }
        double[] colour = vein ? new double[] {122, 38, 24} : new double[] {158, 60, 34};
        scene.blend(tree.warped(new Noise(random), 6, 22), 0.35, 0.82, (c, z, y, x) -> colour[c]);
    }

    private static Scene expose(Scene scene, SplitRandom random) {
        Noise light = new Noise(random);
        for (int channel = 0; channel < 3; channel++) {
            Field grain = Field.gaussian(1, SIZE, SIZE, random);
            Field image = scene.channel(channel).blur(0, 1, 1);
            image.set((z, y, x) -> {
                double dy = (y - SIZE / 2.0) / (SIZE * 0.48);
                double dx = (x - SIZE / 2.0) / (SIZE * 0.48);
                double radius = dy * dy + dx * dx;
                if (radius > 1) {
                    return 3 + grain.at(z, y, x);
                }
                double gain = 1.03 - 0.42 * radius * radius + 0.24 * light.fractal(0, y / 170.0, x / 170.0, 2);
                return image.at(z, y, x) * gain + 5 * grain.at(z, y, x);
            });
        }
        return scene;
    }
}
