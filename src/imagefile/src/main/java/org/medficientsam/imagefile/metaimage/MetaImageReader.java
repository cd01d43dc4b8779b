package org.medficientsam.imagefile.metaimage;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;
import org.medficientsam.imagefile.image.Affine;
import org.medficientsam.imagefile.image.DeclaredSize;
import org.medficientsam.imagefile.image.FileKind;
import org.medficientsam.imagefile.image.InputFile;
import org.medficientsam.imagefile.image.NumberType;
import org.medficientsam.imagefile.image.RawImage;
import org.medficientsam.imagefile.image.ReadLimits;
import org.medficientsam.imagefile.image.VoxelGrid;
import org.medficientsam.imagefile.image.Voxels;

/** Reads .mha of two or three axes, plain or zlib. */
public final class MetaImageReader {
    private static final String FIELD = "mha";

    private MetaImageReader() {}

    /**
     * Reads it.
     *
     * @throws org.medficientsam.casefile.InvalidCaseException if it is no such image, names another file, or is larger than the limits
     */
    public static RawImage read(InputFile file, ReadLimits limits) throws IOException {
        try (InputStream in = new BufferedInputStream(file.open(), 1 << 16)) {
            HeaderLines header = HeaderLines.metaImage(in);
            int[] sizes = header.sizes("dimsize");
            int axes = sizes.length;
            if (axes != 2 && axes != 3) throw malformed(FIELD, "of two or three axes", Integer.toString(axes));
            if (!header.required("elementdatafile").equalsIgnoreCase("local"))
                throw malformed(
                        FIELD, "one file of header and voxels (ElementDataFile = LOCAL)", "the name of another file");
            if (header.text("binarydata").filter("false"::equalsIgnoreCase).isPresent())
                throw malformed(FIELD, "of binary data", "numbers in text");
            if (header.numbersOf("headersize").length > 0 && header.numbers("headersize")[0] != 0)
                throw malformed(FIELD, "with its voxels right behind its header", "HeaderSize");
            int channels = channels(header);
            NumberType type = type(header.required("elementtype"));
            int[] three = axes == 3 ? sizes : new int[] {sizes[0], sizes[1], 1};
            int bytes = DeclaredSize.bytes(
                    FIELD, limits.maxVoxelBytes(), type.bytes(), three[0], three[1], three[2], channels);
            InlineVoxels form = header.isTrue("compresseddata") ? InlineVoxels.ZLIB : InlineVoxels.RAW;
            boolean big = header.isTrue("binarydatabyteordermsb") || header.isTrue("elementbyteordermsb");
            byte[] numbers = form.read(in, FIELD, bytes, file.size());
            Voxels voxels = Voxels.adopt(
                    type, big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN, numbers, 0, bytes / type.bytes());
            return RawImage.of(FileKind.METAIMAGE, VoxelGrid.thickest(three, affine(header, axes)), channels, voxels)
                    .flat(axes == 2)
                    .build();
        }
    }

    private static int channels(HeaderLines header) {
        double[] channels = header.numbers("elementnumberofchannels");
        if (channels.length == 0 || channels[0] == 1) return 1;
        if (channels[0] != 3) throw malformed(FIELD, "of 1 or 3 channels", "another number");
        return 3;
    }

    private static NumberType type(String name) {
        return switch (name.toUpperCase(Locale.ROOT).replaceFirst("_ARRAY$", "")) {
            case "MET_UCHAR" -> NumberType.UINT8;
            case "MET_CHAR" -> NumberType.INT8;
            case "MET_USHORT" -> NumberType.UINT16;
            case "MET_SHORT" -> NumberType.INT16;
            case "MET_UINT" -> NumberType.UINT32;
            case "MET_INT" -> NumberType.INT32;
            case "MET_ULONG_LONG" -> NumberType.UINT64;
            case "MET_LONG_LONG" -> NumberType.INT64;
            case "MET_FLOAT" -> NumberType.FLOAT32;
            case "MET_DOUBLE" -> NumberType.FLOAT64;
            default -> throw malformed(FIELD, "of a known ElementType", HeaderLines.plain(name));
        };
    }

    /** Offset and a direction per axis, in the patient's left, back and head. */
    private static Affine affine(HeaderLines header, int axes) {
        double[] spacing = or(header.numbersOf("elementspacing", "elementsize"), filled(axes, 1));
        double[] offset = or(header.numbersOf("offset", "position", "origin"), filled(axes, 0));
        double[] identity = new double[axes * axes];
        for (int axis = 0; axis < axes; axis++) identity[axis * axes + axis] = 1;
        double[] matrix = or(header.numbersOf("transformmatrix", "rotation", "orientation"), identity);
        if (spacing.length != axes || offset.length != axes || matrix.length != axes * axes)
            throw malformed(FIELD, "with spacing, offset and matrix of %d axes".formatted(axes), "others");
        for (double mm : spacing)
            if (!Double.isFinite(mm)) throw malformed(FIELD, "with a finite spacing", Double.toString(mm));
        double[] m = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0};
        for (int axis = 0; axis < axes; axis++) {
            for (int row = 0; row < axes; row++) m[4 * row + axis] = matrix[axis * axes + row] * spacing[axis];
            m[4 * axis + 3] = offset[axis];
        }
        return Affine.of(m).mirrored();
    }

    private static double[] or(double[] numbers, double[] otherwise) {
        return numbers.length == 0 ? otherwise : numbers;
    }

    private static double[] filled(int length, double value) {
        double[] numbers = new double[length];
        Arrays.fill(numbers, value);
        return numbers;
    }
}
