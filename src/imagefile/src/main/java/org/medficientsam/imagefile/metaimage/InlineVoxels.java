package org.medficientsam.imagefile.metaimage;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.medficientsam.imagefile.image.GzipStream;

/** Numbers that follow a header, plain or compressed. */
enum InlineVoxels {
    RAW,
    ZLIB,
    GZIP;

    /** No deflated byte makes more than this many. */
    private static final long MOST_INFLATED = 1032;

    /**
     * Reads them.
     *
     * @param bytes how many there have to be
     * @param fileBytes length of the file, which bounds what it can hold
     */
    byte[] read(InputStream in, String field, int bytes, long fileBytes) throws IOException {
        if (bytes > (this == RAW ? fileBytes : fileBytes * MOST_INFLATED)) throw endsEarly(field);
        byte[] numbers = new byte[bytes];
        try (InputStream plain = open(in)) {
            if (plain.readNBytes(numbers, 0, bytes) < bytes) throw endsEarly(field);
            if (this != RAW) plain.read(); // behind the last byte the checksum is compared
            return numbers;
        } catch (EOFException | ZipException e) {
            throw malformed(field, "of numbers compressed as its header says", "damaged or missing ones");
        }
    }

    private InputStream open(InputStream in) throws IOException {
        return switch (this) {
            case RAW -> in;
            case ZLIB -> new InflaterInputStream(in);
            case GZIP -> new GzipStream(in);
        };
    }

    private static RuntimeException endsEarly(String field) {
        return malformed(field, "as long as its header says", "a file that ends early");
    }
}
