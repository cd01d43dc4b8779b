package org.medficientsam.segmenter.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.medficientsam.segmenter.bundle.InvalidBundleException;
import org.medficientsam.segmenter.bundle.ModelManifest;
import org.medficientsam.segmenter.picture.ImageSlice;
import org.medficientsam.segmenter.picture.MinMaxScaling;

/** The three ways an encoder graph takes its picture. */
enum EncoderSignature {
    /** float32 (1, 3, S, S), scaled and padded: a bundle with a manifest. */
    PLANAR {
        @Override
        long[] shape(ImageSlice slice, int size) {
            return new long[] {1, 3, size, size};
        }

        @Override
        void fill(ImageSlice slice, MinMaxScaling scaling, int size, ByteBuffer memory) {
            FloatBuffer planes = memory.asFloatBuffer();
            float[] row = new float[size];
            for (int y = 0; y < slice.height(); y++)
                for (int channel = 0; channel < 3; channel++) {
                    if (channel < slice.channels()) scaling.scaleRow(slice, y, channel, row);
                    planes.put((channel * size + y) * size, row);
                }
            Arrays.fill(row, 0);
            for (int channel = 0; channel < 3; channel++)
                for (int y = slice.height(); y < size; y++) planes.put((channel * size + y) * size, row);
        }
    },
    /** float32 (S, S, 3), scaled and padded: the original project's export for its C++ program. */
    INTERLEAVED {
        @Override
        long[] shape(ImageSlice slice, int size) {
            return new long[] {size, size, 3};
        }

        @Override
        void fill(ImageSlice slice, MinMaxScaling scaling, int size, ByteBuffer memory) {
            FloatBuffer picture = memory.asFloatBuffer();
            float[] row = new float[3 * size];
            for (int y = 0; y < slice.height(); y++) {
                scaling.scaleInterleavedRow(slice, y, row);
                picture.put(y * row.length, row);
            }
            Arrays.fill(row, 0);
            for (int y = slice.height(); y < size; y++) picture.put(y * row.length, row);
        }
    },
    /** uint8 (H, W, 3) with int16 original_size: the original project's export that preprocesses in the graph. */
    RAW {
        @Override
        long[] shape(ImageSlice slice, int size) {
            return new long[] {slice.height(), slice.width(), 3};
        }

        @Override
        int bytes(ImageSlice slice, int size) {
            return Math.multiplyExact(slice.height() * slice.width(), 3);
        }

        @Override
        void fill(ImageSlice slice, MinMaxScaling scaling, int size, ByteBuffer memory) {
            if (slice.channels() == 3) memory.put(0, slice.pixels(), slice.offset(), slice.size());
            else
                for (int i = 0; i < slice.size(); i++)
                    for (int channel = 0; channel < 3; channel++)
                        memory.put(3 * i + channel, slice.pixels()[slice.offset() + i]);
        }

        @Override
        OnnxTensor tensor(ByteBuffer memory, long[] shape) throws OrtException {
            return OnnxTensor.createTensor(OnnxGraph.environment(), memory, shape, OnnxJavaType.UINT8);
        }

        @Override
        OnnxTensor originalSize(EncoderInput input) throws OrtException {
            ShortBuffer size = ByteBuffer.allocateDirect(2 * Short.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .asShortBuffer();
            size.put(0, (short) input.height()).put(1, (short) input.width());
            return OnnxTensor.createTensor(OnnxGraph.environment(), size, new long[] {2});
        }
    };

    static final String IMAGE = "image";
    static final String ORIGINAL_SIZE = "original_size";
    private static final String EMBEDDING = "image_embeddings";

    static EncoderSignature described(OnnxGraph graph, ModelManifest manifest) {
        graph.requireInputs(IMAGE);
        if (manifest.propagatorInputSize() == manifest.inputSize()) {
            graph.requireInput(IMAGE, OnnxJavaType.FLOAT, 1, 3, manifest.inputSize(), manifest.inputSize());
            graph.requireOutput(
                    EMBEDDING, OnnxJavaType.FLOAT, manifest.embedding().axes());
        } else {
            graph.requireInput(IMAGE, OnnxJavaType.FLOAT, 1, 3, OnnxGraph.FREE, OnnxGraph.FREE);
            long[] axes = new long[manifest.embedding().axes().length];
            Arrays.fill(axes, OnnxGraph.ANY);
            graph.requireOutput(EMBEDDING, OnnxJavaType.FLOAT, axes);
        }
        return PLANAR;
    }

    /** @throws InvalidBundleException if the graph has neither of the original project's signatures */
    static EncoderSignature original(OnnxGraph graph) {
        graph.requireOutput(EMBEDDING, OnnxJavaType.FLOAT, OnnxGraph.ANY, OnnxGraph.ANY, OnnxGraph.ANY, OnnxGraph.ANY);
        if (graph.hasInput(IMAGE, OnnxJavaType.FLOAT, OnnxGraph.FIXED, OnnxGraph.FIXED, 3)) {
            graph.requireInputs(IMAGE);
            long[] shape = graph.inputShape(IMAGE);
            if (shape[0] == shape[1]) return INTERLEAVED;
        } else if (graph.hasInput(IMAGE, OnnxJavaType.UINT8, OnnxGraph.FREE, OnnxGraph.FREE, 3)) {
            graph.requireInputs(IMAGE, ORIGINAL_SIZE);
            graph.requireInput(ORIGINAL_SIZE, OnnxJavaType.INT16, 2);
            return RAW;
        }
        throw new InvalidBundleException(
                "a bundle without manifest.yaml must have the original project's signatures, got "
                        + graph.describeSignature());
    }

    /** Side of the square picture; 0 where the graph does not tell. */
    int inputSize(OnnxGraph graph) {
        long[] shape = graph.inputShape(IMAGE);
        return this == RAW ? 0 : (int) shape[shape.length == 4 ? 2 : 0];
    }

    abstract long[] shape(ImageSlice slice, int size);

    int bytes(ImageSlice slice, int size) {
        return 3 * size * size * Float.BYTES;
    }

    abstract void fill(ImageSlice slice, MinMaxScaling scaling, int size, ByteBuffer memory);

    OnnxTensor tensor(ByteBuffer memory, long[] shape) throws OrtException {
        return OnnxTensor.createTensor(OnnxGraph.environment(), memory.asFloatBuffer(), shape);
    }

    @Nullable
    OnnxTensor originalSize(EncoderInput input) throws OrtException {
        return null;
    }
}
