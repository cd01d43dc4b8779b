package org.medficientsam.function.lambda;

import java.util.function.Function;
import org.medficientsam.function.LambdaFault;
import org.medficientsam.function.service.Problem;

/** The Lambda column of the table in {@link Problem}: which {@code errorType} a fault has. */
final class LambdaFaults {
    private LambdaFaults() {}

    /** @param message what Lambda sends as {@code errorMessage} */
    static LambdaFault of(Problem problem, String message) {
        Function<String, LambdaFault> fault =
                switch (problem) {
                    case MALFORMED -> LambdaFault.Malformed::new;
                    case TOO_LARGE -> LambdaFault.TooLarge::new;
                    case INVALID_PROMPT -> LambdaFault.InvalidPrompt::new;
                    case UNKNOWN_MODEL -> LambdaFault.UnknownModel::new;
                    case UNKNOWN_RULES -> LambdaFault.UnknownRules::new;
                    case OBJECT_NOT_FOUND -> LambdaFault.ObjectNotFound::new;
                    case OBJECT_FORBIDDEN -> LambdaFault.ObjectForbidden::new;
                    case BUSY -> LambdaFault.Busy::new;
                    case NOT_READY -> LambdaFault.NotReady::new;
                    case STORAGE_UNAVAILABLE -> LambdaFault.StorageUnavailable::new;
                    case DEADLINE_EXCEEDED -> LambdaFault.DeadlineExceeded::new;
                    // HTTP alone: Lambda knows no paths, methods or media types, and keeps no images.
                    case INTERNAL,
                            BAD_REQUEST,
                            REQUEST_TIMEOUT,
                            NOT_FOUND,
                            METHOD_NOT_ALLOWED,
                            NOT_ACCEPTABLE,
                            UNSUPPORTED_MEDIA_TYPE,
                            UNKNOWN_IMAGE,
                            UNAUTHORIZED,
                            CROSS_ORIGIN,
                            UNKNOWN_HOST,
                            RATE_LIMITED,
                            ABANDONED -> LambdaFault.Internal::new;
                };
        return fault.apply(message);
    }
}
