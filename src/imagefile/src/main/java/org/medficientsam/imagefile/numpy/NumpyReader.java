package org.medficientsam.imagefile.numpy;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.ImageShape;
import org.medficientsam.casefile.npz.Npy;
import org.medficientsam.casefile.npz.NpyArray;
import org.medficientsam.casefile.npz.Npz;
import org.medficientsam.imagefile.boxes.DrawnBoxes;
import org.medficientsam.imagefile.image.FileKind;
import org.medficientsam.imagefile.image.InputFile;
import org.medficientsam.imagefile.image.NumberType;
import org.medficientsam.imagefile.image.RawImage;
import org.medficientsam.imagefile.image.ReadLimits;
import org.medficientsam.imagefile.image.VoxelGrid;
import org.medficientsam.imagefile.image.Voxels;

/** Reads .npy and .npz. */
public final class NumpyReader {
    private static final byte[] NPY = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

    /**
     * An image and what was stored with it.
     *
     * @param boxes of the npz, if it has some
     */
    public record NumpyImage(RawImage image, Optional<DrawnBoxes> boxes) {}

    private NumpyReader() {}

    /** Whether a file begins as an npy does; an npz is a zip that holds npy files. */
    public static boolean isNpy(byte[] start) {
        return start.length >= NPY.length && Arrays.equals(start, 0, NPY.length, NPY, 0, NPY.length);
    }

    /**
     * Reads an array of two axes (H, W), three (D, H, W) or (H, W, 3), or four (D, H, W, 3).
     *
     * @throws org.medficientsam.casefile.InvalidCaseException if it is none of these, or larger than the limits
     */
    public static RawImage readNpy(InputFile file, ReadLimits limits) throws IOException {
        NpyArray array = Npy.read(file.bytes(limits), limits(limits));
        return image(FileKind.NPY, array, ImageShape.guess(array), Optional.empty());
    }

    /**
     * Reads {@code imgs}, and {@code boxes} and {@code spacing} where they are stored.
     *
     * @throws org.medficientsam.casefile.InvalidCaseException if imgs are missing or not an image, or larger than the limits
     */
    public static NumpyImage readNpz(InputFile file, ReadLimits limits) throws IOException {
        Npz npz = Npz.read(file.bytes(limits), limits(limits), "imgs", "boxes", "spacing");
        NpyArray imgs = npz.get("imgs");
        Optional<NpyArray> boxes = npz.find("boxes");
        ImageShape shape = boxes.map(b -> ImageShape.of(imgs, b)).orElseGet(() -> ImageShape.guess(imgs));
        Optional<double[]> spacing =
                npz.find("spacing").map(NpyArray::toDoubles).filter(mm -> mm.length == 3);
        return new NumpyImage(
                image(FileKind.NPZ, imgs, shape, spacing),
                boxes.filter(b -> b.shape()[0] > 0).map(NumpyReader::drawn));
    }

    private static Limits limits(ReadLimits limits) {
        Limits local = Limits.LOCAL;
        return new Limits(
                limits.maxFileBytes(),
                local.maxEntries(),
                local.maxHeaderBytes(),
                limits.maxVoxelBytes(),
                local.maxTotalBytes(),
                local.maxBoxes());
    }

    private static DrawnBoxes drawn(NpyArray boxes) {
        int columns = boxes.shape()[1];
        double[] numbers = boxes.toDoubles();
        List<double[]> drawn = new ArrayList<>();
        for (int at = 0; at < numbers.length; at += columns) drawn.add(Arrays.copyOfRange(numbers, at, at + columns));
        return DrawnBoxes.of(drawn);
    }

    private static RawImage image(FileKind kind, NpyArray array, ImageShape shape, Optional<double[]> spacing) {
        int[] sizes = {shape.width(), shape.height(), shape.depth()};
        VoxelGrid grid = spacing.filter(mm -> shape.isVolume())
                .map(mm -> VoxelGrid.spaced(sizes, mm))
                .orElseGet(() -> VoxelGrid.plain(sizes[0], sizes[1], sizes[2]));
        return RawImage.of(kind, grid, shape.channels(), voxels(array))
                .flat(!shape.isVolume())
                .build();
    }

    /** The array's numbers, not copied unless they are of 16-bit floats. */
    public static Voxels voxels(NpyArray array) {
        int count = (int) array.size();
        NumberType type =
                switch (array.dtype()) {
                    case BOOL, UINT8 -> NumberType.UINT8;
                    case INT8 -> NumberType.INT8;
                    case UINT16 -> NumberType.UINT16;
                    case INT16 -> NumberType.INT16;
                    case UINT32 -> NumberType.UINT32;
                    case INT32 -> NumberType.INT32;
                    case UINT64 -> NumberType.UINT64;
                    case INT64 -> NumberType.INT64;
                    case FLOAT16, FLOAT32 -> NumberType.FLOAT32;
                    case FLOAT64 -> NumberType.FLOAT64;
                };
        byte[] bytes = array.bytes();
        if (bytes.length != (long) count * type.bytes()) bytes = widened(array, count);
        return Voxels.adopt(type, ByteOrder.LITTLE_ENDIAN, bytes, 0, count);
    }

    private static byte[] widened(NpyArray halves, int count) {
        if (count > Integer.MAX_VALUE / 4) throw malformed("imgs", "of at most 2^29 numbers if float16", "more");
        ByteBuffer floats = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) floats.putFloat((float) halves.at(i));
        return floats.array();
    }
}
