package org.medficientsam.eval.run;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.medficientsam.eval.Csv;

/**
 * RUN/: {@code run.json}, {@code cases.csv}, {@code segs/}, then {@code scores.csv} and {@code labels.csv}; {@code work/}
 * while it runs. A case is done when its segs file is complete and its row is on disk, in this order; whatever moment the
 * harness is killed at, the rest can be made good.
 */
public final class RunFolder {

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    private static final String HEADER = Csv.line(CaseRow.COLUMNS);

    private final Path folder;

    /** @param folder which need not exist yet */
    public RunFolder(Path folder) {
        this.folder = folder;
    }

    /** The folder itself. */
    public Path path() {
        return folder;
    }

    /** Folder of label maps, an npz per case. */
    public Path segs() {
        return folder.resolve("segs");
    }

    /** Folder of what is needed while it runs. */
    public Path work() {
        return folder.resolve("work");
    }

    /** A row per case, see {@link CaseRow}. */
    public Path cases() {
        return folder.resolve("cases.csv");
    }

    /** A row per case, see {@link org.medficientsam.eval.metric.ScoreTable}. */
    public Path scores() {
        return folder.resolve("scores.csv");
    }

    /** A row per label, with counts and full precision. */
    public Path labels() {
        return folder.resolve("labels.csv");
    }

    private Path info() {
        return folder.resolve("run.json");
    }

    boolean exists() {
        return Files.exists(info());
    }

    /** @throws IllegalArgumentException if it is no run */
    public RunInfo readInfo() throws IOException {
        if (!exists()) {
            throw new IllegalArgumentException("no run in %s (run.json is missing)".formatted(folder));
        }
        return JSON.readValue(Files.readString(info()), RunInfo.class);
    }

    /** Replaces run.json as a whole. */
    public void writeInfo(RunInfo run) throws IOException {
        Files.createDirectories(folder);
        replace(info(), (JSON.writeValueAsString(run) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** The rows on disk by case; a later row of a case replaces an earlier one. A line that a kill cut short is none. */
    public Map<String, CaseRow> readRows() throws IOException {
        Map<String, CaseRow> rows = new LinkedHashMap<>();
        if (Files.exists(cases())) {
            String written = Files.readString(cases());
            List<List<String>> lines = Csv.parse(written.substring(0, written.lastIndexOf('\n') + 1));
            for (List<String> line : lines.subList(Math.min(1, lines.size()), lines.size())) {
                CaseRow row = CaseRow.parse(line);
                rows.put(row.name(), row);
            }
        }
        return rows;
    }

    /** Those of the rows that need no second attempt: said so by the function, and with their file if they have one. */
    Map<String, CaseRow> readFinalRows() throws IOException {
        Map<String, CaseRow> rows = readRows();
        rows.values().removeIf(row -> !row.isFinal() || (row.ok() && !Files.exists(segs().resolve(row.name()))));
        return rows;
    }

    /** The label map's file, complete or not there. */
    void writeSegs(String name, byte[] npz) throws IOException {
        Files.createDirectories(segs());
        replace(segs().resolve(name), npz);
    }

    /** Content first, name last: on disk before the old file gives way. */
    private static void replace(Path target, byte[] content) throws IOException {
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try {
            try (FileChannel channel = FileChannel.open(
                    part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                writeFully(channel, content);
                channel.force(true);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void writeFully(FileChannel channel, byte[] content) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(content);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /** Every case once, in the order of names: what the journal says when the run is over. */
    void compact(Collection<CaseRow> rows) throws IOException {
        Map<String, CaseRow> sorted = new TreeMap<>();
        rows.forEach(row -> sorted.put(row.name(), row));
        StringBuilder csv = new StringBuilder(HEADER);
        sorted.values().forEach(row -> csv.append(row.csv()));
        replace(cases(), csv.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void deleteTree(Path root) throws IOException {
        if (Files.exists(root)) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /**
     * Keeps other harnesses away until it is closed, or this one ends.
     *
     * @throws IOException if another one is at work here
     */
    public Claim claim() throws IOException {
        Files.createDirectories(folder);
        return new Claim();
    }

    /** That this harness alone is at work in the folder, and so may remove what is there. */
    public final class Claim implements AutoCloseable {

        private final FileChannel channel;

        private Claim() throws IOException {
            // Of a file that nobody reads: the kernel lets go of a lock as soon as the process closes the file
            // anywhere.
            channel = FileChannel.open(folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            boolean alone = false;
            try {
                alone = channel.tryLock() != null;
            } catch (OverlappingFileLockException heldByThisProcess) {
                // As held by another.
            } finally {
                if (!alone) {
                    channel.close();
                }
            }
            if (!alone) {
                throw new IOException("another harness is at work in " + folder);
            }
        }

        /** Removes the run that is recorded here, and nothing else that the folder may hold. */
        void clear() throws IOException {
            deleteTree(work());
            deleteTree(segs());
            for (Path file : List.of(cases(), scores(), labels(), info())) {
                Files.deleteIfExists(file);
            }
        }

        /** Removes what only a running harness needs, and files that a killed one left half written. */
        void sweep() throws IOException {
            deleteTree(work());
            if (Files.isDirectory(segs())) {
                try (Stream<Path> files = Files.list(segs())) {
                    for (Path part : files.filter(file -> file.toString().endsWith(".part"))
                            .toList()) {
                        Files.delete(part);
                    }
                }
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /** Opens cases.csv to append to. */
    public Journal openJournal() throws IOException {
        Files.createDirectories(folder);
        return new Journal(cases());
    }

    /** cases.csv while it grows: a row at a time, on disk before the next. */
    public static final class Journal implements AutoCloseable {

        private final FileChannel channel;
        private long end;

        private Journal(Path file) throws IOException {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            end = endOfLastLine();
            channel.truncate(end);
            channel.position(end);
            if (end == 0) {
                append(HEADER);
            }
        }

        /** A kill in mid-write leaves a torn last line; the case it was to tell of is not done. */
        private long endOfLastLine() throws IOException {
            ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(channel.size()));
            while (content.hasRemaining() && channel.read(content) >= 0) {
                continue;
            }
            for (int i = content.position(); i > 0; i--) {
                if (content.get(i - 1) == '\n') {
                    return i;
                }
            }
            return 0;
        }

        synchronized void append(CaseRow row) throws IOException {
            append(row.csv());
        }

        private void append(String line) throws IOException {
            byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            try {
                writeFully(channel, bytes);
                channel.force(false);
                end += bytes.length;
            } catch (IOException full) {
                // Half a row would run into the next one.
                channel.truncate(end);
                channel.position(end);
                throw full;
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
