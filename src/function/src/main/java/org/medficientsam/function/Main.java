package org.medficientsam.function;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.medficientsam.segmenter.command.SegmentCommand;
import org.medficientsam.segmenter.onnx.NativeLibraries;

/** Entry of the packaged jar: {@code segment ...} is the plain command line, anything else serves. */
@QuarkusMain
public final class Main {
    private static final String TEMPORARY_FOLDER = "java.io.tmpdir";

    private static @Nullable String temporaryFolder;

    private Main() {}

    /**
     * Runs {@code segment} without starting Quarkus. Where every tenth of a second counts, the segmenter's own jar does the same
     * on a class path of nine jars instead of two hundred.
     */
    public static void main(String... args) {
        try {
            run(args);
        } catch (NoClassDefFoundError e) {
            if (!String.valueOf(e.getMessage()).matches("(org/medficientsam|io/quarkus)/.*")) throw e;
            System.err.println("this jar needs its libraries: lib/ must lie beside it, as it does where it was built");
            System.exit(1);
        }
    }

    private static void run(String... args) {
        temporaryFolder = System.getProperty(TEMPORARY_FOLDER);
        NativeLibraries.preferUnpacked(Main.class);
        if (args.length > 0 && args[0].equals("segment")) {
            // Else newer JDKs, which log that they exit, have JBoss' logging complain.
            System.setProperty("java.util.logging.manager", "org.jboss.logmanager.LogManager");
            SegmentCommand.main(Arrays.copyOfRange(args, 1, args.length));
        } else {
            Quarkus.run(args);
        }
    }

    /**
     * Sets {@code java.io.tmpdir} to what whoever started this process wants: Quarkus sets it, at each start, to what it was where the
     * application was built. Without {@link #main} it changes nothing.
     */
    public static void restoreTemporaryFolder() {
        if (temporaryFolder != null) System.setProperty(TEMPORARY_FOLDER, temporaryFolder);
    }
}
