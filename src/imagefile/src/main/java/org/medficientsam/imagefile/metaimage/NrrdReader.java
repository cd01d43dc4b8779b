package org.medficientsam.imagefile.metaimage;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.medficientsam.imagefile.image.Affine;
import org.medficientsam.imagefile.image.DeclaredSize;
import org.medficientsam.imagefile.image.FileKind;
import org.medficientsam.imagefile.image.InputFile;
import org.medficientsam.imagefile.image.NumberType;
import org.medficientsam.imagefile.image.RawImage;
import org.medficientsam.imagefile.image.ReadLimits;
import org.medficientsam.imagefile.image.VoxelGrid;
import org.medficientsam.imagefile.image.Voxels;

/** Reads .nrrd of two or three axes of space, and before them one of three colours; raw or gzip. */
public final class NrrdReader {
    private static final String FIELD = "nrrd";

    /** Kinds of axes that are of space, or that nobody can tell from one; an empty one where none is given. */
    private static final Set<String> SPACE_KINDS = Set.of("", "domain", "space", "time", "???", "none");

    private static final Set<String> COLOUR_KINDS = Set.of("rgb-color", "3-color", "vector", "3-vector", "list");
    private static final Pattern DIRECTION = Pattern.compile("none|\\([^)]*\\)");

    private NrrdReader() {}

    /**
     * Reads it.
     *
     * @throws org.medficientsam.casefile.InvalidCaseException if it is no such image, names another file, or is larger than the limits
     */
    public static RawImage read(InputFile file, ReadLimits limits) throws IOException {
        try (InputStream in = new BufferedInputStream(file.open(), 1 << 16)) {
            HeaderLines header = HeaderLines.nrrd(in);
            if (header.namesAnotherFile())
                throw malformed(FIELD, "one file of header and voxels", "the name of another file");
            int[] sizes = header.sizes("sizes");
            double[] dimension = header.numbers("dimension");
            if (dimension.length > 0 && dimension[0] != sizes.length)
                throw malformed(FIELD, "with as many sizes as its dimension", Integer.toString(sizes.length));
            int colours = colourAxes(header, sizes);
            int axes = sizes.length - colours;
            if (axes != 2 && axes != 3)
                throw malformed(FIELD, "of two or three axes, colours aside", Integer.toString(axes));
            int[] three = {sizes[colours], sizes[colours + 1], axes == 3 ? sizes[colours + 2] : 1};
            int channels = colours == 1 ? sizes[0] : 1;
            NumberType type = type(header.required("type"));
            int bytes = DeclaredSize.bytes(
                    FIELD, limits.maxVoxelBytes(), type.bytes(), three[0], three[1], three[2], channels);
            byte[] numbers = encoding(header).read(in, FIELD, bytes, file.size());
            boolean big = type.bytes() > 1 && header.required("endian").equalsIgnoreCase("big");
            Voxels voxels = Voxels.adopt(
                    type, big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN, numbers, 0, bytes / type.bytes());
            VoxelGrid grid = affine(header, axes)
                    .map(affine -> VoxelGrid.thickest(three, affine))
                    .orElseGet(() -> VoxelGrid.plain(three[0], three[1], three[2]));
            return RawImage.of(FileKind.NRRD, grid, channels, voxels)
                    .flat(axes == 2)
                    .build();
        }
    }

    /**
     * 1 if the first axis is one of three colours: it is named so, or it has no direction in space; 0 if all axes are of space.
     *
     * @throws org.medficientsam.casefile.InvalidCaseException if another axis, or one of other numbers, is not of space
     */
    private static int colourAxes(HeaderLines header, int... sizes) {
        String[] kinds = header.text("kinds").orElse("").split("\\s+");
        List<String> directions = DIRECTION
                .matcher(header.text("space directions").orElse(""))
                .results()
                .map(MatchResult::group)
                .toList();
        int colours = 0;
        for (int axis = 0; axis < sizes.length; axis++) {
            String kind = axis < kinds.length ? kinds[axis].toLowerCase(Locale.ROOT) : "";
            boolean none = axis < directions.size() && directions.get(axis).equals("none");
            boolean ofSpace = SPACE_KINDS.contains(kind);
            if (ofSpace && !none) continue;
            if (axis > 0 || sizes[0] != 3 || !(ofSpace || COLOUR_KINDS.contains(kind)))
                throw malformed(
                        FIELD,
                        "of one number per voxel, or of three colours as its first axis",
                        "%d along axis %d%s"
                                .formatted(
                                        sizes[axis],
                                        axis + 1,
                                        ofSpace ? ", which has no direction" : " of kind " + HeaderLines.plain(kind)));
            colours = 1;
        }
        return colours;
    }

