package org.medficientsam.segmenter.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.medficientsam.segmenter.bundle.InvalidBundleException;
import org.medficientsam.segmenter.bundle.ModelBundle;

/**
 * Graphs as ONNX Runtime rewrites them each time it loads them, kept from one process to the next: a cold start need not do it again.
 * How it does depends on the processor, so that a folder shared by machines that differ serves those that are as the one that made it.
 * Results are the same to the bit.
 */
public final class PreparedGraphs {
    /** The system property that names the folder; without it there are none. */
    public static final String PROPERTY = "medficientsam.graphs";

    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    /** What tells one kind of processor from another, on x86 and on Arm. */
    private static final Pattern KIND =
            Pattern.compile("(?m)^(model name|flags|CPU implementer|CPU part|Features)\\s*:.*$");

    private PreparedGraphs() {}

    /** Asked once in a process, and only where there is a folder. */
    private static final class Processor {
        static final Optional<String> NAME = processor();
    }

    /**
     * Prepares each graph of a bundle whose hashes were compared, where the system tells what processor it has.
     *
     * @param folder is made if need be
     * @throws InvalidBundleException if ONNX Runtime cannot load a graph
     */
    public static void make(ModelBundle bundle, Path folder) throws IOException {
        Optional<String> processor = Processor.NAME;
        if (processor.isEmpty()) return;
        Files.createDirectories(folder);
        List<Path> graphs = new ArrayList<>(List.of(bundle.encoder(), bundle.decoder()));
        if (bundle.hasPropagator()) graphs.add(bundle.propagator());
        for (Path graph : graphs) {
            Path prepared = folder.resolve(name(bundle, graph, processor.get()));
            Path part = folder.resolve(prepared.getFileName() + ".part");
            write(graph, part);
            Files.move(part, prepared, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void write(Path graph, Path prepared) {
        OrtEnvironment environment = OnnxEnvironment.get();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setOptimizationLevel(OptLevel.ALL_OPT);
            options.setOptimizedModelFilePath(prepared.toString());
            environment.createSession(graph.toString(), options).close();
        } catch (OrtException e) {
            throw new InvalidBundleException(graph.getFileName() + " must be a graph that ONNX Runtime can load", e);
        }
    }

    /** What was made of a graph, where that is known to be unchanged since. */
    static Optional<Path> of(ModelBundle bundle, Path graph) {
        String folder = System.getProperty(PROPERTY, "");
        if (folder.isEmpty() || !bundle.isKnown()) return Optional.empty();
        return Processor.NAME
                .map(processor -> Path.of(folder, name(bundle, graph, processor)))
                .filter(Files::isReadable);
    }

    /** By content, by who rewrote it and for which processor. */
    private static String name(ModelBundle bundle, Path graph, String processor) {
        return bundle.sha256(graph) + "-" + OnnxEnvironment.get().getVersion() + "-" + processor + ".onnx";
    }

    private static Optional<String> processor() {
        try {
            CRC32 kind = new CRC32();
            boolean told = false;
            for (Matcher line = KIND.matcher(firstProcessor()); line.find(); told = true)
                kind.update(line.group().getBytes(StandardCharsets.UTF_8));
            return told ? Optional.of(Long.toHexString(kind.getValue())) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** What is said of the first one; a large machine says the same hundreds of times. */
    private static String firstProcessor() throws IOException {
        try (InputStream in = Files.newInputStream(PROCESSORS)) {
            String start = new String(in.readNBytes(1 << 13), StandardCharsets.UTF_8);
            int end = start.indexOf("\n\n");
            return end < 0 ? start : start.substring(0, end);
        }
    }
}
