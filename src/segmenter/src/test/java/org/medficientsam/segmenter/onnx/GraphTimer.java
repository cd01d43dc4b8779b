package org.medficientsam.segmenter.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Times graphs against each other in turns, one run of each per round, so that whatever else the machine does falls on all of
 * them alike. One box, one image, values from a fixed seed.
 */
final class GraphTimer implements AutoCloseable {
    private static final int MIN_ROUNDS = 3;
    private static final int MAX_ROUNDS = 25;
    private static final long BUDGET_NANOS = 30_000_000_000L;

    private final List<OrtSession> sessions = new ArrayList<>();
    private final List<Map<String, OnnxTensor>> inputs = new ArrayList<>();

    GraphTimer(List<Path> graphs, int threads) throws OrtException {
        OrtEnvironment environment = OnnxGraph.environment();
        for (Path graph : graphs) {
            try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
                options.setIntraOpNumThreads(threads);
                options.setInterOpNumThreads(1);
                OrtSession session = environment.createSession(graph.toString(), options);
                sessions.add(session);
                inputs.add(inputsOf(session, environment));
            }
        }
    }

    /** Milliseconds of one run of each graph: the median over the rounds, after one round that does not count. */
    double[] medians() throws OrtException {
        List<List<Double>> times = new ArrayList<>();
        for (int i = 0; i < sessions.size(); i++) {
            run(i);
            times.add(new ArrayList<>());
        }
        long start = System.nanoTime();
        for (int round = 0; round < MAX_ROUNDS; round++) {
            if (round >= MIN_ROUNDS && System.nanoTime() - start > BUDGET_NANOS) break;
            for (int i = 0; i < sessions.size(); i++) {
                long before = System.nanoTime();
                run(i);
                times.get(i).add((System.nanoTime() - before) / 1e6);
            }
        }
        return times.stream().mapToDouble(GraphTimer::median).toArray();
    }

    private void run(int i) throws OrtException {
        sessions.get(i).run(inputs.get(i)).close();
    }

    private static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    private static Map<String, OnnxTensor> inputsOf(OrtSession session, OrtEnvironment environment)
            throws OrtException {
        Map<String, OnnxTensor> inputs = new HashMap<>();
        Random random = new Random(1);
        for (var input : session.getInputInfo().entrySet()) {
            long[] shape = ((TensorInfo) input.getValue().getInfo()).getShape().clone();
            for (int axis = 0; axis < shape.length; axis++) if (shape[axis] < 0) shape[axis] = 1;
            int size = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
            FloatBuffer values = ByteBuffer.allocateDirect(size * Float.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
            if (input.getKey().equals("boxes")) values.put(new float[] {0.2f, 0.3f, 0.6f, 0.7f});
            while (values.hasRemaining()) values.put(random.nextFloat());
            inputs.put(input.getKey(), OnnxTensor.createTensor(environment, values.rewind(), shape));
        }
        return inputs;
    }

    @Override
    public void close() throws OrtException {
        for (var tensors : inputs) tensors.values().forEach(OnnxTensor::close);
        for (OrtSession session : sessions) session.close();
    }

    /** Runs one graph twice and prints this process's peak memory in bytes: the child of {@link GraphBenchmark}. */
    public static void main(String[] arguments) throws OrtException {
        try (GraphTimer timer = new GraphTimer(List.of(Path.of(arguments[0])), 1)) {
            timer.run(0);
            timer.run(0);
            System.out.println(org.medficientsam.segmenter.PeakRss.bytes().orElseThrow());
        }
    }
}
