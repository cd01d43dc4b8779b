package org.medficientsam.imagefile.picture;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a JPEG says of itself before its pixels begin.
 *
 * @param components of its frame; 0 if it has none
 * @param adobe whether Adobe's marker is there, and with it CMYK is stored inverted
 * @param transform of that marker: 2 is YCCK
 * @param plain the file without profiles and comments, which a reader would apply or keep; of three components with a marker of Adobe's
 *     that says how libjpeg takes their colours, as Java's reader guesses otherwise
 */
record JpegMarkers(int components, boolean adobe, int transform, Optional<byte[]> exif, byte[] plain) {
    private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] ADOBE = "Adobe".getBytes(StandardCharsets.ISO_8859_1);
    private static final List<Integer> RGB = List.of((int) 'R', (int) 'G', (int) 'B');
    private static final byte[] JFIF = "JFIF\0".getBytes(StandardCharsets.ISO_8859_1);

    /** @throws org.medficientsam.casefile.InvalidCaseException if it is of a process that is not read */
    static JpegMarkers of(byte[] file) {
        int components = 0;
        List<Integer> ids = List.of();
        boolean jfif = false;
        boolean adobe = false;
        int transform = 0;
        Optional<byte[]> exif = Optional.empty();
        ByteArrayOutputStream plain = new ByteArrayOutputStream(file.length);
        byte[] ownAdobe = new byte[0];
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
            if (isFrame(marker) && end - start >= 6) {
                checkProcess(marker, file[start] & 0xff);
                components = file[start + 5] & 0xff;
                ids = componentIds(file, start + 6, end);
            }
            jfif |= marker == 0xe0 && starts(file, start, end, JFIF);
            if (marker == 0xe1 && exif.isEmpty() && starts(file, start, end, EXIF))
                exif = Optional.of(Arrays.copyOfRange(file, start + EXIF.length, end));
            if (marker == 0xee && starts(file, start, end, ADOBE) && end - start >= 12) {
                adobe = true;
                transform = file[start + 11];
                ownAdobe = Arrays.copyOfRange(file, at, end);
            }
            boolean needed = marker == 0xe0 || (marker & 0xf0) != 0xe0 && marker != 0xfe;
            if (needed) plain.write(file, at, end - at);
            at += 2 + Math.max(length, 2);
        }
        boolean rgb = !jfif && (adobe ? transform == 0 : ids.equals(RGB));
        // JFIF alone says that they are luma and chroma, which nothing later overrules.
        if (components != 3) plain.writeBytes(ownAdobe);
        else if (!jfif) plain.writeBytes(adobeMarker(rgb ? 0 : 1));
        if (at < file.length) plain.write(file, at, file.length - at);
        return new JpegMarkers(components, adobe, transform, exif, plain.toByteArray());
    }

    private static List<Integer> componentIds(byte[] file, int start, int end) {
        return IntStream.iterate(start, i -> i < end, i -> i + 3)
                .map(i -> file[i] & 0xff)
                .boxed()
                .toList();
    }

    private static byte[] adobeMarker(int transform) {
        return new byte[] {
            (byte) 0xff, (byte) 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) transform
        };
    }

    private static void checkProcess(int marker, int bits) {
        if (bits == 8 && marker <= 0xc2) return;
        String found = bits != 8
                ? bits + " bits"
                : switch (marker) {
                    case 0xc3 -> "lossless";
                    case 0xc9, 0xca -> "arithmetic coding";
                    default -> "another process";
                };
        throw malformed("jpeg", "of 8 bits, baseline or progressive", found);
    }

    private static boolean isFrame(int marker) {
        return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }

    private static boolean starts(byte[] file, int start, int end, byte[] with) {
        return end - start >= with.length && Arrays.equals(file, start, start + with.length, with, 0, with.length);
    }
}
