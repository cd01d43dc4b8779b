package org.medficientsam.function.s3;

import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.InvalidCaseException.Reason;
import org.medficientsam.casefile.Limits;
import org.medficientsam.function.service.CaseContent;
import org.medficientsam.function.service.CaseSource;
import org.medficientsam.function.service.RequestContext;

/** An npz in S3. */
public record StoredCase(ObjectStore store, StoredObject object) implements CaseSource {
    @Override
    public CaseContent fetch(Limits limits, RequestContext context) {
        if (object.size() > limits.maxStreamBytes()) {
            throw new InvalidCaseException(
                    Reason.TOO_LARGE, "npz", "at most %d bytes".formatted(limits.maxStreamBytes()), "" + object.size());
        }
        return store.read(object, context, bytes -> CaseContent.of(bytes, limits.maxStreamBytes()));
    }

    @Override
    public String identity() {
        return object.uri() + "\n" + object.eTag();
    }
}
