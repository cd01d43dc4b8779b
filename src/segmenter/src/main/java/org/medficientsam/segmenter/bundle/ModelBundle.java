package org.medficientsam.segmenter.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.medficientsam.segmenter.bundle.ModelManifest.BundleFile;

/**
 * A folder with {@code encoder.onnx}, {@code decoder.onnx}, perhaps {@code propagator.onnx}, and the manifest that pins them by
 * size and SHA-256. A folder with the two graphs as the original project exports them needs no manifest; nothing can be
 * verified of it then but its signatures.
 */
public final class ModelBundle {
    static final String ENCODER = "encoder.onnx";
    static final String DECODER = "decoder.onnx";
    static final String PROPAGATOR = "propagator.onnx";

    private final Path folder;
    private final Optional<ModelManifest> manifest;
    private final String id;
    private final Map<String, String> hashes; // of each graph
    private final FileCheck check;

    private ModelBundle(Path folder, Optional<ModelManifest> manifest, Map<String, String> hashes, FileCheck check) {
        this.folder = folder;
        this.manifest = manifest;
        this.id = manifest.map(ModelManifest::id).orElse(folder.getFileName().toString());
        this.hashes = Map.copyOf(hashes);
        this.check = check;
    }

    /** As {@link #open(Path, FileCheck)} with {@link FileCheck#HASHES}. */
    public static ModelBundle open(Path folder) {
        return open(folder, FileCheck.HASHES);
    }

    /**
     * Reads the manifest and checks the files against it. Signatures are checked when the graphs are opened.
     *
     * @param check what is compared with the manifest; files without one are hashed in any case
     * @throws InvalidBundleException if something is missing or not what the manifest says
     */
    public static ModelBundle open(Path folder, FileCheck check) {
        Path absolute = folder.toAbsolutePath().normalize();
        if (!Files.isDirectory(absolute)) throw new InvalidBundleException("bundle must be a folder, found none");
        try {
            return Files.exists(absolute.resolve(ModelManifest.FILE_NAME))
                    ? pinned(absolute, check)
                    : unpinned(absolute);
        } catch (IOException e) {
            throw new InvalidBundleException("bundle cannot be read", e);
        }
    }

    private static ModelBundle pinned(Path folder, FileCheck check) throws IOException {
        ModelManifest manifest = ModelManifest.read(folder);
        if (!manifest.id().equals(String.valueOf(folder.getFileName())))
            throw new InvalidBundleException(
                    "id must be the folder's name %s, got %s".formatted(folder.getFileName(), manifest.id()));
        for (BundleFile file : manifest.files()) {
            checkSize(folder, file);
            if (check == FileCheck.HASHES) checkHash(folder, file);
        }
        Map<String, String> hashes =
                manifest.files().stream().collect(Collectors.toMap(BundleFile::name, BundleFile::sha256));
        return new ModelBundle(folder, Optional.of(manifest), hashes, check);
    }

    private static ModelBundle unpinned(Path folder) throws IOException {
        Map<String, String> hashes = new HashMap<>();
        for (String name : List.of(ENCODER, DECODER)) {
            if (!Files.isRegularFile(folder.resolve(name))) throw new InvalidBundleException(name + " is missing");
            hashes.put(name, hash(folder.resolve(name)));
        }
        return new ModelBundle(folder, Optional.empty(), hashes, FileCheck.HASHES);
    }

    private static void checkSize(Path folder, BundleFile file) throws IOException {
        Path path = folder.resolve(file.name());
        if (!Files.isRegularFile(path)) throw new InvalidBundleException(file.name() + " is missing");
        if (Files.size(path) != file.bytes())
            throw new InvalidBundleException(
                    "%s must have %d bytes, got %d".formatted(file.name(), file.bytes(), Files.size(path)));
    }

    private static void checkHash(Path folder, BundleFile file) throws IOException {
        String found = hash(folder.resolve(file.name()));
        if (!found.equals(file.sha256()))
            throw new InvalidBundleException(
                    "%s must have sha256 %s, got %s".formatted(file.name(), file.sha256(), found));
    }

    private static String hash(Path file) throws IOException {
        MessageDigest digest = newSha256();
        byte[] chunk = new byte[1 << 16];
        try (InputStream stream = Files.newInputStream(file)) {
            for (int read = stream.read(chunk); read >= 0; read = stream.read(chunk)) digest.update(chunk, 0, read);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Compares the hash of one of its graphs with the manifest, if that is still to be done.
     *
     * @throws InvalidBundleException if the file is not what the manifest says
     */
    public void verify(Path graph) {
        if (check != FileCheck.HASHES_WHILE_LOADING) return;
        for (BundleFile file : manifest.map(ModelManifest::files).orElse(List.of()))
            if (folder.resolve(file.name()).equals(graph))
                try {
                    checkHash(folder, file);
                } catch (IOException e) {
                    throw new InvalidBundleException(file.name() + " cannot be read", e);
                }
    }

    /** Whether its files are taken to be what the manifest says because somebody compared them before. */
    public boolean isKnown() {
        return check == FileCheck.SIZES;
    }

    /** Of one of its graphs, as the manifest says. */
    public String sha256(Path graph) {
        return Objects.requireNonNull(hashes.get(String.valueOf(graph.getFileName())));
    }

    /** As in the manifest, or the folder's name. */
    public String id() {
        return id;
    }

    /** Empty for files as the original project exports them. */
    public Optional<ModelManifest> manifest() {
        return manifest;
    }

    /** Of all graphs: what {@code sha256sum encoder.onnx decoder.onnx [propagator.onnx] | sha256sum} prints. */
    public String sha256() {
        String lines = Stream.of(ENCODER, DECODER, PROPAGATOR)
                .filter(hashes::containsKey)
                .map(name -> hashes.get(name) + "  " + name + "\n")
                .collect(Collectors.joining());
        return HexFormat.of().formatHex(newSha256().digest(lines.getBytes(StandardCharsets.US_ASCII)));
    }

    /** Where the encoder's graph lies. */
    public Path encoder() {
        return folder.resolve(ENCODER);
    }

    /** Where the decoder's graph lies. */
    public Path decoder() {
        return folder.resolve(DECODER);
    }

    /** Whether the bundle has a decoder of its own for volumes. */
    public boolean hasPropagator() {
        return manifest.filter(m -> m.has(PROPAGATOR)).isPresent();
    }

    /**
     * Where the graph of the decoder of its own for volumes lies.
     *
     * @throws InvalidBundleException if it has none
     */
    public Path propagator() {
        if (!hasPropagator()) throw new InvalidBundleException(PROPAGATOR + " is not part of the bundle");
        return folder.resolve(PROPAGATOR);
    }
}
