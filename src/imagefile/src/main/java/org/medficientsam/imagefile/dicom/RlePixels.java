package org.medficientsam.imagefile.dicom;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** RLE Lossless pixels (PS3.5 annex G): a fragment per frame, in it a run-length coded plane per byte of a pixel, highest first. */
final class RlePixels {
    static final String TRANSFER_SYNTAX = "1.2.840.10008.1.2.5";
    private static final int MOST_SEGMENTS = 15;

    private final ByteBuffer in; // little-endian

    private RlePixels(ByteBuffer in) {
        this.in = in;
    }

    /**
     * Frames as plain little-endian numbers, channels interleaved.
     *
     * @param planes bytes per pixel, all samples together
     * @param samples per pixel
     * @throws org.medficientsam.casefile.InvalidCaseException if a frame is missing, or not as long as it has to be
     */
    static byte[] decode(DicomDataset dataset, int frames, int pixels, int planes, int samples) {
        DicomDataset.Element element = dataset.element(Tag.PIXELS).orElseThrow(RlePixels::damaged);
        if (!element.encapsulated()) throw damaged();
        ByteBuffer in = dataset.bytes().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        in.position(element.offset()).limit(element.offset() + element.length());
        RlePixels rle = new RlePixels(in);
        List<int[]> fragments = rle.fragments();
        if (fragments.size() < frames) throw damaged();
        byte[] decoded = new byte[frames * pixels * planes];
        for (int frame = 0; frame < frames; frame++)
            rle.frame(fragments.get(frame), decoded, frame * pixels * planes, pixels, planes, samples);
        return decoded;
    }

    /** Where each begins and ends; the first item is a table of offsets, which is not needed. */
    private List<int[]> fragments() {
        List<int[]> fragments = new ArrayList<>();
        boolean table = true;
        while (in.remaining() >= 8) {
            int tag = Short.toUnsignedInt(in.getShort()) << 16 | Short.toUnsignedInt(in.getShort());
            int length = in.getInt();
            if (tag != Tag.ITEM) break;
            if (length < 0 || length > in.remaining()) throw damaged();
            if (!table) fragments.add(new int[] {in.position(), in.position() + length});
            table = false;
            in.position(in.position() + length);
        }
        return fragments;
    }

    private void frame(int[] fragment, byte[] decoded, int start, int pixels, int planes, int samples) {
        int length = fragment[1] - fragment[0];
        if (length < 64 || in.getInt(fragment[0]) != planes || planes > MOST_SEGMENTS) throw damaged();
        int bytes = planes / samples;
        for (int plane = 0; plane < planes; plane++) {
            long from = Integer.toUnsignedLong(in.getInt(fragment[0] + 4 + 4 * plane));
            long to = plane + 1 < planes ? Integer.toUnsignedLong(in.getInt(fragment[0] + 8 + 4 * plane)) : length;
            if (from < 64 || from > to || to > length) throw damaged();
            // Planes of a sample come highest byte first; numbers are written lowest first.
            int at = start + plane / bytes * bytes + (bytes - 1 - plane % bytes);
            plane(fragment[0] + (int) from, fragment[0] + (int) to, decoded, at, pixels, planes);
        }
    }

    private void plane(int from, int to, byte[] decoded, int start, int pixels, int step) {
        int at = start;
        int left = pixels;
        int position = from;
        while (left > 0) {
            if (position >= to) throw damaged();
            int run = in.get(position++);
            if (run == -128) continue;
            boolean literal = run >= 0;
            int count = Math.min(literal ? run + 1 : 1 - run, left);
            if (position + (literal ? count : 1) > to) throw damaged();
            for (int i = 0; i < count; i++, at += step) decoded[at] = in.get(literal ? position + i : position);
            position += literal ? count : 1;
            left -= count;
        }
    }

    private static RuntimeException damaged() {
        return malformed("dicom", "of run-length coded pixels as its transfer syntax says", "damaged or missing ones");
    }
}