    private static InlineVoxels encoding(HeaderLines header) {
        for (String skip : List.of("line skip", "byte skip")) {
            double[] skipped = header.numbersOf(skip, skip.replace(" ", ""));
            if (skipped.length > 0 && skipped[0] != 0) throw malformed(FIELD, "without " + skip, "some");
        }
        return switch (header.required("encoding").toLowerCase(Locale.ROOT)) {
            case "raw" -> InlineVoxels.RAW;
            case "gzip", "gz" -> InlineVoxels.GZIP;
            default ->
                throw malformed(FIELD, "of encoding raw or gzip", HeaderLines.plain(header.required("encoding")));
        };
    }

    private static NumberType type(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "uchar", "unsigned char", "uint8", "uint8_t" -> NumberType.UINT8;
            case "signed char", "int8", "int8_t" -> NumberType.INT8;
            case "ushort", "unsigned short", "unsigned short int", "uint16", "uint16_t" -> NumberType.UINT16;
            case "short", "short int", "signed short", "signed short int", "int16", "int16_t" -> NumberType.INT16;
            case "uint", "unsigned int", "uint32", "uint32_t" -> NumberType.UINT32;
            case "int", "signed int", "int32", "int32_t" -> NumberType.INT32;
            case "ulonglong", "unsigned long long", "unsigned long long int", "uint64", "uint64_t" -> NumberType.UINT64;
            case "longlong",
                    "long long",
                    "long long int",
                    "signed long long",
                    "signed long long int",
                    "int64",
                    "int64_t" -> NumberType.INT64;
            case "float" -> NumberType.FLOAT32;
            case "double" -> NumberType.FLOAT64;
            default -> throw malformed(FIELD, "of a known type", HeaderLines.plain(name));
        };
    }

    /** Directions in the space that the header names; without any, what spacings say. */
    private static Optional<Affine> affine(HeaderLines header, int axes) {
        double[] directions = header.numbers("space directions");
        double[] m = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0};
        if (directions.length == axes * axes) {
            double[] origin = header.numbers("space origin");
            for (int axis = 0; axis < axes; axis++) {
                for (int row = 0; row < axes; row++) m[4 * row + axis] = directions[axis * axes + row];
                if (origin.length == axes) m[4 * axis + 3] = origin[axis];
            }
            return Optional.of(toRightFrontHead(m, header.text("space").orElse("")));
        }
        double[] spacings = header.numbers("spacings");
        if (directions.length > 0 || spacings.length < axes) return Optional.empty();
        int first = spacings.length - axes;
        double[] mins = header.numbersOf("axis mins", "axismins");
        String[] centerings = header.text("centerings").orElse("").split("\\s+");
        for (int axis = 0; axis < axes; axis++) {
            m[5 * axis] = spacings[first + axis];
            if (mins.length != spacings.length || !Double.isFinite(mins[first + axis])) continue;
            boolean node = centerings.length == spacings.length && centerings[first + axis].equalsIgnoreCase("node");
            m[4 * axis + 3] = mins[first + axis] + (node ? 0 : spacings[first + axis] / 2);
        }
        return Optional.of(Affine.of(m).mirrored());
    }

    private static Affine toRightFrontHead(double[] m, String space) {
        return switch (space.toLowerCase(Locale.ROOT)) {
            case "right-anterior-superior", "ras" -> Affine.of(m);
            case "left-anterior-superior", "las" -> {
                for (int column = 0; column < 4; column++) m[column] = -m[column];
                yield Affine.of(m);
            }
            // Left, back and head, which is also what is meant where nothing is said of a patient.
            case "", "left-posterior-superior", "lps", "scanner-xyz", "3d-right-handed", "3d-left-handed" ->
                Affine.of(m).mirrored();
            default -> throw malformed(FIELD, "in a known space", HeaderLines.plain(space));
        };
    }
}
