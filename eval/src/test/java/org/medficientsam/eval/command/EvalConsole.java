package org.medficientsam.eval.command;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line without a process, and what it says. */
final class EvalConsole {
    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();

    /** {@code run} on a folder. */
    int run(String target, Path dataset, Path out, String... more) {
        return execute(
                List.of("run", "--dataset", "path:" + dataset, "--target", target, "--out", out.toString()), more);
    }

    /** Gives the exit status. */
    int execute(List<String> arguments, String... more) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of(more));
        return EvalCommand.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(all.toArray(String[]::new));
    }
}
