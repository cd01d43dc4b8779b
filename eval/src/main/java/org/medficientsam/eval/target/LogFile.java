package org.medficientsam.eval.target;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a process printed, to say why it ended. */
final class LogFile {

    private LogFile() {}

    /** The last lines that are not blank, oldest first, each on a line of its own if there are several. */
    static String lastLines(Path log, int most) {
        try {
            List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
            List<String> last = lines.subList(Math.max(0, lines.size() - most), lines.size());
            return last.isEmpty() ? "(printed nothing)" : (last.size() > 1 ? "\n  " : "") + String.join("\n  ", last);
        } catch (IOException e) {
            return "(no output)";
        }
    }
}
