package org.medficientsam.segmenter.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** resize.csv was made by OpenCV; its generator is src/test/python/resize_golden.py. */
class InterpolationGoldenTest {
    @ParameterizedTest
    @CsvFileSource(resources = "resize.csv", numLinesToSkip = 1)
    void equalsOpenCvToTheBit(
            Interpolation interpolation,
            String picture,
            int height,
            int width,
            int channels,
            int toHeight,
            int toWidth,
            String sha256)
            throws Exception {
        byte[] pixels = picture.equals("smooth") ? gradients(height, width, channels) : noise(height, width, channels);

        ImageSlice resized =
                interpolation.resize(ImageSlice.view(pixels, 3, height, width, channels), toHeight, toWidth);

        assertThat(resized.size()).isEqualTo(toHeight * toWidth * channels);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(resized.pixels(), resized.offset(), resized.size());
        assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(sha256);
    }

    /** Three bytes precede the picture, so that a forgotten offset shows. */
    private static byte[] noise(int height, int width, int channels) {
        byte[] pixels = new byte[3 + height * width * channels];
        for (int i = 0; i < pixels.length - 3; i++) {
            int v = i * (int) 2654435761L;
            v ^= v >>> 15;
            v *= (int) 2246822519L;
            v ^= v >>> 13;
            pixels[3 + i] = (byte) v;
        }
        return pixels;
    }

    private static byte[] gradients(int height, int width, int channels) {
        byte[] pixels = new byte[3 + height * width * channels];
        int i = 3;
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                for (int c = 0; c < channels; c++) pixels[i++] = (byte) ((7 * x + 3 * y + 50 * c) / 4);
        return pixels;
    }
}
