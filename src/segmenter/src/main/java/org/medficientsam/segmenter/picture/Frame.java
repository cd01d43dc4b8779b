package org.medficientsam.segmenter.picture;

/**
 * How a slice of height x width lies in the network's square picture: scaled so that its longer side is {@code inputSize},
 * at the top left, the rest padding.
 */
public record Frame(int height, int width, int inputSize) {
    int longerSide() {
        return Math.max(height, width);
    }

    /** Pixels of the slice in one of the network's picture. */
    public double imagePixels() {
        return (double) longerSide() / inputSize;
    }

    /** Rows of the scaled slice. */
    public int scaledHeight() {
        return scaled(height);
    }

    /** Columns of the scaled slice. */
    public int scaledWidth() {
        return scaled(width);
    }

    private int scaled(int length) {
        double scale = (double) inputSize / longerSide();
        return Math.max(1, (int) (length * scale + 0.5)); // a 1 x 2000 line still has a row
    }
}
