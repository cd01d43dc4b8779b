package org.medficientsam.function.admission;

/** So many cases are under way that another may not even wait; it may come back later. */
public final class AdmissionRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AdmissionRefusedException(String message) {
        super(message);
    }
}
