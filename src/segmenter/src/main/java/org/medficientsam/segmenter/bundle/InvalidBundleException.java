package org.medficientsam.segmenter.bundle;

/** A bundle is refused; the message says which key, file or tensor is at fault, what was expected and what was found. */
public final class InvalidBundleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidBundleException(String message) {
        super(message);
    }

    public InvalidBundleException(String message, Throwable cause) {
        super(message, cause);
    }
}
