package org.medficientsam.segmenter;

import org.medficientsam.segmenter.mask.Mask;
import org.medficientsam.segmenter.mask.MaskPostprocessor;
import org.medficientsam.segmenter.picture.Frame;
import org.medficientsam.segmenter.window.Window;

/**
 * What the network is shown of a slice, and how its masks come back.
 *
 * @param window in the slice
 * @param frame of the window in the network's picture
 */
record View(Window window, Frame frame, MaskPostprocessor postprocessor) {
    static View of(Window window, Networks networks) {
        Frame frame = new Frame(window.height(), window.width(), networks.inputSize());
        return new View(window, frame, new MaskPostprocessor(frame, networks.maskSize()));
    }

    /** A mask of the window in the picture of that size. */
    Mask inPicture(Mask mask, int height, int width) {
        // Not by equals: for a record's the JVM would make classes first.
        boolean all = window.height() == height && window.width() == width;
        return all ? mask : mask.placed(height, width, window.y(), window.x());
    }

    /** Numbers of the window's pixels, row-major, in the picture of that size, which has 0 elsewhere. */
    float[] inPicture(float[] values, int height, int width) {
        if (window.equals(Window.whole(height, width))) return values;
        float[] picture = new float[height * width];
        for (int row = 0; row < window.height(); row++)
            System.arraycopy(
                    values, row * window.width(), picture, (window.y() + row) * width + window.x(), window.width());
        return picture;
    }
}
