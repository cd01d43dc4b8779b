package org.medficientsam.eval.phantom;

import java.util.ArrayList;
import java.util.List;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.SplitRandom;
import org.medficientsam.eval.phantom.Shape.Knot;

/**
 * FDG whole-body PET: physiologic uptake (heart wall, kidneys, bladder) beside tumours that are lobed, necrotic, forked or
 * broken in two; blurred by the scanner's point spread, then counting noise.
 */
final class PetPhantom implements Phantom {

    private static final int DEPTH = 32;
    private static final int SIZE = 112;

    @Override
    public Modality modality() {
        return Modality.PET;
    }

    @Override
    public Scene draw(SplitRandom random) {
        Scene scene = Scene.volume(DEPTH, SIZE, SIZE, 4.0, 4.0, 5.0);
        SplitRandom body = random.split("body");
        double cy = SIZE * body.between(0.48, 0.52);
        double cx = SIZE * body.between(0.48, 0.52);
        Noise texture = new Noise(body);
        Shape torso =
                Shape.ellipsoid(0, cy, cx, 1e6, SIZE * 0.29, SIZE * 0.42, 0).warped(new Noise(body), 4, 40);
        scene.fill((c, z, y, x) -> 2);
        scene.paint(torso, 0.04, (c, z, y, x) -> 26 + 12 * texture.fractal(z / 3.0, y / 9.0, x / 9.0, 3));
        for (int side = -1; side <= 1; side += 2) {
            Shape lung = Shape.ellipsoid(6, cy - 2, cx + side * 21, 9, 19, 14, side * 0.2)
                    .warped(texture, 4, 20);
            scene.paint(lung, 0.1, (c, z, y, x) -> 13 + 4 * texture.at(z / 2.0, y / 5.0, x / 5.0));
        }
        physiologic(scene, body, cy, cx, texture);

        SplitRandom tumours = random.split("tumours");
        necroticMass(scene, tumours, cy, cx);
        nodeChain(scene, tumours, cy, cx);
        forked(scene, tumours, cy, cx);
        if (tumours.chance(0.6)) {
            small(scene, tumours, cy, cx);
        }
        return expose(scene, random.split("noise"));
    }

    private static void physiologic(Scene scene, SplitRandom random, double cy, double cx, Noise texture) {
        Shape liver = Shape.ellipsoid(16, cy - 3, cx - 21, 7, 18, 17, 0).warped(texture, 5, 22);
        scene.paint(liver, 0.1, (c, z, y, x) -> 62 + 14 * texture.fractal(z / 2.0, y / 4.0, x / 4.0, 2));
        double heartZ = random.between(8, 10);
        Shape heart = Shape.ellipsoid(heartZ, cy - 10, cx + 9, 4, 10, 11, 0.5)
                .without(Shape.ellipsoid(heartZ - 1, cy - 11, cx + 9, 3, 6, 7, 0.5));
        scene.paint(heart, 0.2, (c, z, y, x) -> 128 + 30 * texture.at(z / 3.0, y / 6.0, x / 6.0));
        for (int side = -1; side <= 1; side += 2) {
            Shape kidney = Shape.ellipsoid(20, cy + 11, cx + side * 17, 4, 8, 6, side * 0.4);
            scene.paint(kidney, 0.2, (c, z, y, x) -> 150);
        }
        Shape bladder = Shape.ellipsoid(29, cy - 6, cx, 3.5, 8, 10, 0);
        scene.paint(bladder, 0.2, (c, z, y, x) -> 215);
    }

