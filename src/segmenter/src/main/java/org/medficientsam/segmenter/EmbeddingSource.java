package org.medficientsam.segmenter;

import java.util.Optional;
import java.util.function.Supplier;
import org.medficientsam.segmenter.KeptEmbeddings.Key;
import org.medficientsam.segmenter.onnx.EmbeddingValues;
import org.medficientsam.segmenter.onnx.ImageEmbedding;
import org.medficientsam.segmenter.onnx.ImageEncoder;

/**
 * Where a run's embeddings come from: from an earlier run, if they are kept, else from the encoder.
 *
 * @param bundle hash of the bundle
 * @param volume whether slices of a volume are encoded
 */
record EmbeddingSource(
        String bundle, Rules rules, ImageEncoder encoder, boolean volume, Optional<KeptEmbeddings> kept) {
    /** @param encode makes the embedding of that view of slice {@code z} */
    ImageEmbedding get(int z, View view, Supplier<ImageEmbedding> encode) {
        if (kept.isEmpty()) return encode.get();
        Key key = new Key(bundle, rules.interpolation(), view.frame().inputSize(), volume, z, view.window());
        if (volume) return make(kept.get(), key, encode); // many at once, and few asked for twice
        kept.get().begin(key);
        try {
            return make(kept.get(), key, encode);
        } finally {
            kept.get().end(key);
        }
    }

    private ImageEmbedding make(KeptEmbeddings kept, Key key, Supplier<ImageEmbedding> encode) {
        Optional<EmbeddingValues> earlier = kept.find(key);
        if (earlier.isPresent()) return encoder.restore(earlier.get());
        ImageEmbedding embedding = encode.get();
        try {
            kept.put(key, embedding.copy());
        } catch (RuntimeException | Error e) {
            embedding.close();
            throw e;
        }
        return embedding;
    }
}
