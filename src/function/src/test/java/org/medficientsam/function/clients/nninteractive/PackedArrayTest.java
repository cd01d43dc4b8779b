package org.medficientsam.function.clients.nninteractive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.Npy;
import org.medficientsam.casefile.npz.NpyArray;

/** Against arrays that nninteractive-client packed; see create_goldens.py. */
class PackedArrayTest {
    private static final int PLENTY = 1 << 20;

    private static byte[] golden(String name) throws IOException {
        try (InputStream in = PackedArrayTest.class.getResourceAsStream("/clients/packed/" + name + ".nnia")) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }

    private static byte[] data(PackedArray array) throws IOException {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        array.inflate((bytes, count) -> data.write(bytes, 0, count));
        return data.toByteArray();
    }

    private static PackedArray read(byte[] packed, long most) {
        return PackedArray.of(ByteBuffer.wrap(packed), most);
    }

    private static void hasNumbers(PackedArray array, IntToDoubleFunction expected) throws IOException {
        ByteBuffer data = ByteBuffer.wrap(data(array)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; data.hasRemaining(); i++) {
            double number =
                    switch (array.type()) {
                        case "uint8" -> Byte.toUnsignedInt(data.get());
                        case "int16" -> data.getShort();
                        case "int32" -> data.getInt();
                        default -> data.getFloat();
                    };
            assertThat(number).as("number %d of %s", i, array.type()).isEqualTo(expected.applyAsDouble(i));
        }
    }

    private static byte[] pack(byte[] numbers, int... shape) throws IOException {
        ByteBuffer source = ByteBuffer.wrap(numbers);
        return PackedArray.pack((bytes, count) -> source.get(bytes, 0, count), shape);
    }

    @Test
    void whatIsWrittenAsNpyIsReadByItsReader() throws IOException {
        ByteArrayOutputStream npy = new ByteArrayOutputStream();
        read(golden("ramp_int16"), PLENTY).writeNpy(npy, 40, 50, 60);

        NpyArray array = Npy.read(npy.toByteArray(), Limits.LOCAL);
        assertThat(array.shape()).containsExactly(40, 50, 60);
        assertThat(array.at(100_000)).isEqualTo(100_000 % 977 - 400);
    }

    @Test
    void shuffledStreamsOfEachByteAreRead() throws IOException {
        PackedArray ramp = read(golden("ramp_int16"), PLENTY);
        assertThat(ramp.shape()).containsExactly(1, 40, 50, 60);
        hasNumbers(ramp, i -> i % 977 - 400);
    }

    @Test
    void floatsAreRead() throws IOException {
        hasNumbers(read(golden("waves_float32"), PLENTY), i -> 100f * (i % 60));
    }

    @Test
    void oddSizesAreRead() throws IOException {
        hasNumbers(read(golden("odd_int32"), PLENTY), i -> i * 70001);
    }

    @Test
    void runsOfOneValueAreRead() throws IOException {
        hasNumbers(read(golden("zeros_float32"), PLENTY), i -> 0);
        hasNumbers(read(golden("sevens_int16"), PLENTY), i -> 7);
    }

    @Test
    void whatDoesNotCompressIsRead() throws IOException {
        hasNumbers(read(golden("noise_uint8"), PLENTY), i -> {
            int v = i * 0x9E3779B1;
            v ^= v >>> 15;
            v *= 0x85EBCA77;
            v ^= v >>> 13;
            return v >>> 24;
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000, (1 << 20) + 17, 3 << 20})
    void whatIsPackedIsReadAgain(int length) throws IOException {
        byte[] mask = new byte[length];
        for (int i = 0; i < length; i++) mask[i] = (byte) (i / 1000 % 3 == 1 ? 1 : 0);
        byte[] noise = new byte[length];
        new Random(length).nextBytes(noise);

        assertThat(data(read(pack(mask, 1, length), 4 << 20))).isEqualTo(mask);
        assertThat(data(read(pack(noise, length), 4 << 20))).isEqualTo(noise);
    }

    @Test
    void largerThanAllowedIsRefusedBeforeItIsInflated() throws IOException {
        byte[] packed = golden("ramp_int16");
        assertThatThrownBy(() -> read(packed, 239_999))
                .isInstanceOfSatisfying(InvalidCaseException.class, e -> assertThat(e.reason())
                        .isEqualTo(InvalidCaseException.Reason.TOO_LARGE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ramp_int16", "waves_float32", "noise_uint8", "sevens_int16", "zeros_float32", "odd_int32"})
    void damagedArraysAreRefusedOrRead(String name) throws IOException {
        byte[] packed = golden(name);
        Random random = new Random(7);
        for (int n = 0; n < 3000; n++) {
            byte[] damaged = packed.clone();
            for (int k = random.nextInt(3); k >= 0; k--)
                damaged[random.nextInt(Math.min(damaged.length, 200))] = (byte) random.nextInt();
            if (n % 3 == 0) damaged = java.util.Arrays.copyOf(damaged, random.nextInt(damaged.length));
            try {
                data(read(damaged, PLENTY));
            } catch (InvalidCaseException e) {
                assertThat(e.getMessage()).doesNotContain("Exception");
            }
        }
    }
}
