package org.medficientsam.segmenter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/** A committed bundle in another folder, where its files may be changed. */
public record BundleCopy(Path folder) {
    /** Manifest and graphs, in a folder of the bundle's name. */
    public static BundleCopy of(Path bundle, Path into) throws IOException {
        Path folder = Files.createDirectory(into.resolve(bundle.getFileName()));
        try (Stream<Path> files = Files.list(bundle)) {
            for (Path file : files.filter(f -> f.toString().matches(".*(\\.onnx|manifest\\.yaml)"))
                    .toList()) Files.copy(file, folder.resolve(file.getFileName()));
        }
        return new BundleCopy(folder);
    }

    public Path file(String name) {
        return folder.resolve(name);
    }

    public String manifest() throws IOException {
        return Files.readString(file("manifest.yaml"));
    }

    /** Exchanges words of the manifest, which must be there. */
    public void edit(String from, String to) throws IOException {
        assertThat(manifest()).contains(from);
        Files.writeString(file("manifest.yaml"), manifest().replace(from, to));
    }

    /** Adds the numbers that the rules steady need. */
    public void addPropagation() throws IOException {
        Files.writeString(file("manifest.yaml"), """
                propagation:
                  profile: {height: 0.88, exponent: 0.65, smallest: 0.1}
                  trust: 0.6
                  shape: {sides: 0.5, ends: 1.3}
                """, StandardOpenOption.APPEND);
    }
}
