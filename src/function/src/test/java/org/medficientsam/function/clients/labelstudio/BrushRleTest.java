package org.medficientsam.function.clients.labelstudio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/** Against brushes that label-studio-sdk wrote; see create_goldens.py. */
class BrushRleTest {
    private static void isAsTheSdkWrites(String name, int pixels, IntPredicate mask) throws IOException {
        try (InputStream in = BrushRleTest.class.getResourceAsStream("/clients/labelstudio/" + name + ".rle")) {
            byte[] golden = Objects.requireNonNull(in, name).readAllBytes();
            int[] rle = BrushRle.of(pixels, mask);
            // The SDK adds a byte of nothing where the last one is full.
            assertThat(golden.length - rle.length).isBetween(0, 1);
            for (int i = 0; i < rle.length; i++)
                assertThat(rle[i]).as("byte %d", i).isEqualTo(Byte.toUnsignedInt(golden[i]));
        }
    }

    @Test
    void ellipseIsAsTheSdkWritesIt() throws IOException {
        isAsTheSdkWrites(
                "ellipse", 80 * 96, i -> Math.pow((i % 96 - 50) / 22.0, 2) + Math.pow((i / 96 - 38) / 15.0, 2) <= 1);
    }

    @Test
    void nothingOnAWidePictureIsAsTheSdkWritesIt() throws IOException {
        isAsTheSdkWrites("empty", 300 * 400, i -> false);
    }

    @Test
    void singlePixelsAreAsTheSdkWritesThem() throws IOException {
        isAsTheSdkWrites("checks", 9 * 7, i -> (i / 7 + i % 7) % 2 == 1);
    }
}
