package org.medficientsam.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.Npz;
import org.medficientsam.function.lambda.LambdaRuntime;
import org.medficientsam.function.rest.ServedJar;

/** {@code java -jar ...-runner.jar segment} against what the same jar serves and what the zip answers as a Lambda. */
class CommandLineIT {
    @Test
    void commandRestAndLambdaGiveTheSameBytes(@TempDir Path folder) throws IOException, InterruptedException {
        Map<String, byte[]> cases = Map.of("image.npz", SampleCase.image(), "volume.npz", SampleCase.volume());
        Path in = Files.createDirectory(folder.resolve("in"));
        for (Map.Entry<String, byte[]> entry : cases.entrySet()) {
            Files.write(in.resolve(entry.getKey()), entry.getValue());
        }
        Path out = folder.resolve("out");

        String log = run(folder.resolve("log"), "segment", in.toString(), "-o", out.toString());

        assertThat(log).doesNotContain("Quarkus", "ERROR");
        try (ServedJar jar = ServedJar.start("same-rest", Map.of());
                LambdaRuntime lambda = LambdaRuntime.start(
                        "same-lambda", "org.medficientsam.function.lambda.SegmentHandler::handleRequest", Map.of())) {
            for (Map.Entry<String, byte[]> entry : cases.entrySet()) {
                byte[] segs = Files.readAllBytes(out.resolve(entry.getKey()));
                assertThat(Npz.read(segs, Limits.DEFAULT).names()).containsExactly("segs");
                assertThat(jar.door().segment(entry.getValue()).segsNpz()).isEqualTo(segs);
                assertThat(lambda.segment(entry.getValue()).segsNpz()).isEqualTo(segs);
            }
        }
    }

    private static String run(Path log, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(ServedJar.HEAP, "-jar", ServedJar.JAR.toString()));
        command.addAll(List.of(arguments));
        Process process = ServedJar.process(log, Map.of(), command);
        assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
        return Files.readString(log);
    }
}
