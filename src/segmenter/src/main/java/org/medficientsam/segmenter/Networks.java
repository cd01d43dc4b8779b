package org.medficientsam.segmenter;

import java.util.Optional;
import org.medficientsam.segmenter.onnx.ImageEncoder;
import org.medficientsam.segmenter.onnx.MaskDecoder;
import org.medficientsam.segmenter.onnx.MaskPropagator;

/**
 * The networks that one case runs through; they belong to the segmenter.
 *
 * @param propagator decodes in the decoder's place, where there is one
 */
record Networks(ImageEncoder encoder, MaskDecoder decoder, Optional<MaskPropagator> propagator) {
    /** Side of the network's square picture. */
    int inputSize() {
        if (propagator.isPresent()) return propagator.get().inputSize();
        // A graph that resizes by itself does not tell its size; its decoder's masks have it.
        return encoder.resizes() ? decoder.maskSize() : encoder.inputSize();
    }

    /** Side of the logits, pixels. */
    int maskSize() {
        return propagator.map(MaskPropagator::maskSize).orElseGet(decoder::maskSize);
    }

    /** Native memory of one slice's embedding. */
    long embeddingBytes() {
        return propagator.map(MaskPropagator::embeddingBytes).orElseGet(decoder::embeddingBytes);
    }
}
