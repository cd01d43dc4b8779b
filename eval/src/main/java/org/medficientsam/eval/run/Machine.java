package org.medficientsam.eval.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the figures were measured on. */
public record Machine(String cpu, int cores, long memoryBytes, String os) {

    private static final Pattern CPU = Pattern.compile("(?m)^model name\\s*:\\s*(.+)$");
    private static final Pattern MEMORY = Pattern.compile("(?m)^MemTotal:\\s*(\\d+) kB$");

    static Machine here() {
        String os = System.getProperty("os.name") + " " + System.getProperty("os.version");
        String cpu = find(CPU, "/proc/cpuinfo", System.getProperty("os.arch"));
        long memory = 1024 * Long.parseLong(find(MEMORY, "/proc/meminfo", "0"));
        return new Machine(cpu.strip(), Runtime.getRuntime().availableProcessors(), memory, os);
    }

    private static String find(Pattern pattern, String file, String otherwise) {
        try {
            Matcher matcher = pattern.matcher(Files.readString(Path.of(file)));
            return matcher.find() ? matcher.group(1) : otherwise;
        } catch (IOException notLinux) {
            return otherwise;
        }
    }

    /** In one line, for a report. */
    public String summary() {
        return "%s, %d cores, %.0f GB, %s".formatted(cpu, cores, memoryBytes / 1e9, os);
    }

    /** The virtual machine that runs this. */
    static String jvm() {
        return System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version");
    }

    /** The commit of the working folder; {@code unknown} where there is no git. */
    static String commit() {
        String head = git("rev-parse", "--short=12", "HEAD");
        if (head.isEmpty()) {
            return "unknown";
        }
        return head + (git("status", "--porcelain", "--untracked-files=no").isEmpty() ? "" : "+changes");
    }

    private static String git(String... arguments) {
        try {
            List<String> command = new ArrayList<>(List.of("git"));
            command.addAll(List.of(arguments));
            Process git = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String printed = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return git.waitFor(10, TimeUnit.SECONDS) && git.exitValue() == 0 ? printed.strip() : "";
        } catch (IOException noGit) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
