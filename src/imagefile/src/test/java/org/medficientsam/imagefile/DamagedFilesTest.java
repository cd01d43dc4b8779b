package org.medficientsam.imagefile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.imagefile.image.InputFile;
import org.medficientsam.imagefile.image.ReadLimits;
import org.medficientsam.imagefile.nifti.NiftiReader;

/**
 * Files with changed headers: each is read or refused with the one exception, and what is allocated on the way stays near the caps,
 * whatever sizes the header claims. 3,900 of them; the seed is fixed, so that a failure can be repeated.
 */
class DamagedFilesTest {
    private static final int CAP = 4 << 20;
    private static final ReadLimits LIMITS = new ReadLimits(CAP, CAP, 64, false);

    /** Reader objects, copies of the file, channels spread to doubles row by row, and the numbers at most a few times over. */
    private static final long MOST_ALLOCATED = 12L * CAP;

    private static final int TIMES = 150;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "type_int16.nii",
                "ct.nii.gz",
                "ct_nifti2.nii.gz",
                "big_endian.nii",
                "rgb.nii",
                "ct_explicit.dcm",
                "ct_implicit.dcm",
                "ct_big_endian.dcm",
                "ct_deflated.dcm",
                "ct_rle.dcm",
                "enhanced.dcm",
                "frames.dcm",
                "palette.dcm",
                "series.zip",
                "rgb.png",
                "palette.png",
                "grey_16.png",
                "bits_1.png",
                "lzw.tif",
                "grey_16.tif",
                "tiled_16.tif",
                "group4.tif",
                "pages.tif",
                "predictor_16.tif",
                "predictor_float.tif",
                "big_pages_big_endian.tif",
                "photo.jpg",
                "itk.mha",
                "itk_compressed.nrrd",
                "palette.bmp",
                "rgb.webp"
            })
    void isReadOrRefusedWithinTheCaps(String name) throws Exception {
        byte[] file = Resources.bytes("files/" + name);
        int head = Math.min(file.length, name.endsWith(".dcm") ? 1200 : 400);
        Random random = new Random(name.hashCode());
        int refused = 0;
        for (int time = 0; time < TIMES; time++) {
            byte[] damaged = damage(file, head, random);
            long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
            try {
                ImageFiles.read(damaged, name, LIMITS);
            } catch (InvalidCaseException e) {
                refused++;
                assertThat(e.getMessage()).hasSizeLessThan(300);
            } catch (Throwable e) {
                fail("%s, time %d: %s".formatted(name, time, e), e);
            }
            long allocated =
                    THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
            assertThat(allocated).as("%s, time %d", name, time).isLessThan(MOST_ALLOCATED);
        }
        assertThat(refused).isPositive();
    }

    /** One to four bytes changed, often to what makes a length huge or negative, or the file cut. */
    private static byte[] damage(byte[] file, int head, Random random) {
        byte[] damaged = file.clone();
        for (int change = 0; change <= random.nextInt(4); change++) {
            int at = random.nextInt(Math.min(head, damaged.length));
            switch (random.nextInt(5)) {
                case 0 -> damaged[at] = (byte) random.nextInt(256);
                case 1 -> damaged[at] = (byte) 0xff;
                case 2 -> damaged[at] = (byte) 0x7f;
                case 3 -> Arrays.fill(damaged, at, Math.min(at + 4, damaged.length), (byte) 0xff);
                default ->
                    damaged = random.nextInt(4) > 0 ? damaged : Arrays.copyOf(damaged, random.nextInt(file.length));
            }
            if (damaged.length == 0) return damaged;
        }
        return damaged;
    }

    /** The JDK's reader calls itself for each of them, until its stack is full. */
    @Test
    void gzipOfManyEmptyMembersIsRefused() throws IOException {
        ByteArrayOutputStream empty = new ByteArrayOutputStream();
        new GZIPOutputStream(empty).close();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        for (int i = 0; i < 100_000; i++) empty.writeTo(file);
        file.write(Resources.bytes("files/ct.nii.gz"));

        assertThatThrownBy(() -> NiftiReader.read(InputFile.of(file.toByteArray(), "many.nii.gz"), LIMITS))
                .isInstanceOf(InvalidCaseException.class)
                .hasMessageContaining("nifti must be a whole file");
    }
}
