package org.medficientsam.eval.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.medficientsam.eval.target.ModelInfo;
import org.medficientsam.eval.target.TargetUnavailableException;

/** Sees that one bundle answers all cases of a run: the one noted in run.json, or, where that could not be told before, the first. */
final class ModelGuard {

    private final RunFolder folder;
    private RunInfo info;

    ModelGuard(RunFolder folder, RunInfo info) {
        this.folder = folder;
        this.info = info;
    }

    /**
     * @param answered the bundle of the last answer; null where a target does not tell
     * @throws TargetUnavailableException if it is another one
     */
    synchronized void check(@Nullable ModelInfo answered) {
        if (answered == null) {
            return;
        }
        ModelInfo expected = info.model();
        if (expected == null) {
            info = info.answeredBy(answered);
            try {
                folder.writeInfo(info);
            } catch (IOException full) {
                throw new UncheckedIOException(full);
            }
        } else if (!answered.id().equals(expected.id()) || differs(answered.sha256(), expected.sha256())) {
            throw new TargetUnavailableException(
                    "the run is of bundle %s, sha256 %s, but %s, sha256 %s, answered: its row was not recorded"
                            .formatted(expected.id(), expected.sha256(), answered.id(), answered.sha256()));
        }
    }

    private static boolean differs(@Nullable String one, @Nullable String other) {
        return one != null && other != null && !Objects.equals(one, other);
    }

    synchronized RunInfo info() {
        return info;
    }
}
