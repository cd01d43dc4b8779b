package org.medficientsam.casefile.npz;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.Limits;

/** Reads archives that claim far more than they hold, in a virtual machine that could not hold it; {@link SmallHeapTest} starts it. */
final class SmallHeap {
    /** What reading an archive may allocate: a few buffers. */
    private static final long ALLOWED_BYTES = 1 << 20;

    private static final com.sun.management.ThreadMXBean THREAD =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private SmallHeap() {}

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        RawNpz sound = new RawNpz().array("imgs", "|u1", "(8, 8)", 64).doubles("boxes", "(1, 4)", 0, 0, 3, 3);
        CaseNpz.read(sound.zip(), Limits.DEFAULT); // loads the classes

        Path zeros = folder.resolve("zeros.npz");
        writeZeros(zeros, 300 << 20);
        refused("300 MB of zeros", Files.readAllBytes(zeros));
        refused("300 MB of zeros in a file", () -> CaseNpz.read(zeros, Limits.DEFAULT));
        refused("300 MB of zeros in a stream", () -> CaseNpz.read(Files.newInputStream(zeros), Limits.DEFAULT));
        Path fits = folder.resolve("fits.npz");
        writeZeros(fits, 20 << 20);
        Limits lower = new Limits(1 << 20, 16, 1 << 16, 16 << 20, 16 << 20, 10);
        refused("20 MB of zeros under a cap of 16 MB", () -> CaseNpz.read(fits, lower));

        refused("a shape of 4 GB", sound(new RawNpz().array("imgs", "|u1", "(65536, 65536)", 12)));
        refused(
                "a shape that overflows",
                sound(new RawNpz().array("imgs", "<f8", "(2147483647, 2147483647, 2147483647)", 12)));
        byte[] longHeader = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0, -1, -1, -1, -1};
        refused("a header of 4 GB", sound(new RawNpz().entry("imgs.npy", longHeader)));
        refused("200 MB that the directory confirms, in 12 bytes", claiming(200 << 20));
        refused(
                "many boxes",
                new RawNpz()
                        .array("imgs", "|u1", "(8, 8)", 64)
                        .array("boxes", "|u1", "(70000, 4)", 280000)
                        .zip());

        CaseFile next = CaseNpz.read(sound.zip(), Limits.DEFAULT);
        if (next.boxes().size() != 1) throw new AssertionError("the next case is not read");
        System.out.println("done");
    }

    private interface Read {
        CaseFile read() throws IOException;
    }

    private static void refused(String what, byte[] npz) throws IOException {
        refused(what, () -> CaseNpz.read(npz, Limits.DEFAULT));
    }

    private static void refused(String what, Read read) throws IOException {
        long before = THREAD.getCurrentThreadAllocatedBytes();
        try {
            read.read();
        } catch (InvalidCaseException e) {
            long allocated = THREAD.getCurrentThreadAllocatedBytes() - before;
            if (allocated > ALLOWED_BYTES + 280000) throw new AssertionError(what + " allocated " + allocated, e);
            System.out.println(what + ": " + e.reason() + ", " + e.getMessage());
            return;
        }
        throw new AssertionError(what + " was read");
    }

    private static byte[] sound(RawNpz npz) {
        return npz.doubles("boxes", "(1, 4)", 0, 0, 3, 3).zip();
    }

    private static void writeZeros(Path file, int bytes) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("imgs.npy"));
            zip.write(NpyHeader.encode(DType.UINT8, bytes >> 10, 1 << 10));
            byte[] step = new byte[1 << 20];
            for (int i = 0; i < bytes >> 20; i++) zip.write(step);
            zip.putNextEntry(new ZipEntry("boxes.npy"));
            zip.write(NpyHeader.encode(DType.UINT8, 0, 4));
        }
    }

    /** A header and a directory that agree on a size within the limits, but 12 bytes of data. */
    private static byte[] claiming(int bytes) {
        byte[] npz = sound(new RawNpz().array("imgs", "|u1", "(" + (bytes >> 10) + ", 1024)", 12));
        ByteBuffer buffer = ByteBuffer.wrap(npz).order(ByteOrder.LITTLE_ENDIAN);
        int central = 0;
        while (buffer.getInt(central) != 0x02014b50) central++;
        buffer.putInt(central + 24, buffer.getInt(central + 24) - 12 + bytes);
        return npz;
    }
}
