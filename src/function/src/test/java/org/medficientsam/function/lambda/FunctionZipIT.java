package org.medficientsam.function.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** What is deployed: one bundle, one platform, small. */
class FunctionZipIT {
    private static final Path ZIP = Path.of("target", "function.zip");

    /** Lambda's own limit is 250 MB; the INT8 bundle of the smallest published network adds 55. */
    private static final long MOST_WITHOUT_BUNDLE = 65_000_000;

    @Test
    void unzippedItIsFarBelowLambdasLimit() throws IOException {
        try (ZipFile zip = new ZipFile(ZIP.toFile())) {
            long bytes = zip.stream()
                    .filter(entry -> !entry.getName().startsWith("models/"))
                    .mapToLong(ZipEntry::getSize)
                    .sum();

            assertThat(bytes).isLessThan(MOST_WITHOUT_BUNDLE);
        }
    }

    @Test
    void itHoldsOneBundleAndTheNativesOfOnePlatformUnpacked() throws IOException {
        try (ZipFile zip = new ZipFile(ZIP.toFile())) {
            List<String> names = zip.stream().map(ZipEntry::getName).toList();

            assertThat(names.stream().filter(name -> name.endsWith("/encoder.onnx")))
                    .hasSize(1);
            assertThat(names).contains("native/libonnxruntime.so", "native/libonnxruntime4j_jni.so");
        }
    }

    /** Lambda sorts the jars by name, and a class loader asks one after the other. */
    @Test
    void itsClassesLieInTheFirstJarAndInNoOther() throws IOException {
        List<Path> jars;
        try (Stream<Path> lib = Files.list(Path.of("target", "function", "lib"))) {
            jars = lib.sorted().toList();
        }
        assertThat(classes(jars.get(0))).isGreaterThan(5000);
        assertThat(jars.subList(1, jars.size()))
                .isNotEmpty()
                .allSatisfy(jar -> assertThat(classes(jar)).as(jar.toString()).isZero());
    }

    private static long classes(Path jar) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            return zip.stream()
                    .filter(entry -> entry.getName().endsWith(".class")
                            && !entry.getName().endsWith("module-info.class"))
                    .count();
        }
    }

    @Test
    void jarBesideItKeepsEveryPlatform() throws IOException {
        assertThat(natives(Path.of("target", "lib")))
                .anyMatch(name -> name.endsWith(".dylib") || name.endsWith(".dll"));
        assertThat(natives(Path.of("target", "function", "lib"))).isEmpty();
    }

    private static List<String> natives(Path lib) throws IOException {
        try (var jars = Files.newDirectoryStream(lib, "com.microsoft.onnxruntime*.jar");
                ZipFile jar = new ZipFile(jars.iterator().next().toFile())) {
            return jar.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.startsWith("ai/onnxruntime/native/") && !name.endsWith("/"))
                    .toList();
        }
    }
}
