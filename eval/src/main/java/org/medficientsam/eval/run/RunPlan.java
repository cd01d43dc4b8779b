package org.medficientsam.eval.run;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medficientsam.eval.dataset.Dataset;
import org.medficientsam.eval.target.Target;

/**
 * What a run is to be.
 *
 * @param folder where it is recorded
 * @param target as on the command line
 * @param parallel cases at a time
 * @param name of the run in reports; null for one made of model and rules
 * @param fresh whether to start over where a run is recorded already
 * @param arguments of the command line, for the record
 */
public record RunPlan(
        RunFolder folder,
        Dataset dataset,
        String target,
        Target.Options options,
        int parallel,
        @Nullable String name,
        boolean fresh,
        List<String> arguments) {

    public RunPlan {
        if (name != null && name.isBlank()) {
            throw new IllegalArgumentException("--name must be a name for reports, got nothing");
        }
    }
}
