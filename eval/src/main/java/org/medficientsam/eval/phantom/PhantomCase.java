package org.medficientsam.eval.phantom;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.medficientsam.casefile.npz.NpyArray;
import org.medficientsam.casefile.npz.Npz;
import org.medficientsam.eval.SplitRandom;

/** One synthetic case in the challenge's layout: imgs/ with image and boxes, gts/ with the truth. */
record PhantomCase(String name, Scene scene) {

    /** The case of that number: its seed and name alone decide it, whatever else is generated beside it. */
    static PhantomCase draw(Phantom phantom, long seed, int number) {
        String modality = phantom.modality().label();
        SplitRandom random = new SplitRandom(seed).split("%s %d".formatted(modality, number));
        Scene scene = phantom.draw(random);
        String name = "%s_%s_phantom_%03d.npz".formatted(scene.isVolume() ? "3D" : "2D", modality, number);
        return new PhantomCase(name, scene);
    }

    void write(Path folder) throws IOException {
        Npz.write(Files.createDirectories(folder.resolve("imgs")).resolve(name), input());
        Npz.write(Files.createDirectories(folder.resolve("gts")).resolve(name), truth());
    }

    Map<String, NpyArray> input() {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("imgs", NpyArray.of(images(), imageShape()));
        arrays.put("boxes", boxes());
        addSpacing(arrays);
        return arrays;
    }

    Map<String, NpyArray> truth() {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("gts", NpyArray.of(scene.labels(), labelShape()));
        addSpacing(arrays);
        return arrays;
    }

    private void addSpacing(Map<String, NpyArray> arrays) {
        if (scene.isVolume()) {
            arrays.put("spacing", NpyArray.of(scene.spacingMm(), 3));
        }
    }

    /** Volumes are grey (D, H, W); images are (H, W, 3), a grey one three times over, as the challenge stores them. */
    private byte[] images() {
        byte[] pixels = scene.pixels();
        if (scene.isVolume() || scene.channelCount() == 3) {
            return pixels;
        }
        byte[] tripled = new byte[pixels.length * 3];
        for (int i = 0; i < tripled.length; i++) {
            tripled[i] = pixels[i / 3];
        }
        return tripled;
    }

    private int[] imageShape() {
        return scene.isVolume() ? labelShape() : new int[] {scene.height(), scene.width(), 3};
    }

    private int[] labelShape() {
        return scene.isVolume()
                ? new int[] {scene.depth(), scene.height(), scene.width()}
                : new int[] {scene.height(), scene.width()};
    }

    /** (K, 4) x, y or (K, 6) x, y, z of first and last voxel, both inclusive. */
    private NpyArray boxes() {
        List<int[]> extents = scene.extents();
        int columns = scene.isVolume() ? 6 : 4;
        long[] boxes = new long[extents.size() * columns];
        for (int row = 0; row < extents.size(); row++) {
            int[] zyx = extents.get(row);
            for (int axis = 0; axis < columns / 2; axis++) {
                boxes[row * columns + axis] = zyx[2 - axis];
                boxes[row * columns + columns / 2 + axis] = zyx[5 - axis];
            }
        }
        return NpyArray.of(boxes, extents.size(), columns);
    }
}