    /** Large, lobed, its cold core part of the tumour. */
    private static void necroticMass(Scene scene, SplitRandom random, double cy, double cx) {
        double z0 = random.between(6, 10);
        double y0 = cy + random.between(4, 9);
        double x0 = cx + random.between(16, 24);
        double radius = random.between(9, 12);
        Noise lobes = new Noise(random);
        Shape mass = Shape.ellipsoid(z0, y0, x0, radius / 2.4, radius * 0.8, radius, random.between(0, 3))
                .warped(lobes, 10, 14);
        Shape core = Shape.ellipsoid(z0, y0 + 1, x0 - 1, radius / 3.6, radius * 0.5, radius * 0.55, 0)
                .warped(lobes, 6, 9);
        double uptake = random.between(120, 170);
        scene.paint(mass, 0.1, (c, z, y, x) -> uptake + 55 * lobes.fractal(z / 2.0 + 9, y / 5.0, x / 5.0, 2));
        scene.paint(core.and(mass), 0.3, (c, z, y, x) -> 46);
        scene.label(mass);
    }

    /** A bent chain of nodes, one link of it cold: the same object in two pieces along z. */
    private static void nodeChain(Scene scene, SplitRandom random, double cy, double cx) {
        double z0 = random.between(9, 12);
        double lean = random.between(-6, 6);
        Shape chain = Shape.tube(List.of(
                        new Knot(z0, cy + 3, cx - 4, 4.4),
                        new Knot(z0 + 5, cy + 8 + lean * 0.3, cx - 2 + lean * 0.5, 4.8),
                        new Knot(z0 + 11, cy + 1, cx + 3 + lean, 2.6)))
                .warped(new Noise(random), 5, 8)
                .interrupted(z0 + 6, z0 + 6 + random.integer(1, 2));
        Noise uptake = new Noise(random);
        scene.paint(chain, 0.2, (c, z, y, x) -> 128 + 60 * uptake.at(z / 3.0, y / 4.0, x / 4.0));
        scene.label(chain);
    }

    /** Along a vessel's fork: a stem that splits into two tapering arms. */
    private static void forked(Scene scene, SplitRandom random, double cy, double cx) {
        double z0 = random.between(17, 19);
        double y0 = cy - random.between(8, 12);
        double x0 = cx + random.between(12, 18);
        Knot split = new Knot(z0 + 4, y0 + 1, x0, 4.2);
        Shape fork = Shape.tube(List.of(new Knot(z0, y0 - 2, x0 + 2, 4.8), split))
                .or(Shape.tube(List.of(split, new Knot(z0 + 10, y0 - 7, x0 - 8, 2))))
                .or(Shape.tube(List.of(split, new Knot(z0 + 9, y0 + 8, x0 + 7, 2))))
                .warped(new Noise(random), 4, 8);
        Noise uptake = new Noise(random);
        scene.paint(fork, 0.2, (c, z, y, x) -> 118 + 55 * uptake.at(z / 3.0, y / 4.0, x / 4.0));
        scene.label(fork);
    }

    private static void small(Scene scene, SplitRandom random, double cy, double cx) {
        List<Shape> foci = new ArrayList<>();
        double z0 = random.between(12, 19);
        for (int i = 0; i < 2; i++) {
            foci.add(Shape.ellipsoid(
                    z0 + 2 * i,
                    cy - 9 + random.between(-3, 3),
                    cx - 22 + 6 * i,
                    1.6,
                    random.between(2.6, 4),
                    random.between(2.6, 4.4),
                    0.4));
        }
        Shape both = foci.get(0).or(foci.get(1)).warped(new Noise(random), 3, 6);
        scene.paint(both, 0.2, (c, z, y, x) -> 138);
        scene.label(both);
    }

    private static Scene expose(Scene scene, SplitRandom random) {
        Field image = scene.channel(0).blur(0.6, 1.1, 1.1);
        Field grain =
                Field.gaussian(DEPTH, SIZE, SIZE, random).blur(0.5, 0.9, 0.9).standardised();
        image.set((z, y, x) -> {
            double uptake = Math.max(0, image.at(z, y, x));
            return 1.3 * uptake + grain.at(z, y, x) * (2 + 2 * Math.sqrt(uptake));
        });
        return scene;
    }
}
