package org.medficientsam.function;

import java.io.IOException;
import java.io.InputStream;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.Limits;

/** Where a case comes from. */
sealed interface CaseSource {
    /** @throws org.medficientsam.casefile.InvalidCaseException if it is not a valid case */
    CaseFile read(Limits limits) throws IOException;

    /** An npz that came with the request. */
    record Inline(InputStream npz) implements CaseSource {
        @Override
        public CaseFile read(Limits limits) throws IOException {
            return CaseFile.read(npz, limits);
        }
    }
}
