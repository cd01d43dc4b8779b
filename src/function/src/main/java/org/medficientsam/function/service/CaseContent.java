package org.medficientsam.function.service;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.medficientsam.casefile.CaseHeader;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.InvalidCaseException.Reason;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.CaseNpz;
import org.medficientsam.casefile.npz.Npz;
import org.medficientsam.imagefile.ImageFiles;
import org.medficientsam.imagefile.PreparedCase;
import org.medficientsam.imagefile.image.InputFile;
import org.medficientsam.imagefile.image.ScratchFiles;
import org.medficientsam.imagefile.intensity.IntensityWindow;
import org.medficientsam.segmenter.CaseOptions;

/**
 * A case that has arrived whole. As npz: in memory if it is short, else in a file of its own that goes when it is closed. Or of an image
 * that is there already.
 */
public interface CaseContent extends AutoCloseable {
    /** Longest that is held in memory. */
    int LONGEST_IN_MEMORY = 1 << 20;

    /** @throws InvalidCaseException if it is no archive of arrays within the limits */
    CaseHeader header(Limits limits) throws IOException;

    /**
     * @param window what becomes black and white where {@code imgs} is not uint8
     * @throws InvalidCaseException if it is not a valid case, or the window does not suit it
     */
    PreparedCase read(Limits limits, IntensityWindow window) throws IOException;

    /** Bytes that are held in memory. */
    long bytesInMemory();

    /** Bytes that are held before and after as well, and count elsewhere. */
    default long bytesKept() {
        return 0;
    }

    /** How it wants to be segmented, by whoever asked for these options. */
    default CaseOptions asked(CaseOptions options) {
        return options;
    }

    /** Frees what it holds; again is harmless. */
    @Override
    void close();

    /** Bytes that came with a request, an npz unless they turn out to be something else. */
    sealed interface Received extends CaseContent {
        /** How long it is. */
        long size() throws IOException;

        /**
         * A part of it as a file, that is there until this is closed.
         *
         * @param name what its sender calls it
         */
        InputFile part(long offset, long length, String name);

        /**
         * All of it as a file, that is there until this is closed.
         *
         * @param name what its sender calls it
         */
        default InputFile file(String name) throws IOException {
            return part(0, size(), name);
        }
    }

    /** A short npz. */
    record InMemory(byte[] npz) implements Received {
        @Override
        public CaseHeader header(Limits limits) {
            return CaseNpz.header(npz, limits);
        }

        @Override
        public PreparedCase read(Limits limits, IntensityWindow window) {
            return ImageFiles.readCase(npz, window, limits);
        }

        @Override
        public long size() {
            return npz.length;
        }

        @Override
        public InputFile part(long offset, long length, String name) {
            return InputFile.of(npz, (int) offset, (int) length, name);
        }

        @Override
        public long bytesInMemory() {
            return npz.length;
        }

        @Override
        public void close() {}
    }

    /** @param npz one of the {@link ScratchFiles} */
    record InFile(Path npz) implements Received {
        @Override
        public CaseHeader header(Limits limits) throws IOException {
            return CaseNpz.header(npz, limits);
        }

        @Override
        public PreparedCase read(Limits limits, IntensityWindow window) throws IOException {
            return ImageFiles.readCase(Npz.read(npz, limits, CaseNpz.arrays()), window, limits);
        }

        @Override
        public long size() throws IOException {
            return Files.size(npz);
        }

        @Override
        public InputFile part(long offset, long length, String name) {
            return InputFile.of(npz, offset, length, name);
        }

        @Override
        public long bytesInMemory() {
            return 0;
        }

        @Override
        public void close() {
            ScratchFiles.delete(npz);
        }
    }

    /**
     * Reads a stream to its end.
     *
     * @param mostBytes it may have
     * @throws InvalidCaseException if it has more
     */
    static Received of(InputStream npz, long mostBytes) throws IOException {
        byte[] start = npz.readNBytes((int) Math.min(LONGEST_IN_MEMORY, mostBytes) + 1);
        if (start.length <= Math.min(LONGEST_IN_MEMORY, mostBytes)) return new InMemory(start);
        CaseContent.InFile file = new InFile(ScratchFiles.file(".npz"));
        try (OutputStream out = Files.newOutputStream(file.npz)) {
            out.write(start);
            byte[] part = new byte[1 << 16];
            long length = start.length;
            for (int read = 0; read >= 0 && length <= mostBytes; read = npz.read(part)) {
                out.write(part, 0, read);
                length += read;
            }
            if (length > mostBytes)
                throw new InvalidCaseException(Reason.TOO_LARGE, "npz", "at most " + mostBytes + " bytes", "more");
            return file;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }
}
