package org.medficientsam.imagefile.nifti;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.medficientsam.casefile.LabelMap;
import org.medficientsam.imagefile.image.Affine;
import org.medficientsam.imagefile.image.VoxelGrid;

/**
 * Writes a label map on the grid of its image: uint8 if all labels fit, else uint16. An image that came as NIfTI lends its header,
 * byte order and version included; scaling, display range and extensions are not those of labels and are left out.
 */
public final class NiftiWriter {
    private static final int UINT8 = 2;
    private static final int UINT16 = 512;

    private NiftiWriter() {}

    /**
     * Writes and leaves the stream open.
     *
     * @param header of the NIfTI file that the image came from, if it did
     * @param gzip whether as .nii.gz
     * @throws IllegalArgumentException if the labels do not have the grid's shape
     */
    public static void write(OutputStream out, LabelMap labels, VoxelGrid grid, Optional<byte[]> header, boolean gzip)
            throws IOException {
        if (labels.depth() != grid.depth() || labels.height() != grid.height() || labels.width() != grid.width())
            throw new IllegalArgumentException("labels must be (%d, %d, %d) as the image, got (%d, %d, %d)"
                    .formatted(
                            grid.depth(),
                            grid.height(),
                            grid.width(),
                            labels.depth(),
                            labels.height(),
                            labels.width()));
        boolean wide = isWide(labels);
        ByteBuffer start =
                header.map(bytes -> adapted(bytes, wide)).orElseGet(() -> made(grid, labels.isVolume(), wide));
        if (gzip) {
            GZIPOutputStream zip = new FastGzip(out);
            write(zip, start, labels, grid, wide);
            zip.finish();
        } else {
            write(out, start, labels, grid, wide);
        }
    }

    private static boolean isWide(LabelMap labels) {
        for (short label : labels.labels()) if ((label & 0xff00) != 0) return true;
        return false;
    }

    private static void write(OutputStream out, ByteBuffer start, LabelMap labels, VoxelGrid grid, boolean wide)
            throws IOException {
        out.write(start.array());
        if (grid.sliceAxis() == 2 && !wide) {
            writeInOrder(out, labels);
            return;
        }
        boolean big = start.order() == ByteOrder.BIG_ENDIAN;
        int[] position = new int[3]; // along the file's axes
        byte[] row = new byte[grid.size(0) * (wide ? 2 : 1)];
        for (position[2] = 0; position[2] < grid.size(2); position[2]++) {
            for (position[1] = 0; position[1] < grid.size(1); position[1]++) {
                for (int i = 0; i < grid.size(0); i++) {
                    position[0] = i;
                    int label = labels.get(position[grid.axis(2)], position[grid.axis(1)], position[grid.axis(0)]);
                    if (!wide) {
                        row[i] = (byte) label;
                    } else {
                        row[2 * i] = (byte) (big ? label >> 8 : label);
                        row[2 * i + 1] = (byte) (big ? label : label >> 8);
                    }
                }
                out.write(row);
            }
        }
    }

    /** Where the file's axes are those of the case. */
    private static void writeInOrder(OutputStream out, LabelMap labels) throws IOException {
        short[] all = labels.labels();
        byte[] step = new byte[Math.min(all.length, 1 << 16)];
        for (int at = 0; at < all.length; at += step.length) {
            int count = Math.min(step.length, all.length - at);
            for (int i = 0; i < count; i++) step[i] = (byte) all[at + i];
            out.write(step, 0, count);
        }
    }

    /** The image's own header, with what it said of intensities replaced by what labels are. */
    private static ByteBuffer adapted(byte[] header, boolean wide) {
        NiftiHeader own = NiftiHeader.of(header);
        ByteBuffer start =
                ByteBuffer.allocate(own.length() + 4).order(own.order()).put(header, 0, own.length());
        describe(start, own.isSecond(), wide);
        return start;
    }

    private static void describe(ByteBuffer start, boolean second, boolean wide) {
        int bytes = start.capacity();
        start.putShort(second ? 12 : 70, (short) (wide ? UINT16 : UINT8));
        start.putShort(second ? 14 : 72, (short) (wide ? 16 : 8));
        if (second) {
            start.putLong(168, bytes)
                    .putDouble(176, 1)
                    .putDouble(184, 0)
                    .putDouble(192, 0)
                    .putDouble(200, 0);
        } else {
            start.putFloat(108, bytes)
                    .putFloat(112, 1)
                    .putFloat(116, 0)
                    .putFloat(124, 0)
                    .putFloat(128, 0);
        }
    }

    static ByteBuffer made(VoxelGrid grid, boolean volume, boolean wide) {
        ByteBuffer start = ByteBuffer.allocate(NiftiHeader.BYTES_1 + 4).order(ByteOrder.LITTLE_ENDIAN);
        start.putInt(0, NiftiHeader.BYTES_1);
        start.put(38, (byte) 'r');
        start.putShort(40, (short) (volume ? 3 : 2));
        for (int axis = 0; axis < 7; axis++) start.putShort(42 + 2 * axis, (short) (axis < 3 ? grid.size(axis) : 1));
        Affine affine = grid.affineOrScaling();
        start.putFloat(76, 1);
        for (int axis = 0; axis < 7; axis++) start.putFloat(80 + 4 * axis, axis < 3 ? (float) affine.step(axis) : 1);
        start.put(123, (byte) 2); // mm
        start.putShort(254, (short) (grid.affine().isPresent() ? 1 : 2)); // scanner, or aligned to nothing but itself
        for (int row = 0; row < 3; row++)
            for (int column = 0; column < 4; column++)
                start.putFloat(280 + 4 * (4 * row + column), (float) affine.get(row, column));
        start.position(344);
        start.put("n+1\0".getBytes(StandardCharsets.US_ASCII));
        describe(start, false, wide);
        return start;
    }

    /** Label maps are mostly background: the fastest level makes them small already. */
    static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, 1 << 16);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
