package org.medficientsam.segmenter.command;

/** Arguments that cannot be followed, found before anything was done. */
final class WrongUsage extends RuntimeException {
    private static final long serialVersionUID = 1;

    WrongUsage(String message) {
        super(message);
    }
}
