package org.medficientsam.segmenter.mask;

import org.medficientsam.segmenter.onnx.MaskLogits;
import org.medficientsam.segmenter.picture.Frame;

/**
 * From mask logits to the mask: bilinear to the network's size, padding cut off, bilinear to the image's size, then logit
 * &gt; 0. The steps are fused into one pass over the image's rows, and most pixels are decided without arithmetic: weights
 * are never negative, so where the logits around a pixel agree in sign the pixel's sign is theirs.
 *
 * <p>Tables depend on the sizes alone: one instance serves all masks of a case, from several threads.
 */
public final class MaskPostprocessor {
    private final int maskSize;
    private final MaskTaps rows;
    private final MaskTaps columns;
    private final ShapeTerm none;
    private final int[] cellEnd; // columns with the same three logits form a cell; where each ends

    /**
     * @param frame of the slices
     * @param maskSize side of the logits
     */
    public MaskPostprocessor(Frame frame, int maskSize) {
        this.maskSize = maskSize;
        rows = MaskTaps.of(maskSize, frame.inputSize(), frame.scaledHeight(), frame.height());
        columns = MaskTaps.of(maskSize, frame.inputSize(), frame.scaledWidth(), frame.width());
        none = ShapeTerm.none(maskSize);
        cellEnd = new int[frame.width()];
        for (int x = frame.width() - 1; x >= 0; x--)
            cellEnd[x] = x + 1 < frame.width() && columns.first(x + 1) == columns.first(x) ? cellEnd[x + 1] : x + 1;
    }

    /** @throws IllegalArgumentException if the logits are of another size than the tables */
    public Mask toMask(MaskLogits logits) {
        return toMask(logits, none);
    }

    /** What is added to the logits of a decoder, which is nothing. */
    public ShapeTerm noTerm() {
        return none;
    }

    /**
     * The same with another cut.
     *
     * @param cut the logit above which a pixel is in the mask
     * @throws IllegalArgumentException if the logits are of another size than the tables
     */
    public Mask toMask(MaskLogits logits, ShapeTerm added, float cut) {
        return toMask(logits, added.plus(-cut));
    }

    /**
     * How likely each pixel belongs to the object, as the logits have it: 1 / (1 + exp(-logit)).
     *
     * @param added to the logits first
     * @return row-major, rows and columns of the slice
     * @throws IllegalArgumentException if the logits are of another size than the tables
     */
    public float[] probabilities(MaskLogits logits, ShapeTerm added) {
        check(logits);
        float[] probabilities = new float[rows.pixels() * columns.pixels()];
        float[] blended = new float[maskSize + MaskTaps.TAPS];
        for (int y = 0, at = 0; y < rows.pixels(); y++) {
            blend(logits.values(), y, added, blended);
            for (int x = 0; x < columns.pixels(); x++) {
                int first = columns.first(x);
                float logit = columns.weight(x, 0) * blended[first]
                        + columns.weight(x, 1) * blended[first + 1]
                        + columns.weight(x, 2) * blended[first + 2];
                probabilities[at++] = (float) (1 / (1 + Math.exp(-logit)));
            }
        }
        return probabilities;
    }

    private void check(MaskLogits logits) {
        if (logits.size() != maskSize)
            throw new IllegalArgumentException("logits must have side %d, got %d".formatted(maskSize, logits.size()));
    }

    /**
     * @param added to the logits first
     * @throws IllegalArgumentException if the logits are of another size than the tables
     */
    public Mask toMask(MaskLogits logits, ShapeTerm added) {
        check(logits);
        float[] values = logits.values();
        boolean[] anyPositive = new boolean[maskSize + MaskTaps.TAPS]; // per row of logits
        for (int row = 0; row < maskSize; row++) anyPositive[row] = anyPositive(values, row, added);

        Mask mask = new Mask(rows.pixels(), columns.pixels());
        float[] blended = new float[maskSize + MaskTaps.TAPS]; // a row of logits between rows; beyond its end stays 0
        for (int y = 0; y < rows.pixels(); y++) {
            int first = rows.first(y);
            if (anyPositive[first] || anyPositive[first + 1] || anyPositive[first + 2]) {
                blend(values, y, added, blended);
                threshold(blended, y, mask);
                mask.finishRow(y);
            }
        }
        return mask;
    }

    private boolean anyPositive(float[] values, int row, ShapeTerm added) {
        for (int x = 0; x < maskSize; x++)
            if (values[row * maskSize + x] + (added.row(row) + added.column(x)) > 0) return true;
        return false;
    }

    private void blend(float[] values, int y, ShapeTerm added, float[] blended) {
        int first = rows.first(y);
        int second = Math.min(first + 1, maskSize - 1);
        int third = Math.min(first + 2, maskSize - 1);
        int row0 = first * maskSize;
        int row1 = second * maskSize;
        int row2 = third * maskSize;
        float weight0 = rows.weight(y, 0);
        float weight1 = rows.weight(y, 1);
        float weight2 = rows.weight(y, 2);
        // Weights are together 1, so what is added can be blended apart.
        float more = weight0 * added.row(first) + weight1 * added.row(second) + weight2 * added.row(third);
        for (int i = 0; i < maskSize; i++)
            blended[i] = weight0 * values[row0 + i]
                    + weight1 * values[row1 + i]
                    + weight2 * values[row2 + i]
                    + (more + added.column(i));
    }

    private void threshold(float[] blended, int y, Mask mask) {
        for (int x = 0; x < cellEnd.length; x = cellEnd[x]) {
            int first = columns.first(x);
            float left = blended[first];
            float middle = blended[first + 1];
            float right = blended[first + 2];
            if (left > 0 && middle > 0 && right > 0) mask.addRun(y, x, cellEnd[x]);
            else if (left > 0 || middle > 0 || right > 0)
                for (int i = x; i < cellEnd[x]; i++)
                    if (columns.weight(i, 0) * left + columns.weight(i, 1) * middle + columns.weight(i, 2) * right > 0)
                        mask.add(y, i);
        }
    }
}
