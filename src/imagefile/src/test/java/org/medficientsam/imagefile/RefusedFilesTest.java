package org.medficientsam.imagefile;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.imagefile.image.InputFile;
import org.medficientsam.imagefile.image.ReadLimits;

/** What is not read is refused with what it is, not as damaged. */
class RefusedFilesTest {
    private static final int COMPRESSION = 259;
    private static final int PHOTOMETRIC = 262;

    private static AbstractThrowableAssert<?, ?> assertRefused(byte[] file) {
        return assertThatThrownBy(() -> ImageFiles.read(file, "", ReadLimits.LOCAL))
                .isInstanceOf(InvalidCaseException.class);
    }

    @ParameterizedTest
    @CsvSource({
        COMPRESSION + ", 50000, Zstandard",
        COMPRESSION + ", 34712, JPEG 2000",
        COMPRESSION + ", 9, compression 9",
        PHOTOMETRIC + ", 8, photometric interpretation 8",
    })
    void aTiffNamesWhatIsNotRead(int tag, int value, String named) {
        byte[] tiff = Resources.bytes("files/lzw.tif");
        ByteBuffer in = ByteBuffer.wrap(tiff).order(ByteOrder.LITTLE_ENDIAN);
        int directory = in.getInt(4);
        for (int i = 0; i < in.getShort(directory); i++) {
            int at = directory + 2 + 12 * i;
            if (in.getShort(at) == (short) tag) in.putShort(at + 8, (short) value);
        }
        assertRefused(tiff).hasMessageStartingWith("tiff must be ").hasMessageEndingWith("got " + named);
    }

    @Test
    void headersThatNameAnotherFileAreToldSo() {
        String nhdr =
                "NRRD0004\ntype: short\ndimension: 3\nsizes: 2 2 2\nencoding: raw\nendian: little\ndata file: a.raw\n";
        assertRefused(nhdr.getBytes(StandardCharsets.US_ASCII))
                .hasMessage("nrrd must be one file of header and voxels, got the name of another file");
    }

    @Test
    void aMissingSliceIsToldByTheDistancesThatThereAre() throws Exception {
        List<InputFile> slices = series();
        slices.remove(4);
        assertThatThrownBy(() -> ImageFiles.read(slices, ReadLimits.LOCAL))
                .hasMessageStartingWith("dicom must be slices at even distances, got distances from 4.74 to ")
                .hasMessageEndingWith("mm; is one missing?");
    }

    @Test
    void aSliceThatIsThereTwiceIsNotTakenForAGap() throws Exception {
        List<InputFile> slices = series();
        slices.add(slices.get(4));
        assertThatThrownBy(() -> ImageFiles.read(slices, ReadLimits.LOCAL))
                .hasMessage("dicom must be one slice per position, got 1 with others at their positions;"
                        + " a second copy of some, or a series in time?");
    }

    @Test
    void aFolderOfFoldersAsksForOneOfThem(@TempDir Path folder) throws Exception {
        Files.createDirectories(folder.resolve("series"));
        assertThatThrownBy(() -> ImageFiles.read(folder, ReadLimits.LOCAL))
                .hasMessage(
                        "dicom must be a folder that holds the files of a series itself, got sub-folders alone; name one of them");
    }

    private static List<InputFile> series() throws Exception {
        List<InputFile> files = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(Resources.bytes("files/series.zip")))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry())
                if (!entry.getName().endsWith(".txt")) files.add(InputFile.of(zip.readAllBytes(), entry.getName()));
        }
        return files;
    }
}
