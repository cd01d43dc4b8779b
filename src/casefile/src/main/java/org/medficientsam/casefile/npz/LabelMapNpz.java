package org.medficientsam.casefile.npz;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.LabelMap;
import org.medficientsam.casefile.Shape;

/** Label maps as arrays and as the challenge's npz. */
public final class LabelMapNpz {
    private static final int STEP = 32 << 10;

    private LabelMapNpz() {}

    /**
     * Reads {@code gts} or {@code segs}: (H, W) is an image, (D, H, W) a volume, bool or any integer type.
     *
     * @throws InvalidCaseException for another shape, floats, or a label outside 0..65535
     */
    public static LabelMap from(NpyArray array) {
        int[] shape = array.shape();
        if ((shape.length != 2 && shape.length != 3) || array.size() == 0)
            throw InvalidCaseException.malformed(array.name(), "(H, W) or (D, H, W)", Shape.toString(shape));
        boolean volume = shape.length == 3;
        return LabelMap.adopt(
                array.toUint16(), volume ? shape[0] : 1, shape[shape.length - 2], shape[shape.length - 1], volume);
    }

    /** uint16 (H, W) or (D, H, W), copied. */
    public static NpyArray array(LabelMap labels) {
        return NpyArray.of(labels.labels(), labels.shape());
    }

    /** Writes an npz with the one array {@code segs}, uint16 (H, W) or (D, H, W), and leaves the stream open. */
    public static void write(LabelMap labels, OutputStream out) throws IOException {
        try (NpzWriter writer = new NpzWriter(out)) {
            writer.write("segs", DType.UINT16, labels.shape(), data -> write(labels.labels(), data));
        }
    }

    private static void write(short[] labels, OutputStream out) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(STEP * 2).order(ByteOrder.LITTLE_ENDIAN);
        ShortBuffer step = bytes.asShortBuffer();
        for (int at = 0; at < labels.length; at += STEP) {
            int count = Math.min(STEP, labels.length - at);
            step.put(0, labels, at, count);
            out.write(bytes.array(), 0, count * 2);
        }
    }
}
