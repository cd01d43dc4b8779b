package org.medficientsam.segmenter.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medficientsam.casefile.ImageArray;
import org.medficientsam.casefile.LabelMap;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.LabelMapNpz;
import org.medficientsam.casefile.npz.NpyArray;
import org.medficientsam.casefile.npz.Npz;
import org.medficientsam.segmenter.Scenes;

/** The packaged command on a volume as large as the challenge has, with little memory. */
class SmallHeapIT {
    private static final int DEPTH = 200;
    private static final int SIDE = 512;

    @Test
    void aVolumeOf512x512x200WithFourBoxesFitsIntoA512MibHeap(@TempDir Path folder) throws Exception {
        Path volume = writeVolume(folder.resolve("volume.npz"));
        Path segs = folder.resolve("segs.npz");

        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-jar",
                        Scenes.ROOT
                                .resolve("src/segmenter/target/medficientsam-segmenter.jar")
                                .toString(),
                        "segment",
                        volume.toString(),
                        "-o",
                        segs.toString(),
                        "--models",
                        Scenes.ROOT.resolve("models/bundles").toString(),
                        "--model",
                        "nano",
                        "--quiet")
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(printed).isZero();
        System.out.print("512 x 512 x 200, 4 boxes, -Xmx512m: " + printed);
        LabelMap labels = LabelMapNpz.from(Npz.read(segs, Limits.DEFAULT).get("segs"));
        assertThat(List.of(labels.depth(), labels.height(), labels.width())).containsExactly(DEPTH, SIDE, SIDE);
        for (int label = 1; label <= 4; label++) {
            int[] ball = ball(label);
            assertThat(labels.get(ball[2], ball[1], ball[0])).isEqualTo(label);
        }
    }

    /** x, y, z and radius; together they span all slices. */
    private static int[] ball(int label) {
        return new int[] {label % 2 == 0 ? 150 : 360, label > 2 ? 150 : 360, 45 + 36 * (label - 1), 45};
    }

    private static Path writeVolume(Path file) throws IOException {
        int[] balls = new int[16];
        for (int label = 1; label <= 4; label++) System.arraycopy(ball(label), 0, balls, 4 * (label - 1), 4);
        ImageArray image = Scenes.balls(DEPTH, SIDE, SIDE, 1, balls).image();
        double[] boxes = new double[24];
        for (int i = 0; i < 4; i++)
            for (int axis = 0; axis < 3; axis++) {
                boxes[6 * i + axis] = Math.max(0, balls[4 * i + axis] - balls[4 * i + 3]);
                boxes[6 * i + 3 + axis] =
                        Math.min(axis == 2 ? DEPTH - 1 : SIDE - 1, balls[4 * i + axis] + balls[4 * i + 3]);
            }
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("imgs", NpyArray.of(image.data(), DEPTH, SIDE, SIDE));
        arrays.put("boxes", NpyArray.of(boxes, 4, 6));
        Npz.write(file, arrays);
        assertThat(Files.size(file)).isPositive();
        return file;
    }
}
