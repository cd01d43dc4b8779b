package org.medficientsam.imagefile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.imagefile.image.InputFile;
import org.medficientsam.imagefile.image.ReadLimits;

/** Slices of DICOM whose place in a volume is not certain are refused with what is wrong with them; where it is only not stored, it is told. */
class RefusedSeriesTest {
    private static final int INSTANCE_NUMBER = 0x0020_0013;
    private static final int POSITION = 0x0020_0032;
    private static final int PIXEL_SPACING = 0x0028_0030;
    private static final int SLOPE = 0x0028_1053;

    private final List<byte[]> slices = new ArrayList<>();

    @BeforeEach
    void nineSlicesOfATiltedSeries() throws Exception {
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(Resources.bytes("files/series.zip")))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry())
                if (!entry.getName().endsWith(".txt")) slices.add(zip.readAllBytes());
        }
    }

    private MedicalImage read() throws Exception {
        List<InputFile> files =
                slices.stream().map(bytes -> InputFile.of(bytes, "")).toList();
        return ImageFiles.read(files, ReadLimits.LOCAL);
    }

    private AbstractThrowableAssert<?, ?> assertRefused() {
        return assertThatThrownBy(this::read).isInstanceOf(InvalidCaseException.class);
    }

    /** Gives one slice's element another text. */
    private void set(int slice, int tag, String text) {
        byte[] file = slices.get(slice);
        int at = find(file, tag);
        int length = Short.toUnsignedInt(little(file).getShort(at + 6));
        byte[] value = (text.length() % 2 == 0 ? text : text + " ").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer head = little(file.clone());
        head.putShort(at + 6, (short) value.length);
        slices.set(slice, joined(file.length, head.array(), at + 8, value, file, at + 8 + length));
    }

    private String text(int slice, int tag) {
        byte[] file = slices.get(slice);
        int at = find(file, tag);
        return new String(file, at + 8, little(file).getShort(at + 6), StandardCharsets.US_ASCII).strip();
    }

    /** Puts bytes before the pixels of the first slice. */
    private void insert(byte[] elements) {
        byte[] file = slices.get(0);
        int at = find(file, 0x7fe0_0010);
        slices.set(0, joined(file.length, file, at, elements, file, at));
    }

    private static byte[] joined(int size, byte[] head, int headLength, byte[] middle, byte[] tail, int tailStart) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream(size);
        joined.write(head, 0, headLength);
        joined.writeBytes(middle);
        joined.write(tail, tailStart, tail.length - tailStart);
        return joined.toByteArray();
    }

    private static int find(byte[] file, int tag) {
        ByteBuffer in = little(file);
        for (int at = 132; ; at++)
            if (in.getShort(at) == (short) (tag >>> 16)
                    && in.getShort(at + 2) == (short) tag
                    && Character.isUpperCase(file[at + 4])) return at;
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void aSliceThatLiesToTheSideIsNotPutInLine() {
        String[] position = text(3, POSITION).split("\\\\");
        set(3, POSITION, Double.parseDouble(position[0]) + 20 + "\\" + position[1] + "\\" + position[2]);
        assertRefused()
                .hasMessageStartingWith("dicom must be slices straight behind one another, got one that lies ")
                .hasMessageEndingWith(" mm to the side");
    }

    @Test
    void aSliceOfLargerPixelsIsNotTakenForOneOfTheOthersSize() {
        set(5, PIXEL_SPACING, "1.8\\1.6");
        assertRefused().hasMessageStartingWith("dicom must be slices of one pixel spacing, got ");
    }

    @Test
    void aSliceWithoutPositionDoesNotTakeThoseOfTheOthers() {
        set(2, POSITION, "");
        assertRefused().hasMessage("dicom must be slices that all say where they lie, got 8 of 9 that do");
    }

    @Test
    void withoutPositionsInstanceNumbersAreTheOrderWhichIsTold() throws Exception {
        for (int slice = 0; slice < slices.size(); slice++) set(slice, POSITION, "");
        assertThat(read().notes()).containsExactly("its slices have no position and follow their instance numbers");
    }

    @Test
    void withoutPositionsAndNumbersNamesAreNoOrder() {
        for (int slice = 0; slice < slices.size(); slice++) {
            set(slice, POSITION, "");
            set(slice, INSTANCE_NUMBER, slice < 4 ? "" : "7");
        }
        assertRefused()
                .hasMessage("dicom must be slices with a position, or each with an instance number of its own,"
                        + " got 1 numbers for 9 slices");
    }

    @Test
    void aSlopeThatIsNoNumberDoesNotBlackenTheImage() {
        set(0, SLOPE, "NaN");
        assertRefused().hasMessage("dicom must be with finite numbers in element (0028,1053), got NaN");
    }

    @Test
    void severalSegmentsAreNotTakenForOneImage() {
        ByteBuffer sequence = little(new byte[28]);
        sequence.putShort((short) 0x62).putShort((short) 2).put((byte) 'S').put((byte) 'Q');
        sequence.putShort((short) 0).putInt(16);
        for (int item = 0; item < 2; item++)
            sequence.putShort((short) 0xfffe).putShort((short) 0xe000).putInt(0);
        insert(sequence.array());
        assertRefused().hasMessage("dicom must be of one segment, got 2; take out one");
    }
}
