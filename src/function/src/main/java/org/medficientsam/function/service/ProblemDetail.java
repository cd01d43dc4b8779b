package org.medficientsam.function.service;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.function.admission.AdmissionRefusedException;

/**
 * RFC 9457 problem details; the same object is the {@code errorMessage} of a failed Lambda invocation.
 *
 * @param type which row of {@link Problem}
 * @param title that row in words
 * @param status its HTTP status
 * @param detail field, expected and found; never pixels, paths or stack traces
 * @param field the array at fault, where there is one
 * @param requestId what the log calls this request
 */
@Schema(name = "Problem", description = "RFC 9457 problem details")
@JsonInclude(Include.NON_NULL)
public record ProblemDetail(
        @Schema(examples = "urn:medficientsam:problem:invalid-prompt")
        String type,

        @Schema(examples = "Invalid prompt") String title,
        @Schema(examples = "422") int status,

        @Schema(examples = "boxes[0] must be finite, got NaN")
        String detail,

        @Nullable String field,
        @Nullable String requestId) {

    public static final String MEDIA_TYPE = "application/problem+json";

    public static ProblemDetail of(Throwable failure, @Nullable String requestId) {
        Problem problem = Problem.of(failure);
        boolean saysWhy = failure instanceof InvalidCaseException
                || failure instanceof ProblemException
                || failure instanceof AdmissionRefusedException;
        String detail = saysWhy ? String.valueOf(failure.getMessage()) : detail(problem);
        String field = failure instanceof InvalidCaseException invalid ? invalid.field() : null;
        return new ProblemDetail(problem.type(), problem.title(), problem.status(), detail, field, requestId);
    }

    /** @param status kept, though its row may be a more general one */
    public static ProblemDetail ofStatus(int status, @Nullable String requestId) {
        Problem problem = Problem.ofStatus(status);
        String detail =
                switch (status) {
                    case 414 -> "the address must be shorter";
                    case 431 -> "the headers must be smaller";
                    default -> detail(problem);
                };
        return new ProblemDetail(problem.type(), problem.title(), status, detail, null, requestId);
    }

    /** What to say where the cause's own words are not ours to show. */
    private static String detail(Problem problem) {
        return switch (problem) {
            case NOT_FOUND -> "nothing is served under this path";
            case METHOD_NOT_ALLOWED -> "this path does not answer this method";
            case NOT_ACCEPTABLE -> "Accept must allow a type that this path answers";
            case UNSUPPORTED_MEDIA_TYPE ->
                "Content-Type must be that of a file or none, for an npz one of " + MediaTypes.CASES;
            case TOO_LARGE -> "the request must be smaller";
            case UNAUTHORIZED -> "Authorization must be Bearer and this service's token";
            case CROSS_ORIGIN -> "a page that was served elsewhere must be of an origin that is configured";
            case INTERNAL -> "the request failed; the log has the reason under its id";
            default -> "the request must be valid HTTP for this path";
        };
    }
}
