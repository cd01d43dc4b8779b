package org.medficientsam.imagefile.picture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What a WebP says of its orientation. */
final class WebpChunks {
    private WebpChunks() {}

    static Orientation orientation(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int at = 12;
        while (at <= file.length - 8) {
            int length = in.getInt(at + 4);
            if (length < 0 || length > file.length - at - 8) break;
            if (new String(file, at, 4, StandardCharsets.ISO_8859_1).equals("EXIF")) {
                byte[] block = new byte[length];
                in.get(at + 8, block);
                return Orientation.of(Optional.of(block));
            }
            at += 8 + length + (length & 1);
        }
        return Orientation.UPRIGHT;
    }
}
