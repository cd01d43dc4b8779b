package org.medficientsam.eval.target;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the kernel tells of another process's memory (Linux; elsewhere nothing). */
final class ProcessMemory {

    private static final Pattern PEAK = Pattern.compile("(?m)^VmHWM:\\s+(\\d+) kB$");

    private ProcessMemory() {}

    /** The most memory it has had resident so far. */
    static OptionalLong peakRssBytes(long pid) {
        try {
            Matcher peak = PEAK.matcher(Files.readString(Path.of("/proc", Long.toString(pid), "status")));
            return peak.find() ? OptionalLong.of(1024 * Long.parseLong(peak.group(1))) : OptionalLong.empty();
        } catch (IOException ended) {
            return OptionalLong.empty();
        }
    }
}
