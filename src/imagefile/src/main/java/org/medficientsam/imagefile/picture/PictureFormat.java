package org.medficientsam.imagefile.picture;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The formats that are read, told by their first bytes. */
enum PictureFormat {
    PNG("\u0089PNG\r\n\u001a\n", "png"),
    JPEG("\u00ff\u00d8\u00ff", "jpeg"),
    TIFF_LITTLE("II*\0", "tiff"),
    TIFF_BIG("MM\0*", "tiff"),
    /** BigTIFF, of offsets of 64 bits. */
    LONG_TIFF_LITTLE("II+\0", "tiff"),
    LONG_TIFF_BIG("MM\0+", "tiff"),
    BMP("BM", "bmp"),
    GIF("GIF8", "gif"),
    WEBP("RIFF", "webp");

    static final int START_BYTES = 12;

    private final byte[] magic;
    private final String reader;

    PictureFormat(String magic, String reader) {
        this.magic = magic.getBytes(StandardCharsets.ISO_8859_1);
        this.reader = reader;
    }

    static Optional<PictureFormat> of(byte[] start) {
        for (PictureFormat format : values()) if (format.begins(start)) return Optional.of(format);
        return Optional.empty();
    }

    private boolean begins(byte[] start) {
        if (start.length < START_BYTES) return false;
        for (int i = 0; i < magic.length; i++) if (start[i] != magic[i]) return false;
        return this != WEBP || new String(start, 8, 4, StandardCharsets.ISO_8859_1).equals("WEBP");
    }

    /** The name that {@code javax.imageio} knows it by. */
    String reader() {
        return reader;
    }
}
