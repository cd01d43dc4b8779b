package org.medficientsam.eval;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.medficientsam.casefile.npz.NpyArray;
import org.medficientsam.casefile.npz.Npz;

/** Data sets of tiny cases, written where a test wants them: a bright rectangle per label, its box, its truth. */
public final class SmallDataset {

    private final Path folder;

    public SmallDataset(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder.resolve("imgs"));
        Files.createDirectories(folder.resolve("gts"));
    }

    public Path folder() {
        return folder;
    }

    /** Images of the nine names' 2D modalities in turn, of growing size, with one label more every third case. */
    public SmallDataset images(int count) throws IOException {
        String[] modalities = {"US", "X-Ray", "Dermoscopy", "Endoscopy", "Fundus", "Microscopy"};
        for (int i = 0; i < count; i++) {
            image("2D_%s_%03d.npz".formatted(modalities[i % modalities.length], i), 24 + i, 32 + i, 1 + i % 3);
        }
        return this;
    }

    public SmallDataset image(String name, int height, int width, int labels) throws IOException {
        byte[] pixels = new byte[height * width * 3];
        byte[] truth = new byte[height * width];
        long[] boxes = new long[labels * 4];
        for (int label = 1; label <= labels; label++) {
            int x0 = 2 + (label - 1) * 9;
            for (int y = 3; y <= 13; y++) {
                for (int x = x0; x <= x0 + 6; x++) {
                    truth[y * width + x] = (byte) label;
                    pixels[(y * width + x) * 3] = (byte) 200;
                }
            }
            System.arraycopy(new long[] {x0, 3, x0 + 6, 13}, 0, boxes, (label - 1) * 4, 4);
        }
        Map<String, NpyArray> input = new LinkedHashMap<>();
        input.put("imgs", NpyArray.of(pixels, height, width, 3));
        input.put("boxes", NpyArray.of(boxes, labels, 4));
        Npz.write(folder.resolve("imgs").resolve(name), input);
        Npz.write(folder.resolve("gts").resolve(name), Map.of("gts", NpyArray.of(truth, height, width)));
        return this;
    }

    /** Any bytes in the place of an input, with a truth to score it by. */
    public SmallDataset damaged(String name, byte... content) throws IOException {
        image(name, 24, 32, 1);
        Files.write(folder.resolve("imgs").resolve(name), content);
        return this;
    }
}
