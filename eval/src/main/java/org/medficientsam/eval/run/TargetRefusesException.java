package org.medficientsam.eval.run;

/** The target does not know what it is asked for, so no case was sent. */
public final class TargetRefusesException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TargetRefusesException(String message) {
        super(message);
    }
}
