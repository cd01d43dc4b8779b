package org.medficientsam.function;

import java.io.IOException;
import java.io.InputStream;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.InvalidCaseException.Reason;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.CaseNpz;

/** Where a case comes from. */
sealed interface CaseSource {
    /** @throws InvalidCaseException if it is not a valid case */
    CaseFile read(Limits limits) throws IOException;

    /** A text that is the same for the same place and content, and for nothing else. */
    String identity();

    /** An npz that came with the request. */
    record Inline(InputStream npz, String identity) implements CaseSource {
        /** One that nobody will ask the identity of. */
        Inline(InputStream npz) {
            this(npz, "");
        }

        @Override
        public CaseFile read(Limits limits) throws IOException {
            return CaseNpz.read(npz, limits);
        }
    }

    /** An npz in S3. */
    record InStore(ObjectStore store, StoredObject object) implements CaseSource {
        @Override
        public CaseFile read(Limits limits) {
            if (object.size() > limits.maxStreamBytes()) {
                throw new InvalidCaseException(
                        Reason.TOO_LARGE,
                        "npz",
                        "at most %d bytes".formatted(limits.maxStreamBytes()),
                        "" + object.size());
            }
            return store.read(object, bytes -> CaseNpz.read(bytes, limits));
        }

        @Override
        public String identity() {
            return object.uri() + "\n" + object.eTag();
        }
    }
}
