package org.medficientsam.eval.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What to ask a target for. */
final class ModelOptions {

    @Option(names = "--model", paramLabel = "BUNDLE", description = "Bundle to ask for (default: the function's).")
    @Nullable
    String model;

    @Option(names = "--rules", paramLabel = "NAME", description = "Rules to ask for (default: the bundle's).")
    @Nullable
    String rules;
}
