package org.medficientsam.imagefile.picture;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a JPEG says of itself before its pixels begin.
 *
 * @param components of its frame; 0 if it has none
 * @param adobe whether Adobe's marker is there, and with it CMYK is stored inverted
 * @param transform of that marker: 2 is YCCK
 * @param plain the file without profiles and comments, which a reader would apply or keep
 */
record JpegMarkers(int components, boolean adobe, int transform, Optional<byte[]> exif, byte[] plain) {
    private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] ADOBE = "Adobe".getBytes(StandardCharsets.ISO_8859_1);

    static JpegMarkers of(byte[] file) {
        int components = 0;
        boolean adobe = false;
        int transform = 0;
        Optional<byte[]> exif = Optional.empty();
        ByteArrayOutputStream plain = new ByteArrayOutputStream(file.length);
        plain.write(file, 0, 2);
        int at = 2;
        while (at + 4 <= file.length && (file[at] & 0xff) == 0xff) {
            int marker = file[at + 1] & 0xff;
            if (marker == 0xff) {
                at++;
                continue;
            }
            if (marker == 0xda || marker == 0xd9) break;
            int length = (file[at + 2] & 0xff) << 8 | file[at + 3] & 0xff;
            int start = at + 4;
            int end = Math.min(at + 2 + length, file.length);
            if (isFrame(marker) && end - start >= 6) components = file[start + 5] & 0xff;
            if (marker == 0xe1 && exif.isEmpty() && starts(file, start, end, EXIF))
                exif = Optional.of(Arrays.copyOfRange(file, start + EXIF.length, end));
            if (marker == 0xee && starts(file, start, end, ADOBE) && end - start >= 12) {
                adobe = true;
                transform = file[start + 11];
            }
            boolean needed = marker == 0xe0 || marker == 0xee || (marker & 0xf0) != 0xe0 && marker != 0xfe;
            if (needed) plain.write(file, at, end - at);
            at += 2 + Math.max(length, 2);
        }
        if (at < file.length) plain.write(file, at, file.length - at);
        return new JpegMarkers(components, adobe, transform, exif, plain.toByteArray());
    }

    private static boolean isFrame(int marker) {
        return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }

    private static boolean starts(byte[] file, int start, int end, byte[] with) {
        return end - start >= with.length && Arrays.equals(file, start, start + with.length, with, 0, with.length);
    }
}
