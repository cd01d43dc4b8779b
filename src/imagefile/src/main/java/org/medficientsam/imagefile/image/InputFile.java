package org.medficientsam.imagefile.image;

import static org.medficientsam.casefile.InvalidCaseException.tooLarge;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.LongConsumer;

/** The bytes of one file, on disk or in memory. */
public final class InputFile {
    private final String name;
    private final long size;
    private final Opening opening;

    private interface Opening {
        InputStream open() throws IOException;
    }

    private InputFile(String name, long size, Opening opening) {
        this.name = name;
        this.size = size;
        this.opening = opening;
    }

    /** A file on disk. */
    public static InputFile of(Path path) throws IOException {
        return watched(path, bytes -> {});
    }

    /**
     * A file on disk that tells how far it has been read.
     *
     * @param read hears the bytes since it was opened; a file may be opened more than once, for its first bytes
     */
    public static InputFile watched(Path path, LongConsumer read) throws IOException {
        Path last = path.getFileName();
        return new InputFile(
                last == null ? "" : last.toString(),
                Files.size(path),
                () -> new WatchedStream(Files.newInputStream(path), read));
    }

    private static final class WatchedStream extends FilterInputStream {
        private final LongConsumer read;
        private long bytes;

        WatchedStream(InputStream file, LongConsumer read) {
            super(file);
            this.read = read;
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            if (value >= 0) read.accept(++bytes);
            return value;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = super.read(target, offset, length);
            if (count > 0) read.accept(bytes += count);
            return count;
        }
    }

    /**
     * A part of a file on disk.
     *
     * @param offset where it begins
     * @param length of the part, bytes
     */
    public static InputFile of(Path path, long offset, long length, String name) {
        return new InputFile(name, length, () -> {
            InputStream in = Files.newInputStream(path);
            try {
                in.skipNBytes(offset);
                return new BoundedStream(in, length);
            } catch (IOException e) {
                in.close();
                throw e;
            }
        });
    }

    /** A part of a file in memory, not copied. */
    public static InputFile of(byte[] bytes, int offset, int length, String name) {
        return new InputFile(name, length, () -> new ByteArrayInputStream(bytes, offset, length));
    }

    /** A file in memory, not copied. */
    public static InputFile of(byte[] bytes, String name) {
        return new InputFile(name, bytes.length, () -> new ByteArrayInputStream(bytes));
    }

    /** A file's name without its ending, .nii.gz being one; the last number of a DICOM UID is none. */
    public static String stem(String name) {
        return name.replaceFirst("(?i)(\\.nii)?\\.[a-z][a-z0-9]*$", "");
    }

    /** Its last name; only its ending is ever looked at, and only where the bytes do not tell. */
    public String name() {
        return name;
    }

    /** Its length in bytes. */
    public long size() {
        return size;
    }

    /** From its first byte; the caller closes it. */
    public InputStream open() throws IOException {
        return opening.open();
    }

    /** The first bytes, fewer if the file is shorter. */
    public byte[] start(int count) throws IOException {
        try (InputStream in = open()) {
            return in.readNBytes(count);
        }
    }

    /**
     * All of it.
     *
     * @throws org.medficientsam.casefile.InvalidCaseException if it is longer than the limits allow
     */
    public byte[] bytes(ReadLimits limits) throws IOException {
        if (size > limits.maxFileBytes())
            throw tooLarge("file", "at most %d bytes".formatted(limits.maxFileBytes()), size + " bytes");
        try (InputStream in = open()) {
            byte[] all = new byte[(int) size];
            int read = in.readNBytes(all, 0, all.length);
            return read == all.length ? all : Arrays.copyOf(all, read);
        }
    }
}
