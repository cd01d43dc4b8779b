package org.medficientsam.segmenter;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.ImageArray;
import org.medficientsam.casefile.LabelMap;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.CaseNpz;
import org.medficientsam.casefile.npz.LabelMapNpz;
import org.medficientsam.casefile.npz.NpyArray;
import org.medficientsam.casefile.npz.Npz;
import org.medficientsam.segmenter.bundle.ModelBundle;
import org.medficientsam.segmenter.mask.MaskPostprocessor;
import org.medficientsam.segmenter.onnx.EncoderInput;
import org.medficientsam.segmenter.onnx.ImageEmbedding;
import org.medficientsam.segmenter.onnx.ImageEncoder;
import org.medficientsam.segmenter.onnx.MaskDecoder;
import org.medficientsam.segmenter.onnx.MaskLogits;
import org.medficientsam.segmenter.picture.Frame;
import org.medficientsam.segmenter.picture.ImageSlice;
import org.medficientsam.segmenter.picture.Interpolation;
import org.medficientsam.segmenter.picture.PromptBox;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A warm 2D request at 1024 x 1024 x 3 with three boxes, as a whole and stage by stage, with the networks of the default
 * bundle; mask and resize also at the sizes of the larger networks. Run it with
 *
 * <pre>mvn -q -Pbenchmark -pl src/segmenter -am clean test -DskipTests</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class StageBenchmark {
    private static final Path BUNDLE = Scenes.ROOT.resolve("models/bundles/small-int8");
    private static final int SIDE = 1024;
    private static final int BOXES = 3;

    /** Side of the network's picture; its masks have half of it. */
    @Param({"512"})
    public int inputSize = 512;

    private final CaseFile caseFile = picture();
    private final byte[] npz = npz(caseFile);
    private final Segmenter segmenter = Segmenter.open(BUNDLE, SegmenterOptions.threads(2));
    private final ImageEncoder encoder = ImageEncoder.open(ModelBundle.open(BUNDLE), 2);
    private final MaskDecoder decoder = MaskDecoder.open(ModelBundle.open(BUNDLE), 1);
    private final LabelMap labels = segmenter.segment(caseFile).labels();
    private final ImageEmbedding embedding = encode();
    private Frame frame = new Frame(SIDE, SIDE, 512);
    private MaskLogits logits = MaskLogits.adopt(new float[1], 1, 0);

    @Setup
    public void prepare() {
        frame = new Frame(SIDE, SIDE, inputSize);
        int size = inputSize / 2;
        float[] hill = new float[size * size];
        for (int i = 0; i < hill.length; i++)
            hill[i] = (float) (0.2 * size - Math.hypot(i % size - 0.4 * size, i / size - 0.5 * size));
        logits = MaskLogits.adopt(hill, size, 0.9f);
    }

    @TearDown
    public void close() {
        embedding.close();
        segmenter.close();
        encoder.close();
        decoder.close();
    }

    private static CaseFile picture() {
        CaseFile discs = Scenes.discs(SIDE, SIDE, 3, 300, 300, 120, 700, 300, 90, 500, 700, 200);
        byte[] pixels = discs.image().data();
        Random random = new Random(1); // grain, as real pictures have it: it sets the cost of inflating
        for (int i = 0; i < pixels.length; i++) pixels[i] += (byte) random.nextInt(6);
        return discs;
    }

    private static byte[] npz(CaseFile caseFile) {
        ImageArray image = caseFile.image();
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("imgs", NpyArray.of(image.data(), image.height(), image.width(), image.channels()));
        arrays.put(
                "boxes",
                NpyArray.of(new double[] {180, 180, 420, 420, 610, 210, 790, 390, 300, 500, 700, 900}, BOXES, 4));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Npz.write(out, arrays);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private ImageSlice slice() {
        ImageArray image = caseFile.image();
        return ImageSlice.view(image.data(), 0, image.height(), image.width(), image.channels());
    }

    private ImageSlice scaled(int side) {
        return Interpolation.LINEAR.resize(slice(), side, side);
    }

    private ImageEmbedding encode() {
        try (EncoderInput input = encoder.prepare(scaled(encoder.inputSize()), encoder.inputSize())) {
            return encoder.encode(input);
        }
    }

    @Benchmark
    public CaseFile read() {
        return CaseNpz.read(npz, Limits.DEFAULT);
    }

    @Benchmark
    public ImageSlice resize() {
        return scaled(inputSize);
    }

    /** At the committed network's size. */
    @Benchmark
    public long resizeScaleAndPad() {
        try (EncoderInput input = encoder.prepare(scaled(encoder.inputSize()), encoder.inputSize())) {
            return input.hashCode();
        }
    }

    /** One box. */
    @Benchmark
    public boolean mask() {
        return new MaskPostprocessor(frame, logits.size()).toMask(logits).isEmpty();
    }

    @Benchmark
    public long write() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LabelMapNpz.write(labels, out);
        return out.size();
    }

    /** The encoder's run alone. */
    @Benchmark
    public long encodeRun() {
        try (ImageEmbedding encoded = encode()) {
            return encoded.bytes();
        }
    }

    /** The decoder's run alone, one box. */
    @Benchmark
    public float decodeRun() {
        return decoder.decode(embedding, new PromptBox(0.2f, 0.2f, 0.4f, 0.4f)).iou();
    }

    /** From npz bytes to npz bytes. */
    @Benchmark
    public long wholeRequest() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LabelMapNpz.write(segmenter.segment(CaseNpz.read(npz, Limits.DEFAULT)).labels(), out);
        return out.size();
    }
}
