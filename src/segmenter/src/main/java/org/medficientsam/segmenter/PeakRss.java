package org.medficientsam.segmenter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The most memory this process has held so far, native memory included. It never falls. */
public final class PeakRss {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String FIELD = "VmHWM:";

    private PeakRss() {}

    /** Bytes; empty where the system does not tell (anything but Linux). */
    public static OptionalLong bytes() {
        try {
            for (String line : Files.readAllLines(STATUS))
                if (line.startsWith(FIELD)) // "VmHWM:    123456 kB"
                return OptionalLong.of(1024
                        * Long.parseLong(line.substring(FIELD.length(), line.length() - 2)
                                .trim()));
            return OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
