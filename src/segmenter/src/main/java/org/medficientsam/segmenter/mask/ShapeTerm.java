package org.medficientsam.segmenter.mask;

import org.medficientsam.casefile.Box;
import org.medficientsam.segmenter.bundle.PropagationParameters.Shape;
import org.medficientsam.segmenter.picture.Frame;

/**
 * What is added to logits before they become a mask, by rows and columns of their square: logit (y, x) counts as itself and
 * {@code row(y) + column(x)}. The logits that the next slice is told stay as they are.
 */
public final class ShapeTerm {
    private final float[] rows;
    private final float[] columns;

    private ShapeTerm(float[] rows, float[] columns) {
        this.rows = rows;
        this.columns = columns;
    }

    /** Logits as they are, of side {@code size}. */
    static ShapeTerm none(int size) {
        return new ShapeTerm(new float[size], new float[size]);
    }

    /**
     * A propagator finds a little too much towards an object's ends and too little towards the sides of its box. Hence
     * {@code sides (u^2 + v^2) - ends t^2}, where u, v and t run from -1 to 1 across the prompt's box.
     *
     * @param drawn the prompt, pixels
     * @param height t
     * @param size side of the logits
     * @param shape sides and ends, fitted to what the bundle's propagator finds
     */
    public static ShapeTerm of(Box drawn, Frame frame, double height, int size, Shape shape) {
        double cell = (double) frame.inputSize() / size;
        float[] columns = squares(size, cell * frame.width() / frame.scaledWidth(), drawn.xMin(), drawn.xMax());
        float[] rows = squares(size, cell * frame.height() / frame.scaledHeight(), drawn.yMin(), drawn.yMax());
        for (int i = 0; i < size; i++) {
            columns[i] = (float) (shape.sides() * columns[i]);
            rows[i] = (float) (shape.sides() * rows[i] - shape.ends() * height * height);
        }
        return new ShapeTerm(rows, columns);
    }

    /** By cell of the logits, how far its centre lies from the middle of min..max, squared, 1 on the sides and beyond. */
    private static float[] squares(int size, double pixelsPerCell, double min, double max) {
        double middle = (min + max) / 2;
        double half = (max - min) / 2 + 0.5;
        float[] squares = new float[size];
        for (int i = 0; i < size; i++) {
            double away = ((i + 0.5) * pixelsPerCell - 0.5 - middle) / half;
            squares[i] = (float) Math.min(1, away * away);
        }
        return squares;
    }

    /** The same and a constant. */
    ShapeTerm plus(float constant) {
        float[] more = rows.clone();
        for (int y = 0; y < more.length; y++) more[y] += constant;
        return new ShapeTerm(more, columns);
    }

    /** Of row {@code y}. */
    float row(int y) {
        return rows[y];
    }

    /** Of column {@code x}. */
    float column(int x) {
        return columns[x];
    }
}
