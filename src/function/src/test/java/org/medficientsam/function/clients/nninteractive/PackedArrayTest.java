package org.medficientsam.function.clients.nninteractive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

/** Against arrays that nninteractive-client packed; see create_goldens.py. */
class PackedArrayTest {
    private static final int PLENTY = 1 << 20;

    private static byte[] golden(String name) throws IOException {
        try (InputStream in = PackedArrayTest.class.getResourceAsStream("/clients/packed/" + name + ".nnia")) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }

    private static void hasNumbers(PackedArray array, IntToDoubleFunction expected) {
        ByteBuffer data = ByteBuffer.wrap(array.data()).order(ByteOrder.LITTLE_ENDIAN);
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

    @Test
    void shuffledStreamsOfEachByteAreRead() throws IOException {
        PackedArray ramp = PackedArray.read(golden("ramp_int16"), PLENTY);
        assertThat(ramp.shape()).containsExactly(1, 40, 50, 60);
        hasNumbers(ramp, i -> i % 977 - 400);
    }

    @Test
    void floatsAreRead() throws IOException {
        hasNumbers(PackedArray.read(golden("waves_float32"), PLENTY), i -> 100f * (i % 60));
    }

    @Test
    void oddSizesAreRead() throws IOException {
        hasNumbers(PackedArray.read(golden("odd_int32"), PLENTY), i -> i * 70001);
    }

    @Test
    void runsOfOneValueAreRead() throws IOException {
        hasNumbers(PackedArray.read(golden("zeros_float32"), PLENTY), i -> 0);
        hasNumbers(PackedArray.read(golden("sevens_int16"), PLENTY), i -> 7);
    }

    @Test
    void whatDoesNotCompressIsRead() throws IOException {
        hasNumbers(PackedArray.read(golden("noise_uint8"), PLENTY), i -> {
            int v = i * 0x9E3779B1;
            v ^= v >>> 15;
            v *= 0x85EBCA77;
            v ^= v >>> 13;
            return v >>> 24;
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000, (1 << 20) + 17, 3 << 20})
    void whatIsPackedIsReadAgain(int length) {
        byte[] mask = new byte[length];
        for (int i = 0; i < length; i++) mask[i] = (byte) (i / 1000 % 3 == 1 ? 1 : 0);
        byte[] noise = new byte[length];
        new Random(length).nextBytes(noise);

        assertThat(PackedArray.read(PackedArray.pack(mask, 1, length), 4 << 20).data())
                .isEqualTo(mask);
        assertThat(PackedArray.read(PackedArray.pack(noise, length), 4 << 20).data())
                .isEqualTo(noise);
    }

    @Test
    void largerThanAllowedIsRefusedBeforeItIsInflated() throws IOException {
        byte[] packed = golden("ramp_int16");
        assertThatThrownBy(() -> PackedArray.read(packed, 239_999))
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
                PackedArray.read(damaged, PLENTY);
            } catch (InvalidCaseException e) {
                assertThat(e.getMessage()).doesNotContain("Exception");
            }
        }
    }
}
