package org.medficientsam.casefile.npz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.CaseHeader;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.Limits;

/**
 * Guided by coverage when JAZZER_FUZZ is set (the nightly workflow does, five minutes each); otherwise the seeds and whatever was
 * found once, which lie in resources beside this class' name.
 */
class CaseNpzFuzzTest {
    private static final Limits LIMITS = new Limits(1 << 20, 16, 4 << 10, 1 << 20, 2 << 20, 1000);

    @FuzzTest(maxDuration = "5m")
    void archiveIsReadOrRefused(byte[] npz) {
        try {
            CaseHeader header = CaseNpz.header(npz, LIMITS);
            CaseFile read = CaseNpz.read(npz, LIMITS);
            if (header.depth() != read.image().depth()
                    || header.height() != read.image().height()
                    || header.width() != read.image().width()
                    || header.boxes() != read.boxes().size())
                throw new AssertionError("a header must say what the case is, got another size");
        } catch (InvalidCaseException e) {
            // The one way to refuse.
        }
    }

    /** What stands in an npy header, for whichever array. */
    @FuzzTest(maxDuration = "5m")
    void npyHeaderIsReadOrRefused(byte[] text) {
        try {
            NpyHeader.parse(text, "imgs").dataBytes("imgs", 1 << 20);
        } catch (InvalidCaseException e) {
            // The one way to refuse.
        }
    }
}
