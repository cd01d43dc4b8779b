package org.medficientsam.imagefile;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.imagefile.image.ReadLimits;

/** Headers that say that numbers lie otherwise than they would be read are refused, and not read anyhow. */
class RefusedHeadersTest {
    private static AbstractThrowableAssert<?, ?> assertRefused(byte[] file) {
        return assertThatThrownBy(() -> ImageFiles.read(file, "", ReadLimits.LOCAL))
                .isInstanceOf(InvalidCaseException.class);
    }

    private static byte[] text(String header, int bytesBehind) {
        byte[] start = header.replace("|", "\n").getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(start.length + bytesBehind).put(start).array();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "BinaryData = False; mha must be of binary data, got numbers in text",
                "HeaderSize = 20; mha must be with its voxels right behind its header, got HeaderSize",
                "HeaderSize = -1; mha must be with its voxels right behind its header, got HeaderSize",
                "ElementSpacing = 1 nan 1; mha must be with a finite spacing, got NaN",
            })
    void metaImageSaysWhatIsNotRead(String line, String message) {
        String header = "ObjectType = Image|NDims = 3|DimSize = 2 3 4|ElementType = MET_UCHAR|" + line
                + "|ElementDataFile = LOCAL|";
        assertRefused(text(header, 100)).hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "dimension: 3|sizes: 4 5 6|kinds: RGBA-color domain domain|type: uchar; 4 along axis 1 of kind rgba-color",
                "dimension: 3|sizes: 2 5 6|kinds: vector domain domain|type: uchar; 2 along axis 1 of kind vector",
                "dimension: 3|sizes: 5 6 3|kinds: domain domain RGB-color|type: uchar; 3 along axis 3 of kind rgb-color",
                "dimension: 3|sizes: 3 5 6|kinds: HSV-color domain domain|type: uchar; 3 along axis 1 of kind hsv-color",
                "dimension: 3|sizes: 7 5 6|space directions: none (1,0) (0,1)|type: uchar; 7 along axis 1, which has no direction",
                "dimension: 3|sizes: 2 3 4|byteskip: 9|type: uchar; some",
                "dimension: 3|sizes: 2 3 4|lineskip: 1|type: uchar; some",
                "dimension: 4|sizes: 2 3 4|type: uchar; 3",
                "dimension: 3|sizes: 2 3 4|type: short; none",
                "dimension: 3|sizes: 2 3 4|space: right-posterior-superior|"
                        + "space directions: (1,0,0) (0,1,0) (0,0,1)|type: uchar; right-posterior-superior",
            })
    void nrrdSaysWhatIsNotRead(String lines, String found) {
        assertRefused(text("NRRD0004|" + lines + "|encoding: raw||", 300))
                .hasMessageStartingWith("nrrd must be ")
                .hasMessageEndingWith(", got " + found);
    }

    @Test
    void aGzipWhoseChecksumIsWrongIsDamaged() throws Exception {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write(Resources.bytes("files/type_uint8.nii"));
        }
        byte[] file = zipped.toByteArray();
        file[file.length - 6] ^= 1;
        assertRefused(file).hasMessage("nifti must be a whole file, got a damaged or cut gzip");
    }

    @ParameterizedTest
    @CsvSource({
        "0xc0, 12, 12 bits",
        "0xc3, 8, lossless",
        "0xc9, 8, arithmetic coding",
        "0xc5, 8, another process",
    })
    void jpegNamesTheProcessThatIsNotRead(String marker, int bits, String found) {
        byte[] jpeg = Resources.bytes("files/grey.jpg");
        int at = 2;
        while ((jpeg[at + 1] & 0xff) != 0xc0) at += 2 + ((jpeg[at + 2] & 0xff) << 8 | jpeg[at + 3] & 0xff);
        jpeg[at + 1] = (byte) (int) Integer.decode(marker);
        jpeg[at + 4] = (byte) bits;
        assertRefused(jpeg).hasMessage("jpeg must be of 8 bits, baseline or progressive, got " + found);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "1~ ImageJ=1.54|images=6|slices=6|~ a directory for each page, got one for 6",
                "1~ {\"shape\": [6, 2, 2], \"truncated\": true}~ a directory for each page, got one for all",
                "6~ ImageJ=1.54|images=6|channels=2|slices=3|~ slices of one channel, got pages of 2 channels in turn; take out one",
                "6~ <OME><Image><Pixels SizeX=\"2\" SizeC=\"3\" SizeZ=\"2\"/></Image></OME>~"
                        + " slices of one channel, got pages of 3 channels in turn; take out one",
            })
    void tiffPagesThatAreNotTheSlicesAreRefused(int pages, String description, String message) {
        assertRefused(tiff(pages, description, 8, 1, 1)).hasMessage("tiff must be of " + message);
    }

    @Test
    void tiffOf64BitIntegersOrOfSlicesInAPageIsNamed() {
        assertRefused(tiff(1, "", 64, 1, 1))
                .hasMessage("tiff must be of whole numbers of at most 32 bits, got 64 bits");
        assertRefused(tiff(1, "", 8, 1, 5)).hasMessage("tiff must be of flat pages, got pages of 5 slices");
    }

    @Test
    void tiffChannelsInPlanesAreNotDropped() {
        assertRefused(tiff(1, "", 8, 3, 1))
                .hasMessage("tiff must be of channels that lie together, or of RGB, got 3 in planes of their own");
    }

    /** Pages of 2 x 2 pixels, grey, little-endian, of planes if there are several samples. */
    private static byte[] tiff(int pages, String description, int bits, int samples, int depth) {
        byte[] text = text(description, 1);
        ByteBuffer file = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
        file.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(1024);
        file.put(256, text);
        for (int page = 0; page < pages; page++) {
            int at = 1024 + 256 * page;
            int[][] entries = {
                {256, 3, 1, 2},
                {257, 3, 1, 2},
                {258, 3, 1, bits},
                {259, 3, 1, 1},
                {262, 3, 1, 1},
                {270, 2, Math.max(text.length, 5), 256},
                {273, 4, samples, samples == 1 ? 512 : 768},
                {277, 3, 1, samples},
                {278, 3, 1, 2},
                {279, 4, samples, samples == 1 ? 4 * bits / 8 : 800},
                {284, 3, 1, samples == 1 ? 1 : 2},
                {32997, 4, 1, depth},
            };
            file.putShort(at, (short) entries.length);
            for (int i = 0; i < entries.length; i++) {
                int entry = at + 2 + 12 * i;
                file.putShort(entry, (short) entries[i][0]).putShort(entry + 2, (short) entries[i][1]);
                file.putInt(entry + 4, entries[i][2]).putInt(entry + 8, entries[i][3]);
            }
            file.putInt(at + 2 + 12 * entries.length, page + 1 < pages ? at + 256 : 0);
        }
        for (int plane = 0; plane < 3; plane++)
            file.putInt(768 + 4 * plane, 512).putInt(800 + 4 * plane, 4);
        return file.array();
    }
}
