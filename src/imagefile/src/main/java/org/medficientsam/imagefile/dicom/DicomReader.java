package org.medficientsam.imagefile.dicom;

import static org.medficientsam.casefile.InvalidCaseException.malformed;
import static org.medficientsam.casefile.InvalidCaseException.tooLarge;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.medficientsam.imagefile.image.DeclaredSize;
import org.medficientsam.imagefile.image.FileKind;
import org.medficientsam.imagefile.image.InputFile;
import org.medficientsam.imagefile.image.RawImage;
import org.medficientsam.imagefile.image.ReadLimits;
import org.medficientsam.imagefile.image.Rescale;
import org.medficientsam.imagefile.image.Voxels;

/**
 * Reads a file, or the files of one series.
 * <ul>
 *   <li>Files that are not DICOM or hold no pixels (DICOMDIR, reports, contours) are passed over.</li>
 *   <li>Slices are sorted by where they lie, never by name; where none has a position by instance number, which is told.</li>
 *   <li>Refused: several series, several slices at one position, uneven distances, slices pushed aside, several orientations, pixel
 *       spacings, sizes or types, an order that nothing tells, several segments.</li>
 * </ul>
 */
public final class DicomReader {
    private static final String FIELD = "dicom";

    /** A file of the series, its pixels decoded. */
    private record Part(DicomDataset dataset, DicomPixels pixels, List<Frame> frames) {
        int instance() {
            return number().map(Double::intValue).orElse(0);
        }

        Optional<Double> number() {
            return dataset.decimal(Tag.INSTANCE_NUMBER);
        }

        boolean isPlaced() {
            return frames.get(0).isPlaced();
        }
    }

    private DicomReader() {}

    /** Whether a file begins as DICOM does. */
    public static boolean recognises(byte[] start) {
        return DicomFile.begins(start);
    }

    /** Whether a file bears DICOM's own mark, behind a preamble that may begin as another file does. */
    public static boolean isMarked(byte[] start) {
        return DicomFile.isMarked(start);
    }

    /** How many bytes {@link #recognises} wants to see. */
    public static int startBytes() {
        return DicomFile.START_BYTES;
    }

    /**
     * Reads one file.
     *
     * @throws org.medficientsam.casefile.InvalidCaseException if it is not an image, or larger than the limits
     */
    public static RawImage read(InputFile file, ReadLimits limits) throws IOException {
        return assemble(List.of(part(DicomFile.parse(file.bytes(limits), limits), limits)), limits);
    }

    /**
     * Reads a series.
     *
     * @throws org.medficientsam.casefile.InvalidCaseException if they are not one series, or larger than the limits
     */
    public static RawImage readSeries(Iterable<InputFile> files, ReadLimits limits) throws IOException {
        Map<String, List<Part>> series = new LinkedHashMap<>();
        int count = 0;
        long bytes = 0;
        for (InputFile file : files) {
            if (++count > limits.maxFiles())
                throw tooLarge(FIELD, "at most %d files".formatted(limits.maxFiles()), "more");
            if (!recognises(file.start(startBytes()))) continue;
            bytes += file.size();
            if (bytes > limits.maxFileBytes())
                throw tooLarge(FIELD, "at most %d bytes".formatted(limits.maxFileBytes()), "more");
            DicomFile parsed = DicomFile.parse(file.bytes(limits), limits);
            if (!parsed.hasPixels()) continue;
            Part part = part(parsed, limits);
            series.computeIfAbsent(part.dataset().text(Tag.SERIES).orElse(""), uid -> new ArrayList<>())
                    .add(part);
        }
        if (series.isEmpty()) throw malformed(FIELD, "a folder or zip with DICOM images", "none");
        if (series.size() > 1)
            throw malformed(
                    FIELD,
                    "one series",
                    "%d, of %s files"
                            .formatted(
                                    series.size(),
                                    series.values().stream()
                                            .map(parts -> Integer.toString(parts.size()))
                                            .collect(Collectors.joining(", "))));
        List<Part> parts = series.values().iterator().next();
        if (parts.size() > 1) checkOrder(parts);
        // Where positions do not tell, numbers do.
        parts.sort(Comparator.comparingInt(Part::instance));
        return assemble(parts, limits);
    }

