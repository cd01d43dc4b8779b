package org.medficientsam.segmenter.picture;

/** How a box in pixels of the image becomes a box for the decoder. */
public enum PromptScale {
    /** Divided by the longer side: the original project's C++ and ONNX programs. */
    EXACT {
        @Override
        float scale(double pixel, Frame frame) {
            return (float) pixel / frame.longerSide();
        }
    },
    /** Cut to whole pixels of the network's picture, then to their centres: LiteMedSAM's script. */
    WHOLE_INPUT_PIXELS {
        @Override
        float scale(double pixel, Frame frame) {
            return centre((int) (pixel * ((double) frame.inputSize() / frame.longerSide())), frame);
        }
    };

    abstract float scale(double pixel, Frame frame);

    public PromptBox scale(double xMin, double yMin, double xMax, double yMax, Frame frame) {
        return new PromptBox(scale(xMin, frame), scale(yMin, frame), scale(xMax, frame), scale(yMax, frame));
    }

    /** The centre of a pixel of the network's picture. */
    public static float centre(int inputPixel, Frame frame) {
        return (inputPixel + 0.5f) / frame.inputSize();
    }
}
