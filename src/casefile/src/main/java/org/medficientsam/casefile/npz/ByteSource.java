package org.medficientsam.casefile.npz;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Bytes that can be read anywhere: an archive in memory or in a file. */
interface ByteSource {
    long size();

    /** Fills all of the given part of {@code target}. */
    void read(long position, byte[] target, int offset, int length) throws IOException;

    default byte[] read(long position, int length) throws IOException {
        byte[] bytes = new byte[length];
        read(position, bytes, 0, length);
        return bytes;
    }

    /** A part of it as a stream, to be read in large steps. */
    default InputStream stream(long position, long length) {
        return new InputStream() {
            private long at = position;

            @Override
            public int read(byte[] target, int offset, int count) throws IOException {
                long left = position + length - at;
                if (left == 0) return -1;
                int step = (int) Math.min(count, left);
                ByteSource.this.read(at, target, offset, step);
                at += step;
                return step;
            }

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
            }
        };
    }

    static ByteSource of(byte[] bytes) {
        return new ByteSource() {
            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public void read(long position, byte[] target, int offset, int length) {
                System.arraycopy(bytes, Math.toIntExact(position), target, offset, length);
            }
        };
    }

    static ByteSource of(FileChannel file) throws IOException {
        long size = file.size();
        return new ByteSource() {
            @Override
            public long size() {
                return size;
            }

            @Override
            public void read(long position, byte[] target, int offset, int length) throws IOException {
                ByteBuffer part = ByteBuffer.wrap(target, offset, length);
                while (part.hasRemaining()) {
                    if (file.read(part, position + part.position() - offset) < 0)
                        throw new EOFException("the file shrank while it was read");
                }
            }
        };
    }
}
