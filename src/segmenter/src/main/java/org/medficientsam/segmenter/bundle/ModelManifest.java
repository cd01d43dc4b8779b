package org.medficientsam.segmenter.bundle;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code manifest.yaml} says of a bundle; {@code models/SCHEMA.md} is normative.
 *
 * @param id also the folder's name
 * @param architecture {@code nano}, {@code efficientvit-sam-l0}, ...
 * @param inputSize side of the square picture the encoder takes, pixels
 * @param maskSize side of the logits the decoder gives, pixels
 * @param precision {@code fp32} or {@code int8}
 * @param rules the rule set the weights are meant for
 * @param parameters learned parameters of the whole network
 * @param macs multiply-accumulates of encoder and decoder with one box
 * @param files the graphs, pinned
 * @param licence of the weights: an SPDX identifier, or a file in the bundle
 * @param scores measured numbers; free inside
 * @param propagation what the rules {@code steady} need to know of the weights; there if the bundle has a propagator or its rules are
 *     {@code steady}, and not otherwise
 */
public record ModelManifest(
        String id,
        String architecture,
        int inputSize,
        Embedding embedding,
        int maskSize,
        String precision,
        String rules,
        long parameters,
        long macs,
        List<BundleFile> files,
        String licence,
        Weights weights,
        Map<String, Object> scores,
        Optional<PropagationParameters> propagation) {

    static final String FILE_NAME = "manifest.yaml";
    static final int MAX_BYTES = 64 << 10;

    /** What the encoder hands to the decoder: {@code nchw} (1, C, h, w) or {@code tokens} (1, h*w, C), float32. */
    public record Embedding(String layout, List<Long> shape) {
        public long[] axes() {
            return shape.stream().mapToLong(Long::longValue).toArray();
        }

        /** The same for a picture whose side is {@code size / of} of the one it is for. */
        Embedding resized(long size, long of) {
            return layout.equals("nchw")
                    ? new Embedding(
                            layout, List.of(1L, shape.get(1), shape.get(2) * size / of, shape.get(3) * size / of))
                    : new Embedding(layout, List.of(1L, shape.get(1) * size * size / (of * of), shape.get(2)));
        }
    }

    /** One file of the bundle; sha256 in lower-case hexadecimal. */
    public record BundleFile(String name, String sha256, long bytes) {}

    /** Where the weights come from; {@code trainedOn} names data sets. */
    public record Weights(String origin, List<String> trainedOn) {}

    /**
     * Reads a manifest strictly: nothing missing, nothing unknown.
     *
     * @throws InvalidBundleException naming the first fault in the words of SCHEMA.md
     */
    public static ModelManifest parse(String yaml) {
        return ManifestReader.read(yaml);
    }

    /** @throws InvalidBundleException also if the file is missing, too long or not UTF-8 */
    static ModelManifest read(Path folder) {
        Path file = folder.resolve(FILE_NAME);
        try {
            if (!Files.isRegularFile(file)) throw new InvalidBundleException(FILE_NAME + " is missing");
            long bytes = Files.size(file);
            if (bytes > MAX_BYTES)
                throw new InvalidBundleException(
                        "manifest must be at most %d bytes, got %d".formatted(MAX_BYTES, bytes));
            return parse(Files.readString(file));
        } catch (CharacterCodingException e) {
            throw new InvalidBundleException("manifest is not valid YAML", e);
        } catch (IOException e) {
            throw new InvalidBundleException(FILE_NAME + " cannot be read", e);
        }
    }

    /** The size at which a propagator sees slices, pixels. */
    public int propagatorInputSize() {
        return propagation.map(p -> p.inputSize().orElse(inputSize)).orElse(inputSize);
    }

    /** Side of a propagator's logits, pixels. */
    public int propagatorMaskSize() {
        return (int) ((long) maskSize * propagatorInputSize() / inputSize);
    }

    /** What the encoder hands to a propagator. */
    public Embedding propagatorEmbedding() {
        return embedding.resized(propagatorInputSize(), inputSize);
    }

    boolean has(String name) {
        return files.stream().anyMatch(file -> file.name().equals(name));
    }

    /** The pinned file of that name. */
    BundleFile file(String name) {
        return files.stream()
                .filter(file -> file.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
