package org.medficientsam.function.s3;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A body of known length. One that ends early is an error and no end: java.net's client takes a connection that broke off for the
 * end of the body, and half an archive would pass for a bad case.
 */
final class WholeStream extends FilterInputStream {
    private long left;

    WholeStream(InputStream in, long length) {
        super(in);
        this.left = length;
    }

    @Override
    public int read() throws IOException {
        int read = in.read();
        count(read < 0 ? -1 : 1);
        return read;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = in.read(bytes, offset, length);
        count(read);
        return read;
    }

    @Override
    public long skip(long bytes) throws IOException {
        long skipped = in.skip(bytes);
        left -= skipped;
        return skipped;
    }

    private void count(int read) throws IOException {
        if (read >= 0) {
            left -= read;
        } else if (left > 0) {
            throw new EOFException("%d bytes are missing".formatted(left));
        }
    }
}
