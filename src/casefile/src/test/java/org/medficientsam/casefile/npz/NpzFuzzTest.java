package org.medficientsam.casefile.npz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.Limits;

/** Damages sound archives at random: each is read or refused, without another exception and without a lot of memory. */
class NpzFuzzTest {
    private static final int ROUNDS = 3000;

    /** Sound archives are below 50 kB; what they truly hold is below 60 kB. */
    private static final long ALLOWED_BYTES = 2 << 20;

    private static final int[] INTERESTING = {
        0, 1, -1, 0x7fff_ffff, 0x8000_0000, 0xffff, 0x1_0000, 0x04034b50, 0x02014b50
    };

    private static final com.sun.management.ThreadMXBean THREAD =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static List<byte[]> sound() throws IOException {
        Path folder = Path.of("src/test/resources/numpy");
        return List.of(
                Files.readAllBytes(folder.resolve("compressed.npz")),
                Files.readAllBytes(folder.resolve("piped-deflated.npz")),
                Files.readAllBytes(folder.resolve("piped-stored.npz")),
                Files.readAllBytes(folder.resolve("zip64-end.npz")),
                new RawNpz()
                        .array("imgs", "|u1", "(8, 10)", 80)
                        .doubles("boxes", "(2, 4)", 0, 0, 3, 3, 1, 1, 9, 7)
                        .doubles("spacing", "(3,)", 1, 1, 1)
                        .zip());
    }

    private static byte[] damage(byte[] bytes, Random random) {
        byte[] damaged = bytes.clone();
        ByteBuffer buffer = ByteBuffer.wrap(damaged).order(ByteOrder.LITTLE_ENDIAN);
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            // Half of the damage goes to the last tenth, where the directory is.
            int at = random.nextInt(damaged.length - 4);
            if (random.nextBoolean()) at = damaged.length - 4 - at / 10 - 1;
            switch (random.nextInt(5)) {
                case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> damaged[at] = (byte) random.nextInt();
                case 2 -> buffer.putInt(at, INTERESTING[random.nextInt(INTERESTING.length)]);
                case 3 -> {
                    int from = random.nextInt(damaged.length - 4);
                    int length = random.nextInt(Math.min(64, damaged.length - Math.max(at, from)));
                    System.arraycopy(bytes, from, damaged, at, length);
                }
                default -> Arrays.fill(damaged, at, Math.min(damaged.length, at + random.nextInt(32)), (byte) 0);
            }
        }
        return random.nextInt(10) == 0 ? Arrays.copyOf(damaged, random.nextInt(damaged.length + 100)) : damaged;
    }

    /** Else loading and instrumenting classes counts as what the first archive takes. */
    @BeforeAll
    static void classesAreLoaded() throws IOException {
        Random random = new Random(0);
        for (byte[] npz : sound()) {
            for (int round = 0; round < 50; round++) {
                try {
                    CaseNpz.from(Npz.read(damage(npz, random), Limits.DEFAULT), Limits.DEFAULT);
                } catch (InvalidCaseException e) {
                    assertThat(e.getMessage()).isNotEmpty();
                }
            }
        }
    }

    private static void readOrRefuse(byte[] npz, long seed, int round) {
        long before = THREAD.getCurrentThreadAllocatedBytes();
        try {
            CaseNpz.from(Npz.read(npz, Limits.DEFAULT), Limits.DEFAULT);
        } catch (InvalidCaseException e) {
            assertThat(e.getMessage()).contains(" must be ", ", got ").hasSizeLessThan(1000);
        } catch (RuntimeException | Error e) {
            throw new AssertionError(
                    "seed %d round %d: %s".formatted(seed, round, HexFormat.of().formatHex(npz)), e);
        }
        assertThat(THREAD.getCurrentThreadAllocatedBytes() - before)
                .as("seed %d round %d", seed, round)
                .isLessThan(ALLOWED_BYTES);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void damagedArchiveIsReadOrRefused(long seed) throws IOException {
        Random random = new Random(seed);
        List<byte[]> sound = sound();
        for (int round = 0; round < ROUNDS; round++)
            readOrRefuse(damage(sound.get(random.nextInt(sound.size())), random), seed, round);
    }

    /** The archive around it is sound, so that the damage reaches the npy header and the data. */
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void damagedNpyInASoundArchiveIsReadOrRefused(long seed) {
        Random random = new Random(seed);
        byte[] imgs = RawNpz.npy("{'descr': '|u1', 'fortran_order': True, 'shape': (8, 10), }", new byte[80]);
        byte[] boxes = RawNpz.npy("{'descr': '>f8', 'fortran_order': False, 'shape': (2, 4), }", new byte[64]);
        for (int round = 0; round < ROUNDS; round++) {
            RawNpz npz = new RawNpz().entry("imgs.npy", random.nextBoolean() ? damage(imgs, random) : imgs);
            readOrRefuse(npz.entry("boxes.npy", damage(boxes, random)).zip(), seed, round);
        }
    }
}
