package org.medficientsam.eval.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.medficientsam.casefile.npz.NpyArray;
import org.medficientsam.casefile.npz.Npz;
import org.medficientsam.eval.target.CaseOutcome;
import org.medficientsam.eval.target.Target;

/** One small image sent before the first case, so that a model or rules that a target does not know fail no case. */
final class Probe {

    private static final int SIDE = 32;

    private Probe() {}

    /**
     * @param asked what the target may not know, in words
     * @throws TargetRefusesException if it does not segment the image
     */
    static void send(Target target, Path work, String asked) throws IOException, InterruptedException {
        Path input = Files.createDirectories(work).resolve("2D_probe.npz");
        Npz.write(input, disc());
        CaseOutcome outcome = target.segment(input);
        Files.deleteIfExists(input);
        if (outcome instanceof CaseOutcome.Failed failed) {
            throw new TargetRefusesException("nothing was run: asked for %s, the target answered a probe with: %s"
                    .formatted(asked, failed.reason()));
        }
    }

    /** A bright disc on dark ground, and its box. */
    private static Map<String, NpyArray> disc() {
        byte[] pixels = new byte[SIDE * SIDE];
        for (int i = 0; i < pixels.length; i++) {
            boolean inside = Math.hypot(i / SIDE - SIDE / 2.0, i % SIDE - SIDE / 2.0) < SIDE / 4.0;
            pixels[i] = (byte) (inside ? 200 : 20);
        }
        int low = SIDE / 4;
        int high = SIDE - SIDE / 4;
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("imgs", NpyArray.of(pixels, SIDE, SIDE));
        arrays.put("boxes", NpyArray.of(new long[] {low, low, high, high}, 1, 4));
        return arrays;
    }
}
