package org.medficientsam.segmenter.onnx;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Locale;

/** Where ONNX Runtime's native libraries are taken from. */
public final class NativeLibraries {
    private static final String LOCATION = "onnxruntime.native.path"; // ONNX Runtime's own system property

    private NativeLibraries() {}

    /**
     * Has the libraries loaded from {@code lib/} beside the jar of {@code program}, if the build has unpacked this platform's
     * there; else, and where the property {@code onnxruntime.native.path} is set, nothing changes. By itself ONNX Runtime
     * unpacks 24 MB into a temporary folder at each start. Call it before anything is loaded.
     */
    public static void preferUnpacked(Class<?> program) {
        if (System.getProperty(LOCATION) != null) return;
        CodeSource source = program.getProtectionDomain().getCodeSource();
        if (source == null) return;
        try {
            Path unpacked = Path.of(source.getLocation().toURI())
                    .resolveSibling("lib/ai/onnxruntime/native")
                    .resolve(platform());
            if (Files.isDirectory(unpacked)) System.setProperty(LOCATION, unpacked.toString());
        } catch (URISyntaxException | IllegalArgumentException e) {
            // Not from a file: ONNX Runtime unpacks its own.
        }
    }

    /** As ONNX Runtime names it; only what the build unpacks. */
    private static String platform() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch", "");
        return system + "-" + (processor.equals("amd64") ? "x64" : processor);
    }
}