    private static void checkOrder(List<Part> parts) {
        long placed = parts.stream().filter(Part::isPlaced).count();
        if (placed > 0 && placed < parts.size())
            throw malformed(
                    FIELD, "slices that all say where they lie", "%d of %d that do".formatted(placed, parts.size()));
        long numbers = parts.stream()
                .flatMap(part -> part.number().stream())
                .distinct()
                .count();
        if (placed == 0 && numbers < parts.size())
            throw malformed(
                    FIELD,
                    "slices with a position, or each with an instance number of its own",
                    "%d numbers for %d slices".formatted(numbers, parts.size()));
    }

    private static Part part(DicomFile file, ReadLimits limits) throws IOException {
        if (!file.hasPixels()) throw malformed(FIELD, "an image", "no pixels");
        int segments = file.dataset().items(Tag.SEGMENTS).size();
        // Frames of several say in their groups alone whose they are.
        if (segments > 1) throw malformed(FIELD, "of one segment", segments + "; take out one");
        DicomFile plain = file.isNative() || file.isRle() ? file : CompressedPixels.decode(file, limits);
        DicomDataset dataset = plain.dataset();
        DicomPixels pixels = DicomPixels.of(plain, limits);
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < pixels.frames(); i++) frames.add(Frame.of(dataset, i));
        return new Part(dataset, pixels, frames);
    }

    private static RawImage assemble(List<Part> parts, ReadLimits limits) {
        DicomPixels first = parts.get(0).pixels();
        List<Frame> frames =
                parts.stream().flatMap(part -> part.frames().stream()).toList();
        for (Part part : parts) {
            DicomPixels other = part.pixels();
            if (other.rows() != first.rows()
                    || other.columns() != first.columns()
                    || other.channels() != first.channels()
                    || other.type() != first.type()
                    || other.order() != first.order()
                    || other.inverted() != first.inverted())
                throw malformed(FIELD, "slices of one size and type", "several");
        }
        FrameStack stack = FrameStack.of(frames);
        Voxels voxels = voxels(parts, stack, limits);
        double[] slopes = new double[frames.size()];
        double[] intercepts = new double[frames.size()];
        for (int k = 0; k < slopes.length; k++) {
            slopes[k] = frames.get(stack.frame(k)).slope();
            intercepts[k] = frames.get(stack.frame(k)).intercept();
        }
        if (parts.stream().anyMatch(part -> part.dataset().has(Tag.MODALITY_LUTS)))
            throw malformed(FIELD, "of values by slope and intercept", "a modality lookup table");
        boolean grey = first.channels() == 1;
        RawImage.Builder image = RawImage.of(
                        FileKind.DICOM, stack.grid(first.columns(), first.rows()), first.channels(), voxels)
                .rescale(grey ? Rescale.perSlice(slopes, intercepts) : Rescale.NONE)
                .inverted(first.inverted())
                .modality(parts.get(0).dataset().text(Tag.MODALITY))
                .window(frames.get(stack.frame(stack.count() / 2)).window());
        if (parts.size() > 1 && !parts.get(0).isPlaced())
            image.note("its slices have no position and follow their instance numbers");
        return image.build();
    }

    /** One file in order is left where it lies; else frames are copied one behind the other. */
    private static Voxels voxels(List<Part> parts, FrameStack stack, ReadLimits limits) {
        DicomPixels first = parts.get(0).pixels();
        int frameBytes = first.frameBytes();
        int frameNumbers = frameBytes / first.type().bytes();
        int bytes = DeclaredSize.bytes(FIELD, limits.maxVoxelBytes(), 1, stack.count(), frameBytes);
        int numbers = bytes / first.type().bytes();
        boolean inOrder = parts.size() == 1;
        for (int k = 0; k < stack.count() && inOrder; k++) inOrder = stack.frame(k) == k;
        if (inOrder)
            return Voxels.adopt(
                    first.type(), first.order(), first.bytes(), first.offset(), frameNumbers * stack.count());
        int[] slice = new int[stack.count()]; // of a frame
        for (int k = 0; k < stack.count(); k++) slice[stack.frame(k)] = k;
        byte[] all = new byte[bytes];
        int frame = 0;
        for (Part part : parts) {
            DicomPixels pixels = part.pixels();
            for (int i = 0; i < pixels.frames(); i++)
                System.arraycopy(
                        pixels.bytes(), pixels.offset() + i * frameBytes, all, slice[frame++] * frameBytes, frameBytes);
        }
        return Voxels.adopt(first.type(), first.order(), all, 0, numbers);
    }
}
