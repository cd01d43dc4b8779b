package org.medficientsam.segmenter;

import java.io.IOException;
import java.nio.file.Path;

/** Committed bundles with another manifest: the rules steady without one of their parts, or with weights they were not fitted to. */
final class BundleVariants {
    private BundleVariants() {}

    /** nano, which has no propagator, with the rules steady. */
    static Path steadyNano(Path into) throws IOException {
        BundleCopy nano = BundleCopy.of(Scenes.NANO, into);
        nano.edit("rules: medficientsam\n", "rules: steady\n");
        nano.addPropagation();
        return nano.folder();
    }

    /** micro-int8 without its propagator. */
    static Path withoutPropagator(Path into) throws IOException {
        BundleCopy micro = BundleCopy.of(Scenes.MICRO, into);
        String line = micro.manifest()
                .lines()
                .filter(words -> words.contains("name: propagator.onnx"))
                .findFirst()
                .orElseThrow();
        micro.edit(line + "\n", "");
        return micro.folder();
    }

    /** micro-int8 with nothing added to its propagator's logits. */
    static Path withoutShape(Path into) throws IOException {
        BundleCopy micro = BundleCopy.of(Scenes.MICRO, into);
        micro.edit("shape: {sides: 0.5, ends: 1.3}", "shape: {sides: 0, ends: 0}");
        return micro.folder();
    }
}
