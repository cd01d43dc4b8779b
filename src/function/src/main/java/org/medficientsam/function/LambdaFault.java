package org.medficientsam.function;

import java.io.IOException;

/**
 * A failed invocation as the Lambda runtime reports it: {@code errorType} is the class name, {@code errorMessage} the problem's
 * JSON, and there is no stack trace. An {@link IOException}, since that is what Jackson passes on unwrapped.
 *
 * <p>State machines match these names in {@code ErrorEquals}: renaming a class here changes the wire.
 */
abstract class LambdaFault extends IOException {
    private static final long serialVersionUID = 1L;

    private LambdaFault(String problemJson) {
        super(problemJson);
    }

    /** Nothing: the runtime would send it to the caller. What happened is in the log. */
    @Override
    public final synchronized Throwable fillInStackTrace() {
        return this;
    }

    static final class Malformed extends LambdaFault {
        private static final long serialVersionUID = 1L;

        Malformed(String problemJson) {
            super(problemJson);
        }
    }

    static final class TooLarge extends LambdaFault {
        private static final long serialVersionUID = 1L;

        TooLarge(String problemJson) {
            super(problemJson);
        }
    }

    static final class InvalidPrompt extends LambdaFault {
        private static final long serialVersionUID = 1L;

        InvalidPrompt(String problemJson) {
            super(problemJson);
        }
    }

    static final class UnknownModel extends LambdaFault {
        private static final long serialVersionUID = 1L;

        UnknownModel(String problemJson) {
            super(problemJson);
        }
    }

    static final class UnknownRules extends LambdaFault {
        private static final long serialVersionUID = 1L;

        UnknownRules(String problemJson) {
            super(problemJson);
        }
    }

    static final class Internal extends LambdaFault {
        private static final long serialVersionUID = 1L;

        Internal(String problemJson) {
            super(problemJson);
        }
    }

    static final class Busy extends LambdaFault {
        private static final long serialVersionUID = 1L;

        Busy(String problemJson) {
            super(problemJson);
        }
    }

    static final class NotReady extends LambdaFault {
        private static final long serialVersionUID = 1L;

        NotReady(String problemJson) {
            super(problemJson);
        }
    }

    static final class ObjectNotFound extends LambdaFault {
        private static final long serialVersionUID = 1L;

        ObjectNotFound(String problemJson) {
            super(problemJson);
        }
    }

    static final class ObjectForbidden extends LambdaFault {
        private static final long serialVersionUID = 1L;

        ObjectForbidden(String problemJson) {
            super(problemJson);
        }
    }

    static final class StorageUnavailable extends LambdaFault {
        private static final long serialVersionUID = 1L;

        StorageUnavailable(String problemJson) {
            super(problemJson);
        }
    }

    static final class DeadlineExceeded extends LambdaFault {
        private static final long serialVersionUID = 1L;

        DeadlineExceeded(String problemJson) {
            super(problemJson);
        }
    }
}
