package org.medficientsam.function.service;

import java.util.Locale;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.function.admission.AdmissionRefusedException;

/**
 * The only table from a fault to what its caller sees: HTTP status and problem type (RFC 9457). Over Lambda the {@code errorType}
 * follows from the row.
 */
public enum Problem {
    MALFORMED(400, "Malformed case"),
    TOO_LARGE(413, "Case too large"),
    INVALID_PROMPT(422, "Invalid prompt"),
    UNKNOWN_MODEL(422, "Unknown model"),
    UNKNOWN_RULES(422, "Unknown rules"),
    UNKNOWN_IMAGE(404, "Unknown image"),
    UNAUTHORIZED(401, "Unauthorized"),
    CROSS_ORIGIN(403, "Cross-origin request"),
    UNKNOWN_HOST(421, "Unknown host"),
    RATE_LIMITED(429, "Too many requests"),
    OBJECT_NOT_FOUND(404, "Object not found"),
    OBJECT_FORBIDDEN(403, "Object forbidden"),
    INTERNAL(500, "Internal error"),
    BUSY(503, "Busy"),
    NOT_READY(503, "Not ready"),
    STORAGE_UNAVAILABLE(503, "Storage unavailable"),
    DEADLINE_EXCEEDED(504, "Deadline exceeded"),

    BAD_REQUEST(400, "Bad request"),
    REQUEST_TIMEOUT(408, "Request timeout"),
    NOT_FOUND(404, "Not found"),
    METHOD_NOT_ALLOWED(405, "Method not allowed"),
    NOT_ACCEPTABLE(406, "Not acceptable"),
    UNSUPPORTED_MEDIA_TYPE(415, "Unsupported media type"),

    /** Counted and never answered, as there is nobody to answer; the status is what others log for it. */
    ABANDONED(499, "Abandoned");

    private final int status;
    private final String title;

    Problem(int status, String title) {
        this.status = status;
        this.title = title;
    }

    /** Whose fault it is; whatever nobody foresaw is ours. */
    public static Problem of(Throwable failure) {
        if (failure instanceof InvalidCaseException invalid) {
            return switch (invalid.reason()) {
                case MALFORMED -> MALFORMED;
                case TOO_LARGE -> TOO_LARGE;
                case INVALID_PROMPT -> INVALID_PROMPT;
            };
        }
        if (failure instanceof AdmissionRefusedException) {
            return BUSY;
        }
        if (failure instanceof ProblemException fault) {
            return fault.problem();
        }
        return INTERNAL;
    }

    /** What the HTTP layer refused before the application saw it. */
    public static Problem ofStatus(int status) {
        return switch (status) {
            case 401 -> UNAUTHORIZED;
            case 403 -> CROSS_ORIGIN;
            case 404 -> NOT_FOUND;
            case 405 -> METHOD_NOT_ALLOWED;
            case 406 -> NOT_ACCEPTABLE;
            case 408 -> REQUEST_TIMEOUT;
            case 413 -> TOO_LARGE;
            case 415 -> UNSUPPORTED_MEDIA_TYPE;
            case 421 -> UNKNOWN_HOST;
            case 429 -> RATE_LIMITED;
            default -> status / 100 == 4 ? BAD_REQUEST : INTERNAL;
        };
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    /** The problem type URI. */
    public String type() {
        return "urn:medficientsam:problem:" + reason();
    }

    /** The failure counter's label. */
    public String reason() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether the same request may succeed later. */
    public boolean isTemporary() {
        return status == 503 || status == 429;
    }
}
