package org.medficientsam.imagefile.picture;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * The chunks of a PNG that hold pixels, alone: text, profiles and gamma would be inflated or applied by a reader, and none of them
 * changes what the pixels are.
 */
record PngChunks(byte[] png, Optional<byte[]> exif) {
    private static final String FIELD = "png";
    private static final int SIGNATURE = 8;
    private static final Set<String> PIXELS = Set.of("IHDR", "PLTE", "IDAT", "IEND");

    /** @throws org.medficientsam.casefile.InvalidCaseException if a chunk is cut or damaged */
    static PngChunks of(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file);
        ByteArrayOutputStream out = new ByteArrayOutputStream(file.length);
        out.write(file, 0, SIGNATURE);
        Optional<byte[]> exif = Optional.empty();
        int at = SIGNATURE;
        String type = "";
        while (!type.equals("IEND")) {
            if (file.length - at < 12) throw malformed(FIELD, "a whole file", "one that ends early");
            int length = in.getInt(at);
            if (length < 0 || length > file.length - at - 12)
                throw malformed(FIELD, "of whole chunks", "one that ends early");
            type = new String(file, at + 4, 4, StandardCharsets.ISO_8859_1);
            CRC32 crc = new CRC32();
            crc.update(file, at + 4, 4 + length);
            if ((int) crc.getValue() != in.getInt(at + 8 + length))
                throw malformed(FIELD, "of whole chunks", "a damaged one");
            if (PIXELS.contains(type)) out.write(file, at, 12 + length);
            if (type.equals("eXIf")) {
                byte[] block = new byte[length];
                in.get(at + 8, block);
                exif = Optional.of(block);
            }
            at += 12 + length;
        }
        return new PngChunks(out.toByteArray(), exif);
    }
}
