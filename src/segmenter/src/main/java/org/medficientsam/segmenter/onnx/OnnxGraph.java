package org.medficientsam.segmenter.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.medficientsam.segmenter.bundle.InvalidBundleException;
import org.medficientsam.segmenter.bundle.ModelBundle;

/** One loaded graph: its signature and its runs. A session is safe to run from several threads at once. */
final class OnnxGraph implements AutoCloseable {
    /** An axis of the caller's choosing. */
    static final long FREE = -1;
    /** An axis that may be free or fixed to whatever the graph says. */
    static final long ANY = -2;

    /** An axis that the graph must fix, to whatever it likes. */
    static final long FIXED = -3;

    private final OrtSession session;
    private final String file;
    private final Map<String, NodeInfo> inputs;
    private final Map<String, NodeInfo> outputs;

    private OnnxGraph(OrtSession session, String file) throws OrtException {
        this.session = session;
        this.file = file;
        this.inputs = session.getInputInfo();
        this.outputs = session.getOutputInfo();
    }

    /**
     * Loads a graph of the bundle, while its hash is compared if that is still to be done.
     *
     * @param threads that one run may use; with 1 a run stays in the calling thread
     */
    static OnnxGraph load(ModelBundle bundle, Path graph, int threads) {
        String file = String.valueOf(graph.getFileName());
        Optional<Path> prepared = PreparedGraphs.of(bundle, graph);
        OptLevel rewriting = prepared.isPresent() ? OptLevel.NO_OPT : OptLevel.ALL_OPT;
        return SideBySide.call(
                () -> NativeWork.during(() -> loadNow(prepared.orElse(graph), file, rewriting, threads)),
                () -> bundle.verify(graph));
    }

    private static OnnxGraph loadNow(Path path, String file, OptLevel rewriting, int threads) {
        OrtEnvironment environment =
                environment(); // before any other class of ONNX Runtime, which would load it its own way
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setOptimizationLevel(rewriting);
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            // Threads that spin while they wait take the processor from other requests, and CPU quota on Lambda.
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            // By path: from a byte[] the weights would be held twice while loading.
            return new OnnxGraph(environment.createSession(path.toString(), options), file);
        } catch (OrtException e) {
            throw new InvalidBundleException(file + " must be a graph that ONNX Runtime can load", e);
        }
    }

    static OrtEnvironment environment() {
        return OnnxEnvironment.get();
    }

    /** Whether the graph has that input with that type and shape. */
    boolean hasInput(String name, OnnxJavaType type, long... shape) {
        return matches(inputs.get(name), type, shape);
    }

    void requireInput(String name, OnnxJavaType type, long... shape) {
        require("input", name, inputs.get(name), type, shape);
    }

    void requireOutput(String name, OnnxJavaType type, long... shape) {
        require("output", name, outputs.get(name), type, shape);
    }

    /** @throws InvalidBundleException if there are other inputs than these */
    void requireInputs(String... names) {
        if (!inputs.keySet().equals(Set.of(names)))
            throw new InvalidBundleException(
                    "%s must have the inputs %s, got %s".formatted(file, Arrays.toString(names), inputs.keySet()));
    }

    private void require(String role, String name, @Nullable NodeInfo found, OnnxJavaType type, long[] shape) {
        if (!matches(found, type, shape))
            throw new InvalidBundleException("%s: %s %s must be %s %s, got %s"
                    .formatted(file, role, name, name(type), shape(shape), describe(found)));
    }

    private static boolean matches(@Nullable NodeInfo node, OnnxJavaType type, long[] shape) {
        if (node == null || !(node.getInfo() instanceof TensorInfo info) || info.type != type) return false;
        long[] found = info.getShape();
        if (found.length != shape.length) return false;
        for (int axis = 0; axis < shape.length; axis++) if (!matches(found[axis], shape[axis])) return false;
        return true;
    }

    private static boolean matches(long found, long wanted) {
        return wanted == ANY || (wanted == FIXED ? found > 0 : wanted == found);
    }

    /** Axes of an input, -1 where free. */
    long[] inputShape(String name) {
        return shape(inputs, name);
    }

    /** Memory of a float32 input whose axes are all fixed. */
    long bytesOf(String input) {
        return Arrays.stream(inputShape(input)).reduce(Float.BYTES, (a, b) -> a * b);
    }

    /** Axes of an output, -1 where free. */
    long[] outputShape(String name) {
        return shape(outputs, name);
    }

    private static long[] shape(Map<String, NodeInfo> nodes, String name) {
        return ((TensorInfo) Objects.requireNonNull(nodes.get(name)).getInfo()).getShape();
    }

    String describeSignature() {
        return "inputs %s, outputs %s".formatted(describe(inputs.values()), describe(outputs.values()));
    }

    private static String describe(Collection<NodeInfo> nodes) {
        return String.join(
                ", ", nodes.stream().map(n -> n.getName() + " " + describe(n)).toList());
    }

    private static String describe(@Nullable NodeInfo node) {
        if (node == null) return "none";
        return node.getInfo() instanceof TensorInfo info ? name(info.type) + " " + shape(info.getShape()) : "no tensor";
    }

    private static String name(OnnxJavaType type) {
        return switch (type) {
            case FLOAT -> "float32";
            default -> type.name().toLowerCase(Locale.ROOT);
        };
    }

    private static String shape(long[] shape) {
        return Arrays.stream(shape)
                .mapToObj(axis ->
                        axis == FREE ? "N" : axis == ANY ? "any" : axis == FIXED ? "fixed" : Long.toString(axis))
                .collect(Collectors.joining(", ", "(", ")"));
    }

    /** A copy of the values outside the heap, where the runtime reads them without another. */
    static FloatBuffer directFloats(float[] values) {
        return directFloats(values.length).put(values).rewind();
    }

    /** Zeros outside the heap. */
    static FloatBuffer directFloats(int length) {
        return ByteBuffer.allocateDirect(length * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    /** The caller closes the tensor. */
    static OnnxTensor tensor(FloatBuffer direct, long... shape) throws OrtException {
        return OnnxTensor.createTensor(environment(), direct, shape);
    }

    /** The caller closes the result, and with it every tensor in it. */
    OrtSession.Result run(Map<String, OnnxTensor> inputs) {
        return NativeWork.during(() -> runNow(inputs));
    }

    private OrtSession.Result runNow(Map<String, OnnxTensor> inputs) {
        try {
            return session.run(inputs);
        } catch (OrtException e) {
            throw new InferenceException(file + " could not be run", e);
        }
    }

    /** A float32 output, copied to the heap. */
    static float[] floats(OrtSession.Result result, String output) {
        // getFloatBuffer copies into a heap buffer of its own.
        return ((OnnxTensor) result.get(output).orElseThrow()).getFloatBuffer().array();
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new InferenceException(file + " could not be closed", e);
        }
    }
}
