package org.medficientsam.segmenter.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.imagefile.ImageFiles;
import org.medficientsam.imagefile.LabelImage;
import org.medficientsam.imagefile.MedicalImage;
import org.medficientsam.imagefile.boxes.BoxFile;
import org.medficientsam.imagefile.boxes.DrawnBoxes;
import org.medficientsam.imagefile.image.InputFile;
import org.medficientsam.imagefile.image.ReadLimits;
import org.medficientsam.imagefile.image.VoxelGrid;
import picocli.CommandLine.Option;

/** Where boxes come from, if not from the case itself: one of these. */
final class BoxOptions {
    @Option(
            names = "--box",
            paramLabel = "NUMBERS",
            description =
                    "x_min,y_min,x_max,y_max or x_min,y_min,z_min,x_max,y_max,z_max in voxels of the file, ends inclusive;"
                            + " repeat it for more.")
    private List<String> typed = new ArrayList<>();

    @Option(
            names = "--boxes",
            paramLabel = "FILE",
            description = "A table (.csv, a box a line, with or without the image's name), JSON or COCO.")
    private @Nullable Path file;

    @Option(
            names = "--boxes-from",
            paramLabel = "LABELS",
            description =
                    "The tight box of each label of another image on the same grid; for a folder a folder of them.")
    private @Nullable Path labels;

    @Option(names = "--whole", description = "One box, around all of the image.")
    private boolean whole;

    /** What is named and not there, in words for who named it. */
    Optional<String> missing() {
        if (file != null && (!Files.exists(file) || Files.isDirectory(file)))
            return Optional.of("boxes must be in a file, got " + found(file));
        if (labels != null && !Files.exists(labels)) return Optional.of("labels must be there, got " + found(labels));
        return Optional.empty();
    }

    private static String found(Path path) {
        return CasePaths.shown(path.toString()) + (Files.exists(path) ? ", a folder" : ", which does not exist");
    }

    /** The boxes of an image that is stored as {@code name}. */
    DrawnBoxes of(MedicalImage image, String name, boolean folder) throws IOException {
        if (whole) return image.whole();
        if (file != null) return BoxFile.read(InputFile.of(file), name);
        if (labels != null) return fromLabels(image, folder ? beside(labels, name) : labels);
        return DrawnBoxes.of(typed.stream().map(DrawnBoxes::parse).toList());
    }

    /** The same only where the boxes are: what was typed, or a file and its check sum, or a folder and that of its files' names and sizes. */
    String described() throws IOException {
        if (whole) return "whole";
        CRC32 sum = new CRC32();
        if (file != null) {
            sum.update(Files.readAllBytes(file));
            return "in %s, %08x".formatted(CasePaths.name(file), sum.getValue());
        }
        if (labels == null) return String.join(" ", typed);
        if (Files.isDirectory(labels))
            for (Path each : CaseReading.images(labels))
                sum.update("%s %d\n"
                        .formatted(CasePaths.name(each), Files.size(each))
                        .getBytes(StandardCharsets.UTF_8));
        else sum.update(Files.readAllBytes(labels));
        return "from %s, %08x".formatted(CasePaths.name(labels), sum.getValue());
    }

    private static DrawnBoxes fromLabels(MedicalImage image, Path labels) throws IOException {
        LabelImage read = ImageFiles.readLabels(labels, ReadLimits.LOCAL);
        VoxelGrid expected = image.raw().grid();
        VoxelGrid found = read.form().grid();
        if (!expected.toString().equals(found.toString()))
            throw InvalidCaseException.malformed("labels", expected + " as the image", found.toString());
        if (!expected.coincides(found))
            throw InvalidCaseException.malformed(
                    "labels",
                    "voxel for voxel where the image is (resample them to its grid)",
                    "others up to %.1f mm away".formatted(expected.apart(found)));
        return read.boxes();
    }

    /** The labels of the same name, without ending, nnU-Net's {@code _0000} or a {@code _mask}. */
    private static Path beside(Path folder, String name) throws IOException {
        Path same = folder.resolve(name);
        if (Files.isRegularFile(same)) return same;
        // Beside an image there may be what is said of it, such as a .json.
        List<Path> found = CaseReading.images(folder).stream()
                .filter(each -> stem(CasePaths.name(each)).equals(stem(name)))
                .toList();
        if (found.size() != 1)
            throw InvalidCaseException.malformed(
                    "labels",
                    "in one file named as the image",
                    found.isEmpty() ? "none" : "%d".formatted(found.size()));
        return found.get(0);
    }

    private static String stem(String name) {
        return CaseReading.stem(name).replaceFirst("_0000$|_mask$", "");
    }
}
