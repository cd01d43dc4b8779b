package org.medficientsam.segmenter.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** ONNX Runtime, loaded once per process and without leaving anything in the temporary folder. */
final class OnnxEnvironment {
    private static final List<String> LIBRARIES = List.of("onnxruntime", "onnxruntime4j_jni");
    private static final String VENDOR = "java.vendor";

    private static @Nullable OrtEnvironment environment;
    private static @Nullable InferenceException failure;

    private OnnxEnvironment() {}

    /** @throws InferenceException if the native libraries cannot be loaded, saying what they lack */
    static synchronized OrtEnvironment get() {
        if (failure != null) throw failure;
        if (environment == null)
            try {
                environment = load();
            } catch (LinkageError
                    | IOException e) { // a class that failed to initialise once never tells the reason again
                throw failure = new InferenceException(reason(e), e);
            }
        return environment;
    }

    private static OrtEnvironment load() throws IOException {
        @Nullable String location = System.getProperty(NativeLibraries.LOCATION);
        if (location == null) return unpacked();
        return isOnLibraryPath(location) ? withoutTemporaryFolder(Path.of(location)) : create();
    }

    private static OrtEnvironment create() {
        return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "medficientsam");
    }

    private static boolean isOnLibraryPath(String location) {
        return System.getProperty("os.name", "").equals("Linux")
                && Arrays.asList(System.getProperty("java.library.path", "").split(":"))
                        .contains(location);
    }

    /**
     * ONNX Runtime makes a temporary folder even where it has nothing to unpack, and so cannot start where nothing may be written;
     * except on Android, where it asks the library path. On that path the JVM's launcher must have put the folder.
     */
    private static OrtEnvironment withoutTemporaryFolder(Path folder) {
        String vendor = System.getProperty(VENDOR, "");
        System.setProperty(VENDOR, "The Android Project");
        try {
            // The other one asks for it by name, and finds only what is loaded.
            System.load(folder.resolve(System.mapLibraryName(LIBRARIES.get(0)))
                    .toAbsolutePath()
                    .toString());
            return create();
        } finally {
            System.setProperty(VENDOR, vendor);
        }
    }

    /**
     * Unpacks the libraries from their jar. ONNX Runtime would do it too, but has its folder deleted before the files in it, which
     * then stays.
     */
    private static OrtEnvironment unpacked() throws IOException {
        Path folder = Files.createTempDirectory("medficientsam-native");
        List<Path> unpacked = new ArrayList<>(List.of(folder));
        try {
            for (String library : LIBRARIES) {
                String name = System.mapLibraryName(library);
                String resource = "/ai/onnxruntime/native/%s/%s".formatted(NativeLibraries.platform(), name);
                try (@Nullable InputStream bytes = OrtEnvironment.class.getResourceAsStream(resource)) {
                    if (bytes == null) throw new UnsatisfiedLinkError(resource);
                    unpacked.add(0, folder.resolve(name));
                    Files.copy(bytes, folder.resolve(name));
                }
            }
            System.setProperty(NativeLibraries.LOCATION, folder.toString());
            return create();
        } finally {
            System.clearProperty(NativeLibraries.LOCATION);
            delete(unpacked);
        }
    }

    /** A loaded library needs its name no more; Windows alone insists on it until the process ends. */
    private static void delete(List<Path> filesThenFolder) {
        for (Path path : filesThenFolder) if (!path.toFile().delete()) deleteOnExit(filesThenFolder);
    }

    /** The last that is registered goes first. */
    private static void deleteOnExit(List<Path> filesThenFolder) {
        for (int i = filesThenFolder.size() - 1; i >= 0; i--)
            filesThenFolder.get(i).toFile().deleteOnExit();
    }

    private static String reason(Throwable failure) {
        @Nullable Throwable cause = failure;
        while (cause != null && !(cause instanceof IOException || cause instanceof UnsatisfiedLinkError))
            cause = cause.getCause();
        if (cause instanceof IOException)
            return "ONNX Runtime needs a temporary folder that can be written, got none (-Djava.io.tmpdir names another)";
        String platform = NativeLibraries.platform();
        if (cause != null && isMusl(String.valueOf(cause.getMessage()))) return muslReason(platform);
        return "ONNX Runtime's native libraries cannot be loaded on %s; there are some for linux-x64, linux-aarch64,"
                        .formatted(platform)
                + " osx-aarch64 and win-x64";
    }

    private static String muslReason(String platform) {
        return "ONNX Runtime needs glibc, and this is %s with musl (Alpine and the like)".formatted(platform);
    }

    /** As musl's loader words it, or as it complains of a missing glibc. */
    static boolean isMusl(String message) {
        String words = message.toLowerCase(Locale.ROOT);
        return words.contains("error loading shared library")
                || words.contains("error relocating")
                || words.contains("ld-linux");
    }
}
