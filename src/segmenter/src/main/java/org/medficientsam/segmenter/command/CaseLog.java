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
 * it ends. A label map that is there is done; the log says by which model and settings, so that a run is not resumed with others. One that a
 * process wrote before it was killed, and had no time to tell, is told as found.
 */
final class CaseLog implements AutoCloseable {
    private static final String HEADER = "case,status,seconds,model,sha256,rules,settings,reason\n";
    private static final String CELL = "(\"(?:[^\"]|\"\")*+\"|[^,\"]*+)";
    private static final Pattern ROW =
            Pattern.compile(CELL + ",(segmented|found|failed),[^,]*,([^,]*),([^,]*),([^,]*)," + CELL + ",.*");

    /**
     * What made the label maps.
     *
     * @param sha256 of the bundle
     * @param settings what else tells on them: window, boxes
     */
    record Identity(String model, String sha256, String rules, String settings) {
        private static Identity of(Matcher row) {
            return new Identity(row.group(3), row.group(4), row.group(5), plain(row.group(6)));
        }

        private String cells() {
            return "%s,%s,%s,%s".formatted(model, sha256, rules, quoted(settings));
        }

        @Override
        public String toString() {
            return "model %s (%.12s), rules %s, %s".formatted(model, sha256, rules, settings);
        }
    }

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
     * @throws IllegalArgumentException if it tells of another model, other rules or other settings
     */
    static CaseLog open(Path output, Shard shard, Identity of) throws IOException {
        Files.createDirectories(output);
        String identity = of.cells();
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
            if (!whole.isEmpty() && !whole.startsWith(HEADER))
                throw new IllegalArgumentException("%s must have the columns %s to be resumed, got others"
                        .formatted(path.getFileName(), HEADER.strip()));
            List<Matcher> rows =
                    whole.lines().skip(1).map(line -> checked(line, of)).toList();
            Set<String> done = rows.stream()
                    .filter(row -> !row.group(2).equals("failed"))
                    .map(row -> row.group(1))
                    .collect(Collectors.toSet());
            file.truncate(whole.getBytes(StandardCharsets.UTF_8).length);
            file.position(file.size());
            CaseLog log = new CaseLog(file, identity, done);
            if (whole.isEmpty()) log.append(HEADER);
            return log;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static Matcher checked(String line, Identity ours) {
        Matcher row = ROW.matcher(line);
        if (!row.matches())
            throw new IllegalArgumentException("the log must hold a case in each row to be resumed, got another");
        Identity theirs = Identity.of(row);
        if (theirs.equals(ours)) return row;
        throw new IllegalArgumentException(
                "output must hold results of %s alone to be resumed, got those of %s".formatted(ours, theirs));
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

    private static String plain(String cell) {
        return cell.startsWith("\"") ? cell.substring(1, cell.length() - 1).replace("\"\"", "\"") : cell;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
