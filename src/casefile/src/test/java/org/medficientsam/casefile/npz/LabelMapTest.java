package org.medficientsam.casefile.npz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medficientsam.casefile.ImageArray;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.LabelMap;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.VolumeCase;

class LabelMapTest {
    private static byte[] segs(LabelMap labels) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LabelMapNpz.write(labels, out);
        return out.toByteArray();
    }

    private static short[] random(int length) {
        Random random = new Random(length);
        short[] labels = new short[length];
        for (int i = 0; i < length; i++) labels[i] = (short) random.nextInt();
        return labels;
    }

    @Test
    void labelsAreUnsigned() {
        LabelMap labels = LabelMap.adopt(new short[] {0, 1, 2, 3, 4, (short) 65535}, 1, 2, 3, false);
        assertThat(labels.get(0, 1, 2)).isEqualTo(65535);
        assertThat(labels.get(0, 1, 0)).isEqualTo(3);
        assertThat(LabelMapNpz.array(labels).toInts()).containsExactly(0, 1, 2, 3, 4, 65535);
    }

    @Test
    void adoptedLabelsAreSharedAndCopiedOnesAreNot() {
        short[] array = new short[6];
        LabelMap adopted = LabelMap.adopt(array, 1, 2, 3, false);
        LabelMap copied = LabelMap.copyOf(array, 1, 2, 3, false);
        array[0] = 1;
        assertThat(adopted.get(0, 0, 0)).isEqualTo(1);
        assertThat(copied.get(0, 0, 0)).isZero();
    }

    /** 3 x 150 x 151 is longer than a step of the writer and no multiple of it. */
    @ParameterizedTest
    @CsvSource({"1,2,3,false", "1,2,3,true", "3,150,151,true", "1,128,256,false"})
    void segsAreTheImagesShapeAndComeBackEqual(int depth, int height, int width, boolean volume) throws IOException {
        short[] labels = random(depth * height * width);
        byte[] npz = segs(LabelMap.copyOf(labels, depth, height, width, volume));

        Npz read = Npz.read(npz, Limits.DEFAULT);
        assertThat(read.names()).containsExactly("segs");
        assertThat(read.get("segs").dtype()).isEqualTo(DType.UINT16);
        assertThat(read.get("segs").shape())
                .isEqualTo(volume ? new int[] {depth, height, width} : new int[] {height, width});
        LabelMap back = LabelMapNpz.from(read.get("segs"));
        assertThat(back.labels()).isEqualTo(labels);
        assertThat(back.isVolume()).isEqualTo(volume);
    }

    @Test
    void segsAreTheSameBytesHoweverTheyAreWritten() throws IOException {
        LabelMap labels = LabelMap.adopt(random(3 * 150 * 151), 3, 150, 151, true);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Npz.write(out, Map.of("segs", LabelMapNpz.array(labels)));
        assertThat(segs(labels)).isEqualTo(out.toByteArray());
        assertThat(segs(labels)).isEqualTo(segs(labels));
    }

    @Test
    void blankMapHasTheShapeOfItsCase() {
        ImageArray image = ImageArray.adopt(new byte[2 * 3 * 4 * 3], 2, 3, 4, 3);
        LabelMap blank = LabelMap.blank(new VolumeCase(image, List.of(), Optional.empty()));
        assertThat(LabelMapNpz.array(blank).shape()).containsExactly(2, 3, 4);
        assertThat(blank.labels()).containsOnly(0);
    }

    @ParameterizedTest
    @CsvSource({"|b1,1", "|i1,1", "|u1,1", "<i2,2", ">u2,2", "<i4,4", "<u4,4", "<i8,8", "<u8,8"})
    void groundTruthIsOfAnyIntegerType(String descr, int itemSize) {
        byte[] npz =
                new RawNpz().array("gts", descr, "(2, 3, 4)", 24 * itemSize).zip();
        LabelMap labels = LabelMapNpz.from(Npz.read(npz, Limits.DEFAULT).get("gts"));
        assertThat(labels.isVolume()).isTrue();
        assertThat(List.of(labels.depth(), labels.height(), labels.width())).containsExactly(2, 3, 4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<f4 | (2, 3) | 24 | gts must be integers, got float32",
                "<u1 | (6,) | 6 | gts must be (H, W) or (D, H, W), got (6,)",
                "<u1 | (1, 1, 2, 3) | 6 | gts must be (H, W) or (D, H, W), got (1, 1, 2, 3)",
                "<u1 | (0, 3) | 0 | gts must be (H, W) or (D, H, W), got (0, 3)"
            })
    void otherArraysAreNoLabelMaps(String descr, String shape, int bytes, String message) {
        NpyArray gts = Npz.read(new RawNpz().array("gts", descr, shape, bytes).zip(), Limits.DEFAULT)
                .get("gts");
        assertThatThrownBy(() -> LabelMapNpz.from(gts))
                .isInstanceOf(InvalidCaseException.class)
                .hasMessage(message);
    }

    @Test
    void labelsOutsideUint16AreRefused() {
        assertThatThrownBy(() -> LabelMapNpz.from(NpyArray.of(new int[] {-1, 0}, 1, 2)))
                .hasMessage("array must be integers in 0..65535, got one outside");
        assertThatThrownBy(() -> LabelMapNpz.from(NpyArray.of(new int[] {65536, 0}, 1, 2)))
                .isInstanceOf(InvalidCaseException.class);
    }

    @Test
    void shapeHasToFit() {
        assertThatThrownBy(() -> LabelMap.adopt(new short[5], 1, 2, 3, false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LabelMap.adopt(new short[12], 2, 2, 3, false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LabelMap.adopt(new short[0], 0, 2, 3, true))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
