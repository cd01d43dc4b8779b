package org.medficientsam.segmenter.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.Limits;
import org.medficientsam.imagefile.ImageFiles;
import org.medficientsam.imagefile.MedicalImage;
import org.medficientsam.imagefile.PreparedCase;
import org.medficientsam.imagefile.boxes.DrawnBoxes;
import org.medficientsam.imagefile.image.FileKind;
import org.medficientsam.imagefile.image.InputFile;
import org.medficientsam.imagefile.image.ReadLimits;
import org.medficientsam.imagefile.intensity.IntensityWindow;

/** Makes cases of files as the options say. */
record CaseReading(Optional<BoxOptions> boxes, boolean millimetres, IntensityWindow window) {
    /** A file that bears one of these is meant to be an image, even if its bytes are none. */
    private static final List<String> ENDINGS = List.of(
            ".npz", ".npy", ".nii", ".nii.gz", ".dcm", ".mha", ".nrrd", ".png", ".jpg", ".jpeg", ".tif", ".tiff",
            ".bmp", ".gif", ".webp");

    private static final byte[] APPLE_DOUBLE = {0, 5, 0x16, 7};

    /** What else somebody may have meant who named a file for a folder's answer. */
    static final String OF_A_SERIES = "; of a DICOM series, the input is the folder that holds its files itself";

    /**
     * A case of a file, or of a folder with a DICOM series.
     *
     * @param ofMany whether boxes are looked for by the file's name
     * @param read hears how many bytes of a file have been read, but for an npz with its boxes inside
     */
    PreparedCase read(Path file, boolean ofMany, LongConsumer read) throws IOException {
        boolean npz = ImageFiles.kind(file).map(FileKind.NPZ::equals).orElseGet(() -> CasePaths.name(file)
                .endsWith(".npz"));
        if (boxes.isEmpty() && npz) return ImageFiles.readCase(file, window, Limits.DEFAULT);
        MedicalImage image = ImageFiles.read(file, ReadLimits.LOCAL, read);
        return image.toCase(drawn(image, CasePaths.name(file), ofMany), window, Limits.LOCAL);
    }

    /** What tells on a result beside the file: the window and where the boxes come from. */
    String settings() throws IOException {
        String from = boxes.isEmpty() ? "of the case" : boxes.get().described();
        return "window %s; boxes %s%s".formatted(window.name(), from, millimetres ? " in mm" : "");
    }

    private DrawnBoxes drawn(MedicalImage image, String name, boolean ofMany) throws IOException {
        if (boxes.isEmpty())
            throw InvalidCaseException.invalidPrompt(
                    "boxes", "given by --box, --boxes, --boxes-from or --whole", "none");
        DrawnBoxes drawn = boxes.get().of(image, name, ofMany);
        return millimetres ? image.fromMillimetres(drawn) : drawn;
    }

    /** Whether a folder holds DICOM files, which may be the slices of one image. */
    static boolean isSeries(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList())
                if (ImageFiles.kind(file).filter(FileKind.DICOM::equals).isPresent()) return true;
        } catch (IOException e) {
            // A folder that cannot be listed is reported when its images are.
        }
        return false;
    }

    /** Whether an output is meant to be a file rather than a folder. */
    static boolean isNamedAsImage(Path output) {
        String name = CasePaths.name(output).toLowerCase(Locale.ROOT);
        return ENDINGS.stream().anyMatch(name::endsWith) || name.endsWith(".json") || name.endsWith(".geojson");
    }

    /** The images of a folder, in the order of their names. */
    static List<Path> images(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !Files.isDirectory(file))
                    .filter(CaseReading::isImage)
                    .filter(file -> !isAppleDouble(file))
                    .sorted()
                    .toList();
        }
    }

    private static boolean isImage(Path file) {
        String name = CasePaths.name(file).toLowerCase(Locale.ROOT);
        if (ENDINGS.stream().anyMatch(name::endsWith)) return true;
        try {
            return ImageFiles.kind(file).isPresent();
        } catch (IOException e) {
            // One that cannot be read is reported when its turn comes.
            return true;
        }
    }

    /** What macOS puts beside each file on a disk of others: its attributes, under its name. */
    private static boolean isAppleDouble(Path file) {
        if (!CasePaths.name(file).startsWith("._") || !Files.isRegularFile(file)) return false;
        try {
            return Arrays.equals(InputFile.of(file).start(APPLE_DOUBLE.length), APPLE_DOUBLE);
        } catch (IOException e) {
            return false;
        }
    }

    /** What answers are named after: files' names without their endings, but with them where two would be the same. */
    static Map<Path, String> stems(List<Path> files) {
        Map<String, Integer> alike = new HashMap<>();
        for (Path file : files) alike.merge(stem(CasePaths.name(file)).toLowerCase(Locale.ROOT), 1, Integer::sum);
        Map<Path, String> stems = new HashMap<>();
        for (Path file : files) {
            String stem = stem(CasePaths.name(file));
            stems.put(file, alike.getOrDefault(stem.toLowerCase(Locale.ROOT), 1) == 1 ? stem : CasePaths.name(file));
        }
        return stems;
    }

    /** A file's name without its ending. */
    static String stem(String name) {
        return InputFile.stem(name);
    }
}
