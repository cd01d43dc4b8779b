package org.medficientsam.segmenter.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.medficientsam.segmenter.bundle.InvalidBundleException;
import org.medficientsam.segmenter.bundle.ModelBundle;
import org.medficientsam.segmenter.onnx.PreparedGraphs;

/**
 * Bundles whose hashes were compared when the distribution was installed. A file that has the same inode, size and times since has the same bytes:
 * nothing but the system's clock can set back the time of a file's last change. What is not on the list, or on a system without inodes, is hashed at each
 * start, which takes a cold JVM a tenth of a second per 12 MB.
 */
final class CheckedBundles {
    /** The system property that names the list; the launcher sets it. */
    static final String PROPERTY = "medficientsam.checked";

    private static final List<String> FILES =
            List.of("manifest.yaml", "encoder.onnx", "decoder.onnx", "propagator.onnx");

    private CheckedBundles() {}

    /**
     * Compares the hashes of each bundle of a folder, makes the list, and where {@link PreparedGraphs#PROPERTY} says so, prepares graphs.
     *
     * @param arguments the folder, and where the list goes
     * @throws InvalidBundleException if a bundle is not what its manifest says
     */
    public static void main(String... arguments) throws IOException {
        Set<String> lines = new TreeSet<>();
        String graphs = System.getProperty(PreparedGraphs.PROPERTY, "");
        try (Stream<Path> bundles = Files.list(Path.of(arguments[0]))) {
            for (Path bundle : bundles.filter(Files::isDirectory).toList()) {
                ModelBundle checked = ModelBundle.open(bundle);
                if (!graphs.isEmpty()) PreparedGraphs.make(checked, Path.of(graphs));
                lines.addAll(states(bundle));
            }
        }
        Files.write(Path.of(arguments[1]), lines);
    }

    /** Whether nobody can have changed the bundle's files since the list was made. */
    static boolean hold(Path bundle) {
        String list = System.getProperty(PROPERTY, "");
        if (list.isEmpty()) return false;
        try {
            Set<String> states = states(bundle);
            return !states.isEmpty() && new HashSet<>(Files.readAllLines(Path.of(list))).containsAll(states);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return false;
        }
    }

    private static Set<String> states(Path bundle) throws IOException {
        Set<String> states = new HashSet<>();
        for (String name : FILES) {
            Path file = bundle.resolve(name);
            if (!Files.exists(file)) continue;
            Map<String, Object> now = Files.readAttributes(file, "unix:dev,ino,size,lastModifiedTime,ctime");
            states.add(
                    bundle.toRealPath().getFileName() + "/" + name + " " + now.get("dev") + " " + now.get("ino") + " "
                            + now.get("size") + " " + nanoseconds(now, "lastModifiedTime") + " "
                            + nanoseconds(now, "ctime"));
        }
        return states;
    }

    private static long nanoseconds(Map<String, Object> state, String time) {
        return ((FileTime) Objects.requireNonNull(state.get(time))).to(TimeUnit.NANOSECONDS);
    }
}
