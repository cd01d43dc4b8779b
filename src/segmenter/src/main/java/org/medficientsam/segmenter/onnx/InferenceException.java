package org.medficientsam.segmenter.onnx;

/** Inference failed although the case was sound: the fault is ours, the runtime's or the machine's. */
public final class InferenceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InferenceException(String message, Throwable cause) {
        super(message, cause);
    }
}
