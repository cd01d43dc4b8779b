package org.medficientsam.eval;

/** Nobody answers: no case is at fault, so none is counted as failed. */
final class TargetUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TargetUnavailableException(String message) {
        super(message);
    }
}
