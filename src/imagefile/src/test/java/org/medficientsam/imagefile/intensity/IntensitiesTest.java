package org.medficientsam.imagefile.intensity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.imagefile.image.FileKind;
import org.medficientsam.imagefile.image.NumberType;
import org.medficientsam.imagefile.image.RawImage;
import org.medficientsam.imagefile.image.Rescale;
import org.medficientsam.imagefile.image.VoxelGrid;
import org.medficientsam.imagefile.image.Voxels;

/** Windows worked out by hand on a row of pixels. */
class IntensitiesTest {
    private static RawImage.Builder int16(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) bytes.putShort((short) value);
        return image(NumberType.INT16, bytes.array(), values.length);
    }

    private static RawImage.Builder float32(double... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) bytes.putFloat((float) value);
        return image(NumberType.FLOAT32, bytes.array(), values.length);
    }

    private static RawImage.Builder image(NumberType type, byte[] bytes, int count) {
        Voxels voxels = Voxels.adopt(type, ByteOrder.LITTLE_ENDIAN, bytes, 0, count);
        return RawImage.of(FileKind.NIFTI, VoxelGrid.plain(count, 1, 1), 1, voxels);
    }

    private static EightBit convert(RawImage.Builder image, String window) {
        return Intensities.convert(image.build(), IntensityWindow.parse(window), 1 << 20);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ct-soft  | -160 to 240",
                "ct-lung | -910 to 590",
                "ct-brain | 0 to 80",
                "ct-bone | -500 to 1300",
            })
    void presetsAreTheChallenges(String preset, String bounds) {
        assertThat(convert(int16(-1000, 0, 500), preset).window()).hasToString(preset + ", " + bounds);
    }

    @Test
    void theWindowIsCutAtBothEndsAndRoundedDown() {
        EightBit eight = convert(int16(-1000, -160, -159, 40, 239, 240, 3000), "40,400");
        assertThat(eight.image().data()).containsExactly(0, 0, 0, 127, (byte) 254, (byte) 255, (byte) 255);
        assertThat(eight.window()).hasToString("centre 40, width 400, -160 to 240");
    }

    @Test
    void hounsfieldUnitsAreToldByTheirValues() {
        assertThat(convert(int16(-1000, -990, 40, 60, 1200), "auto").window().name())
                .isEqualTo("ct-soft");
        // Outside the scanner's circle is one value, which is no tissue.
        assertThat(convert(int16(-3024, -3024, -1000, 40, 60), "auto").window().name())
                .isEqualTo("ct-soft");
        assertThat(convert(int16(-3000, -2000, -1500, 40, 4000), "auto")
                        .window()
                        .name())
                .isEqualTo("percentile");
        assertThat(convert(int16(0, 400, 900), "auto").window().name()).isEqualTo("percentile");
        assertThat(convert(int16(-3, 400, 900).modality(Optional.of("CT")), "auto")
                        .window()
                        .name())
                .isEqualTo("ct-soft");
        assertThat(convert(int16(-1000, 0, 900).modality(Optional.of("MR")), "auto")
                        .window()
                        .name())
                .isEqualTo("percentile");
    }

    @Test
    void rescaledValuesAreWindowed() {
        EightBit eight = convert(int16(24, 1064, 1264).rescale(Rescale.of(1, -1024)), "auto");
        assertThat(eight.window().name()).isEqualTo("ct-soft");
        assertThat(eight.image().data()).containsExactly(0, 127, (byte) 255);
    }

    @Test
    void percentilesLeaveOutZeros() {
        EightBit eight = convert(int16(0, 0, 0, 0, 1000, 2000), "mr");
        assertThat(eight.window().lower()).isEqualTo(1005);
        assertThat(eight.window().upper()).isEqualTo(1995);
        assertThat(eight.image().data()).containsExactly(0, 0, 0, 0, 0, (byte) 255);
    }

    @ParameterizedTest
    @ValueSource(ints = {-32768, -2000})
    void whatStandsForNothingIsNoTissueAndNoPercentile(int padding) {
        int[] ct = {padding, padding, padding, -1000, -990, 40, 60, 400};
        assertThat(convert(int16(ct), "auto").window().name()).isEqualTo("ct-soft");
        int[] mr = {padding, padding, padding, 1000, 2000};
        assertThat(convert(int16(mr), "mr").window()).hasToString("mr, 1005 to 1995");
        assertThat(convert(float32(padding, padding, padding, 1000, 2000), "mr").window())
                .hasToString("mr, 1005 to 1995");
    }

    @Test
    void aSmallestValueAmongOthersIsNoPadding() {
        assertThat(convert(int16(-100, -100, 0, 900), "mr").window().lower()).isEqualTo(-100);
        assertThat(convert(int16(-1000, 1000), "mr").window().lower()).isEqualTo(-990);
    }

    @Test
    void wholeValuesOfEightBitsStayAsTheyAreInAnyType() {
        assertThat(convert(float32(0, 7, 255), "auto").image().data()).containsExactly(0, 7, (byte) 255);
        assertThat(convert(int16(0, 1, 1), "auto").image().data()).containsExactly(0, 1, 1);
        for (int value = 0; value < 256; value++)
            assertThat(convert(float32(value, 0), "auto").image().data()[0] & 0xff)
                    .isEqualTo(value);
        assertThat(convert(float32(0, 7.5, 255), "auto").window().isAsStored()).isFalse();
        assertThat(convert(float32(0, 7, 256), "auto").window().isAsStored()).isFalse();
    }

    @Test
    void whiteAsZeroIsTurned() {
        assertThat(convert(float32(0, 7, 255).inverted(true), "auto").image().data())
                .containsExactly((byte) 255, (byte) 248, 0);
    }

    @Test
    void notANumberIsBlack() {
        EightBit eight = convert(float32(Double.NaN, 1, Double.POSITIVE_INFINITY, 2.5), "auto");
        assertThat(eight.image().data()).containsExactly(0, 0, (byte) 255, (byte) 255);
    }

    @Test
    void constantValuesAreOneGrey() {
        assertThat(convert(float32(7.5, 7.5), "auto").image().data()).containsOnly((byte) 255);
        assertThat(convert(float32(0, 1000), "auto").image().data()).containsExactly(0, (byte) 255);
    }

    @Test
    void theFilesOwnWindowIsTakenIfAskedFor() {
        RawImage.FileWindow own = new RawImage.FileWindow(50, 100);
        assertThat(convert(int16(0, 50, 100).window(Optional.of(own)), "dicom")
                        .image()
                        .data())
                .containsExactly(0, 127, (byte) 255);
        assertThatThrownBy(() -> convert(int16(0, 1), "dicom"))
                .isInstanceOf(InvalidCaseException.class)
                .hasMessage("window must be one that the file has, got dicom, but it has none");
    }

    @Test
    void aWindowInHounsfieldUnitsIsRefusedForStoredBytes() {
        RawImage.Builder bytes = image(NumberType.UINT8, new byte[] {1, 2}, 2);
        assertThatThrownBy(() -> convert(bytes, "ct-soft"))
                .isInstanceOf(InvalidCaseException.class)
                .hasMessage("window must be for Hounsfield units, got ct-soft for values of 8 bits");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "40", "40,0", "40,-3", "NaN,3", "soft", "40,400,1", "1e999,2"})
    void otherWindowsAreRefused(String text) {
        assertThatThrownBy(() -> IntensityWindow.parse(text))
                .isInstanceOf(InvalidCaseException.class)
                .hasMessageStartingWith("window must be ");
    }
}
