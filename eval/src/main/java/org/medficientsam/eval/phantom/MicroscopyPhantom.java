package org.medficientsam.eval.phantom;

import java.util.ArrayList;
import java.util.List;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.SplitRandom;

/**
 * Many small cells: a stained section or a fluorescence image. Cells are bent, crowd and touch each other, differ in
 * brightness from cell to cell and within one, among debris and out-of-focus ghosts. Every cell is a label.
 */
final class MicroscopyPhantom implements Phantom {

    private static final int SIZE = 288;

    @Override
    public Modality modality() {
        return Modality.MICROSCOPY;
    }

    @Override
    public Scene draw(SplitRandom random) {
        Scene scene = Scene.colour(SIZE, SIZE);
        boolean stained = random.split("stain").chance(0.5);
        SplitRandom slide = random.split("slide");
        Noise ground = new Noise(slide);
        double[] back = stained ? new double[] {226, 186, 208} : new double[] {16, 20, 26};
        double[] nucleus = stained ? new double[] {112, 74, 146} : new double[] {70, 112, 190};
        double strength = stained ? 24 : 9;
        scene.fill((c, z, y, x) -> back[c]
                + strength * ground.fractal(0, y / 40.0, x / 40.0, 3)
                + strength * 0.6 * ground.fractal(0, y / 6.0, x / 9.0, 2));
        ghosts(scene, slide, back, nucleus);
        SplitRandom cells = random.split("cells");
        for (Cell cell : scatter(cells)) {
            draw(scene, cells, cell, back, nucleus);
        }
        return expose(scene, random.split("camera"), stained);
    }

    private record Cell(double y, double x, double radius) {}

    /** Crowded in clumps, apart just enough that no cell vanishes under another. */
    private static List<Cell> scatter(SplitRandom random) {
        List<Cell> cells = new ArrayList<>();
        int wanted = random.integer(45, 85);
        double clumpY = random.between(70, SIZE - 70);
        double clumpX = random.between(70, SIZE - 70);
        for (int attempt = 0; attempt < 4000 && cells.size() < wanted; attempt++) {
            if (random.chance(0.12)) {
                clumpY = random.between(16, SIZE - 16);
                clumpX = random.between(16, SIZE - 16);
            }
            Cell cell =
                    new Cell(clumpY + 21 * random.gaussian(), clumpX + 21 * random.gaussian(), random.between(7.5, 13));
            boolean inside = Math.min(cell.y, cell.x) > 6 && Math.max(cell.y, cell.x) < SIZE - 6;
            if (inside && cells.stream().allMatch(other -> apart(cell, other))) {
                cells.add(cell);
            }
        }
        return cells;
    }

    private static boolean apart(Cell a, Cell b) {
        double dy = a.y - b.y;
        double dx = a.x - b.x;
        double least = 0.68 * (a.radius + b.radius);
        return dy * dy + dx * dx > least * least;
    }

    private static void draw(Scene scene, SplitRandom random, Cell cell, double[] back, double[] nucleus) {
        double angle = random.between(0, 3.14);
        double length = cell.radius * random.between(1, 1.3);
        double breadth = cell.radius * random.between(0.66, 0.95);
        double sin = StrictMath.sin(angle);
        double cos = StrictMath.cos(angle);
        Noise border = new Noise(random);
        Noise chromatin = new Noise(random);
        Shape body = Shape.ellipse(cell.y, cell.x, breadth, length, angle)
                .without(Shape.ellipse(
                        cell.y + cos * breadth * 1.3,
                        cell.x - sin * breadth * 1.3,
                        breadth * 0.62,
                        length * 0.5,
                        angle))
                .warped(border, 3.5, 11);
        double dose = random.between(0.34, 1);
        double lean = random.between(-0.4, 0.4);
        scene.paint(body, 0.16, (c, z, y, x) -> {
            double side = lean * ((y - cell.y) * cos - (x - cell.x) * sin) / breadth;
            double grain = 0.34 * chromatin.fractal(0, y / 4.5, x / 4.5, 2);
            double membrane = 0.2 * Math.max(0, body.level(0, y, x) - 0.7);
            return back[c] + Math.max(0.1, dose + side + grain + membrane) * (nucleus[c] - back[c]);
        });
        scene.label(body);
    }

    private static void ghosts(Scene scene, SplitRandom random, double[] back, double[] nucleus) {
        for (int i = 0; i < 40; i++) {
            double y = random.between(0, SIZE);
            double x = random.between(0, SIZE);
            boolean debris = i % 2 == 0;
            double radius = debris ? random.between(1.5, 4) : random.between(8, 16);
            Shape blob = Shape.ellipse(y, x, radius, radius * random.between(0.7, 1.3), 0.6);
            double opacity = debris ? 0.8 : random.between(0.15, 0.4);
            scene.blend(blob, debris ? 0.3 : 0.9, opacity, (c, z, yy, xx) -> back[c] + 0.8 * (nucleus[c] - back[c]));
        }
    }

    private static Scene expose(Scene scene, SplitRandom random, boolean stained) {
        Noise light = new Noise(random);
        for (int channel = 0; channel < 3; channel++) {
            Field grain = Field.gaussian(1, SIZE, SIZE, random);
            Field image = scene.channel(channel).blur(0, 0.9, 0.9);
            double noise = stained ? 6 : 7;
            image.set((z, y, x) -> {
                double gain = 1 + 0.22 * light.fractal(0, y / 150.0, x / 150.0, 2);
                return image.at(z, y, x) * gain + noise * grain.at(z, y, x);
            });
        }
        return scene;
    }
}
