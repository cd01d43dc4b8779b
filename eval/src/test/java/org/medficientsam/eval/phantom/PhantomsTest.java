package org.medficientsam.eval.phantom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.VolumeCase;
import org.medficientsam.casefile.npz.CaseNpz;
import org.medficientsam.eval.Modality;

class PhantomsTest {

    private static final long SEED = 1;
    private static final int CASES = 3;
    private static final Map<Modality, List<PhantomCase>> DRAWN = new HashMap<>();

    static List<Phantom> phantoms() {
        return Phantom.ALL;
    }

    private static List<PhantomCase> cases(Phantom phantom) {
        return DRAWN.computeIfAbsent(phantom.modality(), modality -> IntStream.range(0, CASES)
                .mapToObj(number -> PhantomCase.draw(phantom, SEED, number))
                .toList());
    }

    @ParameterizedTest
    @MethodSource("phantoms")
    void ellipseInTheBoxScoresBelow95Percent(Phantom phantom) {
        assertThat(meanDice(phantom, Shortcuts::ellipseInTheBox)).isBetween(0.3, 0.95);
    }

    @ParameterizedTest
    @MethodSource("phantoms")
    void bestThresholdInTheBoxScoresBelow95Percent(Phantom phantom) {
        assertThat(meanDice(phantom, Shortcuts::bestThresholdInTheBox)).isBetween(0.3, 0.95);
    }

    private interface Shortcut {
        double dice(Scene scene, int label, int[] extent);
    }

    private static double meanDice(Phantom phantom, Shortcut shortcut) {
        return cases(phantom).stream()
                .mapToDouble(drawn -> {
                    List<int[]> extents = drawn.scene().extents();
                    return IntStream.range(0, extents.size())
                            .mapToDouble(i -> shortcut.dice(drawn.scene(), i + 1, extents.get(i)))
                            .average()
                            .orElseThrow();
                })
                .average()
                .orElseThrow();
    }

    /** Digests of imgs, boxes, gts and spacing seen on JDK 17 and JDK 25. */
    @Test
    void seedMeansTheSamePixelsOnEveryJdk() {
        Map<String, String> digests = new HashMap<>();
        for (Phantom phantom : Phantom.ALL) {
            digests.put(phantom.modality().label(), digest(PhantomCase.draw(phantom, SEED, 0)));
        }
        assertThat(digests)
                .isEqualTo(Map.of(
                        "CT",
                        "b779db470e7f34e1",
                        "Dermoscopy",
                        "ab6819adac716888",
                        "Endoscopy",
                        "681efcac596e8748",
                        "Fundus",
                        "c2414fe28afe1945",
                        "MR",
                        "274507828e8711fe",
                        "Microscopy",
                        "9e6b7cf59f8163fc",
                        "PET",
                        "1ad6d27e6086340d",
                        "US",
                        "d7f0e5b47c567cea",
                        "X-Ray",
                        "1395562d2c813300"));
    }

    private static String digest(PhantomCase drawn) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            drawn.input().forEach((name, array) -> update(sha, name, array.toDoubles()));
            drawn.truth().forEach((name, array) -> update(sha, name, array.toDoubles()));
            return HexFormat.of().formatHex(sha.digest(), 0, 8);
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new AssertionError(everyJdkHasIt);
        }
    }

    private static void update(MessageDigest sha, String name, double[] values) {
        sha.update(name.getBytes(StandardCharsets.UTF_8));
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES);
        bytes.asDoubleBuffer().put(values);
        sha.update(bytes.array());
    }

    @Test
    void sameSeedWritesTheSameBytesAndAnotherSeedDoesNot(@TempDir Path folder) throws IOException {
        Phantom phantom = new UltrasoundPhantom();
        for (String name : List.of("a", "b")) {
            PhantomFolder.write(folder.resolve(name), 7, 2, List.of(phantom), () -> {});
        }
        PhantomFolder.write(folder.resolve("c"), 8, 1, List.of(phantom), () -> {});
        for (String file :
                List.of("imgs/2D_US_phantom_000.npz", "imgs/2D_US_phantom_001.npz", "gts/2D_US_phantom_001.npz")) {
            assertThat(folder.resolve("b").resolve(file))
                    .hasSameBinaryContentAs(folder.resolve("a").resolve(file));
        }
        assertThat(Files.mismatch(
                        folder.resolve("a/imgs/2D_US_phantom_000.npz"), folder.resolve("c/imgs/2D_US_phantom_000.npz")))
                .isNotEqualTo(-1);
    }

    /** Read back by the contract's own reader: boxes are valid prompts and hold each object tightly. */
    @ParameterizedTest
    @MethodSource("phantoms")
    void casesAreValidAndEveryLabelHasItsBox(Phantom phantom, @TempDir Path folder) throws IOException {
        for (PhantomCase drawn : cases(phantom)) {
            drawn.write(folder);
            CaseFile read = CaseNpz.read(folder.resolve("imgs").resolve(drawn.name()), Limits.DEFAULT);
            assertEquals(Modality.ofCase(drawn.name()), phantom.modality());
            assertEquals(drawn.scene().isVolume(), (read instanceof VolumeCase));
            assertEquals(highestLabel(drawn.scene()), read.boxes().size());
            assertThat(read.boxes()).isNotEmpty();
        }
    }

    private static int highestLabel(Scene scene) {
        int highest = 0;
        for (short label : scene.labels()) {
            highest = Math.max(highest, Short.toUnsignedInt(label));
        }
        return highest;
    }

    @ParameterizedTest
    @MethodSource("volumes")
    void volumesHoldForksAndGapsAlongZ(Phantom phantom) {
        PhantomCase drawn = cases(phantom).get(0);
        SliceCounts counts = SliceCounts.of(drawn.scene());
        assertThat(counts.labelsWithTwoPiecesInASlice()).as("forked objects").isPositive();
        if (!phantom.modality().equals(Modality.MR)) {
            assertThat(counts.labelsMissingInASliceBetween())
                    .as("interrupted objects")
                    .isPositive();
        }
    }

    static Stream<Phantom> volumes() {
        return Stream.of(new CtPhantom(), new MrPhantom(), new PetPhantom());
    }
}
