package org.medficientsam.imagefile;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.ImageArray;
import org.medficientsam.casefile.ImageCase;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.CaseNpz;
import org.medficientsam.casefile.npz.Npz;
import org.medficientsam.imagefile.dicom.DicomReader;
import org.medficientsam.imagefile.image.FileKind;
import org.medficientsam.imagefile.image.ImageForm;
import org.medficientsam.imagefile.image.InputFile;
import org.medficientsam.imagefile.image.RawImage;
import org.medficientsam.imagefile.image.ReadLimits;
import org.medficientsam.imagefile.image.VoxelGrid;
import org.medficientsam.imagefile.intensity.IntensityWindow;
import org.medficientsam.imagefile.metaimage.MetaImageReader;
import org.medficientsam.imagefile.metaimage.NrrdReader;
import org.medficientsam.imagefile.nifti.NiftiReader;
import org.medficientsam.imagefile.numpy.NumpyReader;
import org.medficientsam.imagefile.picture.PictureReader;

/** Reads any of the forms that this module knows. */
public final class ImageFiles {
    private ImageFiles() {}

    /**
     * What a file is, if it is any form that is read.
     *
     * @param path a file; a folder is none, though one of DICOM can be read
     */
    public static Optional<FileKind> kind(Path path) throws IOException {
        return Files.isRegularFile(path) ? FileKinds.of(InputFile.of(path)) : Optional.empty();
    }

    /**
     * Reads a file, or a folder as one DICOM series.
     *
     * @throws org.medficientsam.casefile.InvalidCaseException if it is none of the forms, damaged, or larger than the limits
     */
    public static MedicalImage read(Path path, ReadLimits limits) throws IOException {
        return read(path, limits, bytes -> {});
    }

    /** As {@link #read(Path, ReadLimits)}; of a file {@code read} hears, as it goes on, how many of its bytes have been read. */
    public static MedicalImage read(Path path, ReadLimits limits, LongConsumer read) throws IOException {
        if (!Files.isDirectory(path)) return read(InputFile.watched(path, read), limits);
        List<InputFile> files = new ArrayList<>();
        boolean nested;
        try (Stream<Path> all = Files.list(path)) {
            List<Path> entries = all.sorted().toList();
            for (Path file : entries) if (Files.isRegularFile(file)) files.add(InputFile.of(file));
            nested = entries.size() > files.size();
        }
        if (files.isEmpty() && nested)
            throw malformed(
                    "dicom", "a folder that holds the files of a series itself", "sub-folders alone; name one of them");
        return new MedicalImage(DicomReader.readSeries(files, limits), Optional.empty());
    }

    /**
     * Reads a file in memory.
     *
     * @param name its last name
     * @throws org.medficientsam.casefile.InvalidCaseException if it is none of the forms, damaged, or larger than the limits
     */
    public static MedicalImage read(byte[] bytes, String name, ReadLimits limits) throws IOException {
        return read(InputFile.of(bytes, name), limits);
    }

    /** As {@link #read(byte[], String, ReadLimits)}, wherever its bytes lie. */
    public static MedicalImage read(InputFile file, ReadLimits limits) throws IOException {
        FileKind kind = FileKinds.of(file)
                .orElseThrow(() -> malformed(
                        "file",
                        "NIfTI, DICOM, MetaImage, NRRD, npy, npz, PNG, JPEG, TIFF, BMP, GIF or WebP",
                        file.size() == 0 ? "an empty file" : "none of these"));
        return switch (kind) {
            case NIFTI -> plain(NiftiReader.read(file, limits));
            case DICOM -> plain(DicomReader.read(file, limits));
            case DICOM_ZIP -> plain(DicomReader.readSeries(ZipFiles.read(file, limits), limits));
            case PICTURE -> plain(PictureReader.read(file, limits));
            case NPY -> plain(NumpyReader.readNpy(file, limits));
            case NPZ -> {
                NumpyReader.NumpyImage read = NumpyReader.readNpz(file, limits);
                yield new MedicalImage(read.image(), read.boxes());
            }
            case METAIMAGE -> plain(MetaImageReader.read(file, limits));
            case NRRD -> plain(NrrdReader.read(file, limits));
        };
    }

    /**
     * Reads the files of one DICOM series, or the one file there is whatever it is.
     *
     * @throws org.medficientsam.casefile.InvalidCaseException if they are not one series, or larger than the limits
     */
    public static MedicalImage read(List<InputFile> files, ReadLimits limits) throws IOException {
        return files.size() == 1 ? read(files.get(0), limits) : plain(DicomReader.readSeries(files, limits));
    }

    /** What a file is, in a word: nifti, dicom, png, jpeg and so on; empty for what is not read. */
    public static Optional<String> form(InputFile file) throws IOException {
        Optional<FileKind> kind = FileKinds.of(file);
        return kind.isPresent() && kind.get() == FileKind.PICTURE
                ? PictureReader.format(file.start(PictureReader.startBytes()))
                : kind.map(FileKind::word);
    }

    private static MedicalImage plain(RawImage image) {
        return new MedicalImage(image, Optional.empty());
    }

    /**
     * Reads labels and the box around each.
     *
     * @throws org.medficientsam.casefile.InvalidCaseException if it cannot be read, or its values are no labels
     */
    public static LabelImage readLabels(Path path, ReadLimits limits) throws IOException {
        return LabelImage.of(read(path, limits).raw());
    }

    /**
     * Reads an npz as a case, where {@code imgs} may be of any type of numbers.
     *
     * @throws org.medficientsam.casefile.InvalidCaseException if it is not a valid case, or the window does not suit it
     */
    public static PreparedCase readCase(byte[] npz, IntensityWindow window, Limits limits) {
        return readCase(Npz.read(npz, limits, CaseNpz.arrays()), window, limits);
    }

    /** As {@link #readCase(byte[], IntensityWindow, Limits)}, of a file. */
    public static PreparedCase readCase(Path npz, IntensityWindow window, Limits limits) throws IOException {
        return readCase(Npz.read(npz, limits, CaseNpz.arrays()), window, limits);
    }

    /** As {@link #readCase(byte[], IntensityWindow, Limits)}, of a stream. */
    public static PreparedCase readCase(InputStream npz, IntensityWindow window, Limits limits) throws IOException {
        return readCase(Npz.read(npz, limits, CaseNpz.arrays()), window, limits);
    }

    private static ImageForm npzForm(CaseFile caseFile) {
        ImageArray image = caseFile.image();
        int[] sizes = {image.width(), image.height(), image.depth()};
        VoxelGrid grid = caseFile.spacing()
                .map(mm -> VoxelGrid.spaced(sizes, new double[] {mm.x(), mm.y(), mm.z()}))
                .orElseGet(() -> VoxelGrid.plain(sizes[0], sizes[1], sizes[2]));
        return new ImageForm(FileKind.NPZ, grid, caseFile instanceof ImageCase, Optional.empty());
    }

    /** As {@link #readCase(byte[], IntensityWindow, Limits)}, of arrays that were read already. */
    public static PreparedCase readCase(Npz npz, IntensityWindow window, Limits limits) {
        NpzWindow conversion = new NpzWindow(window, limits.maxArrayBytes());
        CaseFile read = CaseNpz.from(npz, limits, conversion);
        return new PreparedCase(read, conversion.applied(), npzForm(read), List.of());
    }
}
