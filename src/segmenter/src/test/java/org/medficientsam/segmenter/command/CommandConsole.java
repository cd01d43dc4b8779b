package org.medficientsam.segmenter.command;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.medficientsam.segmenter.Scenes;

/** Runs the command as its program does, and hears what it says. */
final class CommandConsole implements BeforeEachCallback, AfterEachCallback {
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final ByteArrayOutputStream complained = new ByteArrayOutputStream();

    @Override
    public void beforeEach(ExtensionContext test) {
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
    }

    @Override
    public void afterEach(ExtensionContext test) {
        System.setOut(out);
        System.setErr(err);
    }

    /** With the bundles of the repository. */
    int segment(Object... arguments) {
        List<String> all = new ArrayList<>(List.of(
                "segment", "--models", Scenes.ROOT.resolve("models/bundles").toString()));
        for (Object argument : arguments) all.add(argument.toString());
        return SegmentCommand.run(all.toArray(String[]::new));
    }

    /** What went to standard output so far. */
    String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    /** What went to standard error so far. */
    String complained() {
        return complained.toString(StandardCharsets.UTF_8);
    }
}
