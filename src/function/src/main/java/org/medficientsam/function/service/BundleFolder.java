package org.medficientsam.function.service;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.medficientsam.segmenter.bundle.BundlePlaces;

/** The folder whose sub-folders are bundles. */
@ApplicationScoped
public class BundleFolder {
    private final Path folder;

    @Inject
    BundleFolder(FunctionConfig config) {
        this(config.bundles().orElseGet(BundleFolder::find));
    }

    BundleFolder(Path folder) {
        this.folder = folder;
    }

    /** Where bundles lie when no setting says so: beside the program, in the working directory. */
    public static Path find() {
        return BundlePlaces.of(Optional.empty(), "medficientsam.bundles", Map.of(), BundleFolder.class)
                .folder();
    }

    /** Ids of the bundles that are there, sorted. */
    public List<String> ids() {
        try (Stream<Path> folders = Files.list(folder)) {
            return folders.filter(bundle -> Files.isRegularFile(bundle.resolve("encoder.onnx")))
                    .map(bundle -> bundle.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "medficientsam.bundles must be a folder of bundles, as models/bundles beside the jar or in the working directory is, got "
                            + this,
                    e);
        }
    }

    /**
     * The bundle of that id. Only names that are listed are looked up, so an id cannot lead out of the folder.
     *
     * @throws ProblemException {@link Problem#UNKNOWN_MODEL}
     */
    public Path resolve(String id) {
        List<String> ids = ids();
        if (!ids.contains(id)) {
            throw new ProblemException(
                    Problem.UNKNOWN_MODEL,
                    "model must be one of %s, got %s".formatted(ids, ProblemException.excerpt(id)));
        }
        return folder.resolve(id);
    }

    @Override
    public String toString() {
        return folder.toAbsolutePath().normalize().toString();
    }
}
