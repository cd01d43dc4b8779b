package org.medficientsam.function;

import jakarta.ws.rs.WebApplicationException;
import java.util.Locale;
import java.util.function.Function;
import org.medficientsam.casefile.InvalidCaseException;

/**
 * The only table from a fault to what its caller sees: HTTP status and problem type (RFC 9457) over REST, {@code errorType} over
 * Lambda.
 */
enum Problem {
    MALFORMED(400, "Malformed case", LambdaFault.Malformed::new),
    TOO_LARGE(413, "Case too large", LambdaFault.TooLarge::new),
    INVALID_PROMPT(422, "Invalid prompt", LambdaFault.InvalidPrompt::new),
    UNKNOWN_MODEL(422, "Unknown model", LambdaFault.UnknownModel::new),
    UNKNOWN_RULES(422, "Unknown rules", LambdaFault.UnknownRules::new),
    OBJECT_NOT_FOUND(404, "Object not found", LambdaFault.ObjectNotFound::new),
    OBJECT_FORBIDDEN(403, "Object forbidden", LambdaFault.ObjectForbidden::new),
    INTERNAL(500, "Internal error", LambdaFault.Internal::new),
    BUSY(503, "Busy", LambdaFault.Busy::new),
    NOT_READY(503, "Not ready", LambdaFault.NotReady::new),
    STORAGE_UNAVAILABLE(503, "Storage unavailable", LambdaFault.StorageUnavailable::new),
    DEADLINE_EXCEEDED(504, "Deadline exceeded", LambdaFault.DeadlineExceeded::new),

    BAD_REQUEST(400, "Bad request"),
    NOT_FOUND(404, "Not found"),
    METHOD_NOT_ALLOWED(405, "Method not allowed"),
    NOT_ACCEPTABLE(406, "Not acceptable"),
    UNSUPPORTED_MEDIA_TYPE(415, "Unsupported media type");

    private final int status;
    private final String title;
    private final Function<String, LambdaFault> lambdaFault;

    /** A fault of HTTP alone: Lambda knows no paths, methods or media types. */
    Problem(int status, String title) {
        this(status, title, LambdaFault.Internal::new);
    }

    Problem(int status, String title, Function<String, LambdaFault> lambdaFault) {
        this.status = status;
        this.title = title;
        this.lambdaFault = lambdaFault;
    }

    /** Whose fault it is; whatever nobody foresaw is ours. */
    static Problem of(Throwable failure) {
        if (failure instanceof InvalidCaseException invalid) {
            return switch (invalid.reason()) {
                case MALFORMED -> MALFORMED;
                case TOO_LARGE -> TOO_LARGE;
                case INVALID_PROMPT -> INVALID_PROMPT;
            };
        }
        if (failure instanceof ProblemException fault) {
            return fault.problem();
        }
        if (failure instanceof WebApplicationException http) {
            return ofStatus(http.getResponse().getStatus());
        }
        return INTERNAL;
    }

    /** What the HTTP layer refused before the application saw it. */
    static Problem ofStatus(int status) {
        return switch (status) {
            case 404 -> NOT_FOUND;
            case 405 -> METHOD_NOT_ALLOWED;
            case 406 -> NOT_ACCEPTABLE;
            case 413 -> TOO_LARGE;
            case 415 -> UNSUPPORTED_MEDIA_TYPE;
            default -> status / 100 == 4 ? BAD_REQUEST : INTERNAL;
        };
    }

    int status() {
        return status;
    }

    String title() {
        return title;
    }

    /** The problem type URI. */
    String type() {
        return "urn:medficientsam:problem:" + reason();
    }

    /** The failure counter's label. */
    String reason() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether the same request may succeed later. */
    boolean isTemporary() {
        return status == 503;
    }

    /** @param message what Lambda sends as {@code errorMessage} */
    LambdaFault toLambdaFault(String message) {
        return lambdaFault.apply(message);
    }
}
