package org.medficientsam.function.service;

import java.io.IOException;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.InvalidCaseException.Reason;
import org.medficientsam.casefile.Limits;

/** Where a case comes from. */
public interface CaseSource {
    /**
     * Its npz, arrived whole. Nothing of it has been decoded, and no turn is needed for it.
     *
     * @param context of the request that wants it
     * @return to be closed by the caller
     * @throws InvalidCaseException if it is longer than the limits allow
     */
    CaseContent fetch(Limits limits, RequestContext context) throws IOException;

    /** A text that is the same for the same place and content, and for nothing else. */
    String identity();

    /**
     * An npz that came with the request.
     *
     * @param identity empty where nobody will ask for it
     */
    record Inline(CaseContent content, String identity) implements CaseSource {
        /** One that nobody will ask the identity of. */
        public Inline(CaseContent content) {
            this(content, "");
        }

        /** Of a short one, in memory. */
        public Inline(byte[] npz) {
            this(new CaseContent.InMemory(npz));
        }

        @Override
        public CaseContent fetch(Limits limits, RequestContext context) {
            if (content.bytesInMemory() > limits.maxStreamBytes())
                throw new InvalidCaseException(
                        Reason.TOO_LARGE, "npz", "at most %d bytes".formatted(limits.maxStreamBytes()), "more");
            return content;
        }
    }
}
