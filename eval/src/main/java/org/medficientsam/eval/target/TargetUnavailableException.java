package org.medficientsam.eval.target;

/** Nobody answers: no case is at fault, so none is counted as failed. */
public final class TargetUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public TargetUnavailableException(String message) {
        super(message);
    }
}
