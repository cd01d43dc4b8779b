package org.medficientsam.segmenter.onnx;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.medficientsam.segmenter.bundle.ProgramFolder;

/** Where ONNX Runtime's native libraries lie unpacked. */
public final class NativeLibraries {
    static final String LOCATION = "onnxruntime.native.path"; // ONNX Runtime's own system property

    /** In a distribution, and what Maven leaves beside a jar. */
    private static final List<String> FOLDERS = List.of("native", "lib/ai/onnxruntime/native");

    private NativeLibraries() {}

    /**
     * Has the libraries loaded from {@code native/PLATFORM} beside the jar of {@code program} or above it, or from {@code lib/}
     * beside it, if this platform's lie there; else, and where the property {@code onnxruntime.native.path} is set, nothing
     * changes and they are unpacked from their jar, 24 MB at each start. Call it before anything is loaded.
     */
    public static void preferUnpacked(Class<?> program) {
        if (System.getProperty(LOCATION) != null) return;
        for (String folder : FOLDERS) {
            Optional<Path> found = ProgramFolder.find(program, folder + "/" + platform());
            if (found.isPresent()) {
                System.setProperty(LOCATION, found.get().toString());
                return;
            }
        }
    }

    /**
     * Begins to load ONNX Runtime on another thread, which takes a twentieth of a second. What goes wrong is told to whoever needs
     * it next.
     */
    public static void loadAhead() {
        Thread thread = new Thread(
                () -> {
                    try {
                        NativeWork.during(OnnxEnvironment::get);
                    } catch (InferenceException e) {
                        // Told again.
                    } catch (IllegalStateException ending) {
                        // The process was refused its case and is ending, which ONNX Runtime wants to hear of no more.
                    }
                },
                "onnxruntime");
        thread.setDaemon(true);
        thread.start();
    }

    /** This system and processor as ONNX Runtime names them, {@code linux-x64} for one. */
    static String platform() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch", "");
        String name = system.startsWith("mac") ? "osx" : system.startsWith("windows") ? "win" : system;
        return name + "-" + (processor.equals("amd64") || processor.equals("x86_64") ? "x64" : processor);
    }
}
