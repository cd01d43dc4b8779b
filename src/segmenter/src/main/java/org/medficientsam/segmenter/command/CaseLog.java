package org.medficientsam.segmenter.command;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What became of each case of a run that can be resumed: {@code cases.csv} in the output folder, one row per attempt, written as
 * it ends. A label map that is there is done; the log says by which model, so that a run is not resumed with another. One that a process wrote
 * before it was killed, and had no time to tell, is told as found.
 */
final class CaseLog implements AutoCloseable {
    private static final String HEADER = "case,status,seconds,model,sha256,rules,reason\n";

    private static final Pattern DONE = Pattern.compile("(.*?),(segmented|found),.*");

    private final FileChannel file;
    private final String identity;
    private final Set<String> done; // names as the file has them

    private CaseLog(FileChannel file, String identity, Set<String> done) {
        this.file = file;
        this.identity = identity;
        this.done = done;
    }

    /**
     * Opens the log of that shard, or begins it.
     *
     * @throws IllegalArgumentException if it tells of another model or other rules
     */
    static CaseLog open(Path output, Shard shard, String model, String sha256, String rules) throws IOException {
        Files.createDirectories(output);
        String identity = "%s,%s,%s".formatted(model, sha256, rules);
        Path path = output.resolve(
                shard.equals(Shard.WHOLE)
                        ? "cases.csv"
                        : "cases.%d-of-%d.csv".formatted(shard.number(), shard.count()));
        if (Files.exists(path) && !Files.isRegularFile(path))
            throw new FileSystemException(null, null, path.getFileName() + " must be a regular file");
        FileChannel file =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            String text = Files.readString(path);
            // A process that was killed may leave half a row.
            String whole = text.substring(0, text.lastIndexOf('\n') + 1);
            file.truncate(whole.getBytes(StandardCharsets.UTF_8).length);
            file.position(file.size());
            List<String> rows = whole.lines().skip(1).toList();
            for (String row : rows) check(row, identity);
            Set<String> done = rows.stream()
                    .map(DONE::matcher)
                    .filter(Matcher::matches)
                    .map(row -> row.group(1))
                    .collect(Collectors.toSet());
            CaseLog log = new CaseLog(file, identity, done);
            if (whole.isEmpty()) log.append(HEADER);
            return log;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static void check(String row, String identity) {
        if (row.contains("," + identity + ",")) return;
        String[] now = identity.split(",", -1);
        throw new IllegalArgumentException(
                "output must hold results of model %s, sha256 %.12s, rules %s alone to be resumed, got others"
                        .formatted(now[0], now[1], now[2]));
    }

    /** Tells of a label map that is there, if nothing has. */
    void found(String name) throws IOException {
        if (!done.contains(quoted(name))) append(quoted(name) + ",found,," + identity + ",\n");
    }

    void add(String name, double seconds, Optional<String> failure) throws IOException {
        append(String.format(
                Locale.ROOT,
                "%s,%s,%.3f,%s,%s\n",
                quoted(name),
                failure.isPresent() ? "failed" : "segmented",
                seconds,
                identity,
                failure.map(CaseLog::quoted).orElse("")));
    }

    /** One write, so that rows of several threads do not mix. */
    private synchronized void append(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) file.write(bytes);
    }

    private static String quoted(String text) {
        String line = text.replaceAll("\\R", " ");
        return line.matches(".*[,\"].*") ? '"' + line.replace("\"", "\"\"") + '"' : line;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
