package org.medficientsam.segmenter.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.medficientsam.segmenter.bundle.InvalidBundleException;
import org.medficientsam.segmenter.bundle.ModelBundle;

/**
 * Graphs as ONNX Runtime rewrites them each time it loads them, kept from one process to the next: a cold start need not do it again.
 * Only what no processor decides is kept, so that a folder may be shared by machines that differ; what one does is done at each start.
 * Results are the same to the bit.
 */
public final class PreparedGraphs {
    /** The system property that names the folder; without it there are none. */
    public static final String PROPERTY = "medficientsam.graphs";

    private PreparedGraphs() {}

    /**
     * Prepares each graph of a bundle whose hashes were compared.
     *
     * @param folder is made if need be
     * @throws InvalidBundleException if ONNX Runtime cannot load a graph
     */
    public static void make(ModelBundle bundle, Path folder) throws IOException {
        Files.createDirectories(folder);
        List<Path> graphs = new ArrayList<>(List.of(bundle.encoder(), bundle.decoder()));
        if (bundle.hasPropagator()) graphs.add(bundle.propagator());
        for (Path graph : graphs) {
            Path prepared = folder.resolve(name(bundle, graph));
            Path part = folder.resolve(prepared.getFileName() + ".part");
            write(graph, part);
            Files.move(part, prepared, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void write(Path graph, Path prepared) {
        OrtEnvironment environment = OnnxEnvironment.get();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setOptimizationLevel(OptLevel.EXTENDED_OPT);
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
        return Optional.of(Path.of(folder, name(bundle, graph))).filter(Files::isReadable);
    }

    /** By content, and by who rewrote it. */
    private static String name(ModelBundle bundle, Path graph) {
        return bundle.sha256(graph) + "-" + OnnxEnvironment.get().getVersion() + ".onnx";
    }
}
