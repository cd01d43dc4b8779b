package org.medficientsam.function;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.Arrays;
import org.medficientsam.segmenter.SegmentCommand;

/** Entry of the packaged jar: {@code segment ...} is the plain command line, anything else serves. */
@QuarkusMain
public final class Main {
    private Main() {}

    /** Runs {@code segment} without starting Quarkus, so that a command costs what plain Java costs. */
    public static void main(String... args) {
        if (args.length > 0 && args[0].equals("segment")) {
            SegmentCommand.main(Arrays.copyOfRange(args, 1, args.length));
        } else {
            Quarkus.run(args);
        }
    }
}
