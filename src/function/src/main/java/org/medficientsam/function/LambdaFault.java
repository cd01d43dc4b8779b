package org.medficientsam.function;

import java.io.IOException;

/**
 * A failed invocation as the Lambda runtime reports it: {@code errorType} is the class name, {@code errorMessage} the problem's
 * JSON, and there is no stack trace. An {@link IOException}, since that is what Jackson passes on unwrapped.
 *
 * <p>State machines match these names in {@code ErrorEquals}: renaming or moving a class here changes the wire. That is why they
 * lie here, though only the Lambda door throws them and nothing of this package uses them.
 */
public abstract class LambdaFault extends IOException {
    private static final long serialVersionUID = 1L;

    private LambdaFault(String problemJson) {
        super(problemJson);
    }

    /** Nothing: the runtime would send it to the caller. What happened is in the log. */
    @Override
    public final synchronized Throwable fillInStackTrace() {
        return this;
    }

    public static final class Malformed extends LambdaFault {
        private static final long serialVersionUID = 1L;

        public Malformed(String problemJson) {
            super(problemJson);
        }
    }

    public static final class TooLarge extends LambdaFault {
        private static final long serialVersionUID = 1L;

        public TooLarge(String problemJson) {
            super(problemJson);
        }
    }

    public static final class InvalidPrompt extends LambdaFault {
        private static final long serialVersionUID = 1L;

        public InvalidPrompt(String problemJson) {
            super(problemJson);
        }
    }

    public static final class UnknownModel extends LambdaFault {
        private static final long serialVersionUID = 1L;

        public UnknownModel(String problemJson) {
            super(problemJson);
        }
    }

    public static final class UnknownRules extends LambdaFault {
        private static final long serialVersionUID = 1L;

        public UnknownRules(String problemJson) {
            super(problemJson);
        }
    }

    public static final class Internal extends LambdaFault {
        private static final long serialVersionUID = 1L;

        public Internal(String problemJson) {
            super(problemJson);
        }
    }

    public static final class Busy extends LambdaFault {
        private static final long serialVersionUID = 1L;

        public Busy(String problemJson) {
            super(problemJson);
        }
    }

    public static final class NotReady extends LambdaFault {
        private static final long serialVersionUID = 1L;

        public NotReady(String problemJson) {
            super(problemJson);
        }
    }

    public static final class ObjectNotFound extends LambdaFault {
        private static final long serialVersionUID = 1L;

        public ObjectNotFound(String problemJson) {
            super(problemJson);
        }
    }

    public static final class ObjectForbidden extends LambdaFault {
        private static final long serialVersionUID = 1L;

        public ObjectForbidden(String problemJson) {
            super(problemJson);
        }
    }

    public static final class StorageUnavailable extends LambdaFault {
        private static final long serialVersionUID = 1L;

        public StorageUnavailable(String problemJson) {
            super(problemJson);
        }
    }

    public static final class DeadlineExceeded extends LambdaFault {
        private static final long serialVersionUID = 1L;

        public DeadlineExceeded(String problemJson) {
            super(problemJson);
        }
    }
}
