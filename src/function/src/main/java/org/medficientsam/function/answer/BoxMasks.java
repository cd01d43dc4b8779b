package org.medficientsam.function.answer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.ImageArray;
import org.medficientsam.casefile.VolumeCase;
import org.medficientsam.casefile.npz.DType;
import org.medficientsam.casefile.npz.NpzWriter;
import org.medficientsam.function.service.AnswerForm;
import org.medficientsam.imagefile.PreparedCase;
import org.medficientsam.segmenter.MaskListener;
import org.medficientsam.segmenter.ObjectMask;
import org.medficientsam.segmenter.Segmentation;

/** Each box's own mask, so that overlapping boxes lose nothing: as yes and no, or as probabilities. */
final class BoxMasks implements AnswerForm.Writer, MaskListener {
    private final boolean probabilities;
    private final Map<Place, BitSet> masks = new HashMap<>();
    private final Map<Place, ObjectMask> found = new HashMap<>();

    private record Place(int box, int z) {}

    /** @param probabilities whether these are wanted */
    BoxMasks(boolean probabilities) {
        this.probabilities = probabilities;
    }

    @Override
    public Optional<MaskListener> masks() {
        return Optional.of(this);
    }

    @Override
    public void found(int box, int z, ObjectMask mask) {
        Place place = new Place(box, z);
        if (probabilities) found.put(place, mask);
        else masks.put(place, bits(mask));
    }

    private static BitSet bits(ObjectMask mask) {
        BitSet bits = new BitSet();
        for (int y = 0; y < mask.height(); y++)
            for (int x = 0; x < mask.width(); x++) if (mask.get(y, x)) bits.set(y * mask.width() + x);
        return bits;
    }

    /**
     * An npz of {@code masks}, bool, or {@code probabilities}, float32: (N, H, W) of an image, (N, D, H, W) of a volume; zeros in slices
     * that a box does not reach.
     */
    @Override
    public Optional<byte[]> write(PreparedCase prepared, Segmentation segmentation, Map<Integer, String> names)
            throws IOException {
        CaseFile caseFile = prepared.caseFile();
        ImageArray image = caseFile.image();
        int boxes = caseFile.boxes().size();
        int[] shape = caseFile instanceof VolumeCase
                ? new int[] {boxes, image.depth(), image.height(), image.width()}
                : new int[] {boxes, image.height(), image.width()};
        ByteArrayOutputStream npz = new ByteArrayOutputStream();
        try (NpzWriter writer = new NpzWriter(npz)) {
            if (probabilities) writer.write("probabilities", DType.FLOAT32, shape, out -> write(out, image, boxes));
            else writer.write("masks", DType.BOOL, shape, out -> write(out, image, boxes));
        }
        return Optional.of(npz.toByteArray());
    }

    private void write(OutputStream out, ImageArray image, int boxes) throws IOException {
        int pixels = image.height() * image.width();
        byte[] slice = new byte[pixels * (probabilities ? Float.BYTES : 1)];
        byte[] nothing = new byte[slice.length];
        for (int box = 0; box < boxes; box++) {
            for (int z = 0; z < image.depth(); z++) {
                Place place = new Place(box, z);
                @Nullable ObjectMask likely = found.get(place);
                @Nullable BitSet mask = masks.get(place);
                if (likely != null) fill(slice, likely.probabilities());
                else if (mask != null) fill(slice, mask);
                out.write(likely != null || mask != null ? slice : nothing);
            }
        }
    }

    private static void fill(byte[] slice, float[] values) {
        ByteBuffer.wrap(slice).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    }

    private static void fill(byte[] slice, BitSet bits) {
        for (int i = 0; i < slice.length; i++) slice[i] = (byte) (bits.get(i) ? 1 : 0);
    }
}
