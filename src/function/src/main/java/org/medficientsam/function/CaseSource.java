package org.medficientsam.function;

import java.io.IOException;
import java.io.InputStream;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.CaseNpz;

/** Where a case comes from. */
public interface CaseSource {
    /**
     * @param context of the request that wants it
     * @throws InvalidCaseException if it is not a valid case
     */
    CaseFile read(Limits limits, RequestContext context) throws IOException;

    /** A text that is the same for the same place and content, and for nothing else. */
    String identity();

    /** An npz that came with the request. */
    record Inline(InputStream npz, String identity) implements CaseSource {
        /** One that nobody will ask the identity of. */
        public Inline(InputStream npz) {
            this(npz, "");
        }

        @Override
        public CaseFile read(Limits limits, RequestContext context) throws IOException {
            return CaseNpz.read(npz, limits);
        }
    }
}
