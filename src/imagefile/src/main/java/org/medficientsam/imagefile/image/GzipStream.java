package org.medficientsam.imagefile.image;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** What a gzip file holds. The JDK's own reader calls itself for every empty member, of which a megabyte holds 50,000. */
public final class GzipStream extends GZIPInputStream {
    private static final int STEP = 1 << 16;

    /** @throws ZipException if it begins as no gzip does */
    public GzipStream(InputStream in) throws IOException {
        super(in, STEP);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
            return super.read(bytes, offset, length);
        } catch (StackOverflowError e) {
            throw new ZipException("too many members without content");
        }
    }
}
