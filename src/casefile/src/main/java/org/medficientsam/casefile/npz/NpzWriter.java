package org.medficientsam.casefile.npz;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.LocalDateTime;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes arrays one after the other into a deflated archive; closing it ends the archive but leaves the stream open. */
public final class NpzWriter implements AutoCloseable {
    /** Local, and not the first of January, to which the JDK would add a second timestamp in the machine's zone. */
    private static final LocalDateTime TIMESTAMP = LocalDateTime.of(1980, 2, 1, 0, 0);

    /** What an array holds. */
    public interface Data {
        /** Writes little-endian elements in C order. */
        void writeTo(OutputStream out) throws IOException;
    }

    private final ZipOutputStream zip;

    /** @param out left open */
    public NpzWriter(OutputStream out) {
        zip = new ZipOutputStream(new BufferedOutputStream(out, 64 << 10));
        zip.setLevel(Deflater.BEST_SPEED);
    }

    /**
     * Writes an array.
     *
     * @param name without its ending
     */
    public void write(String name, DType dtype, int[] shape, Data data) throws IOException {
        ZipEntry entry = new ZipEntry(name + ".npy");
        entry.setTimeLocal(TIMESTAMP);
        zip.putNextEntry(entry);
        zip.write(NpyHeader.encode(dtype, shape));
        data.writeTo(zip);
        zip.closeEntry();
    }

    @Override
    public void close() throws IOException {
        zip.finish();
        zip.flush();
    }
}
