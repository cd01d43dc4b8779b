package org.medficientsam.imagefile.image;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * What a gzip file holds. The JDK's own reader asks itself for what comes after each member without content, of which a megabyte holds
 * 50,000; so many are damage.
 */
public final class GzipStream extends GZIPInputStream {
    private static final int STEP = 1 << 16;

    /** Members without content one after the other; no writer makes two. */
    private static final int MOST_EMPTY = 100;

    private int nested;

    /** @throws ZipException if it begins as no gzip does */
    public GzipStream(InputStream in) throws IOException {
        super(in, STEP);
    }

    /** @throws ZipException after more members without content than any writer makes */
    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (nested > MOST_EMPTY) throw new ZipException("too many members without content");
        nested++;
        try {
            return super.read(bytes, offset, length);
        } finally {
            nested--;
        }
    }
}
