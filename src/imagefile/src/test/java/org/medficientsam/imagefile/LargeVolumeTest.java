package org.medficientsam.imagefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medficientsam.casefile.LabelMap;
import org.medficientsam.casefile.Limits;
import org.medficientsam.imagefile.boxes.DrawnBoxes;
import org.medficientsam.imagefile.image.ReadLimits;
import org.medficientsam.imagefile.intensity.IntensityWindow;

/** A CT of 512 x 512 x 400 int16, 200 MiB, goes in and its label map comes out with the heap of every test here, well under 1 GB. */
class LargeVolumeTest {
    private static final int SIDE = 512;
    private static final int DEPTH = 400;

    @Test
    void aCtOf512x512x400FitsTheHeapOfTheTests(@TempDir Path folder) throws Exception {
        assertThat(Runtime.getRuntime().maxMemory()).isLessThan(1_000_000_000);
        Path segs = segmented(write(folder.resolve("ct.nii.gz")), folder.resolve("segs.nii.gz"));
        assertThat(ImageFiles.readLabels(segs, ReadLimits.LOCAL).boxes().count())
                .isEqualTo(1);
    }

    /** The case and its labels, 300 MiB, are let go with this method: nobody holds them while a result is read back, as much again. */
    private static Path segmented(Path ct, Path segs) throws IOException {
        PreparedCase prepared = prepare(ct);
        assertThat(prepared.window()).hasToString("ct-soft, -160 to 240");
        assertThat(prepared.caseFile().image().depth()).isEqualTo(DEPTH);
        LabelMap labels = LabelMap.blank(prepared.caseFile());
        labels.labels()[123_456] = 1;
        return ResultFile.write(segs, labels, prepared.form());
    }

    /** The image itself, 200 MiB, is let go with this method; its form stays. */
    private static PreparedCase prepare(Path ct) throws IOException {
        MedicalImage image = ImageFiles.read(ct, ReadLimits.LOCAL);
        DrawnBoxes box = DrawnBoxes.of(List.of(DrawnBoxes.parse("120,88,30,190,170,60")));
        return image.toCase(box, IntensityWindow.AUTO, Limits.LOCAL);
    }

    private static Path write(Path file) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(352).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(0, 348).putShort(40, (short) 3).putShort(42, (short) SIDE).putShort(44, (short) SIDE);
        header.putShort(46, (short) DEPTH).putShort(70, (short) 4).putShort(72, (short) 16);
        header.putFloat(80, 0.8f).putFloat(84, 0.8f).putFloat(88, 1.5f).putFloat(108, 352);
        header.put(344, (byte) 'n').put(345, (byte) '+').put(346, (byte) '1');
        ByteBuffer slice = ByteBuffer.allocate(2 * SIDE * SIDE).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < SIDE * SIDE; i++) slice.putShort((short) (i % SIDE < 100 ? -1000 : i % 97));
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file), 1 << 16)) {
            out.write(header.array());
            for (int k = 0; k < DEPTH; k++) out.write(slice.array());
        }
        return file;
    }
}
