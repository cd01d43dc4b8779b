package org.medficientsam.imagefile.intensity;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import org.medficientsam.casefile.ImageArray;
import org.medficientsam.imagefile.image.DeclaredSize;
import org.medficientsam.imagefile.image.NumberType;
import org.medficientsam.imagefile.image.RawImage;
import org.medficientsam.imagefile.image.VoxelGrid;
import org.medficientsam.imagefile.image.Voxels;

/**
 * Applies a window: (value - lower) / (upper - lower) x 255, clipped and cut to an integer, as NumPy's {@code uint8} cuts it. NaN is
 * black.
 */
public final class Intensities {
    private static final double LOW_PERCENT = 0.5;
    private static final double HIGH_PERCENT = 99.5;

    private Intensities() {}

    /**
     * The image in 8 bits, (D, H, W, C) as its grid cuts slices.
     *
     * @param maxBytes most bytes of the result
     * @throws org.medficientsam.casefile.InvalidCaseException if the window does not suit the image, or it is too large
     */
    public static EightBit convert(RawImage image, IntensityWindow window, int maxBytes) {
        VoxelGrid grid = image.grid();
        DeclaredSize.bytes("imgs", maxBytes, 1, grid.voxels(), image.channels());
        AppliedWindow applied = applied(image, window);
        byte[] data = isReady(image, applied) ? image.voxels().uint8Array().orElseThrow() : filled(image, applied);
        return new EightBit(
                ImageArray.adopt(data, grid.depth(), grid.height(), grid.width(), image.channels()), applied);
    }

    /**
     * What a window does to an image.
     *
     * @throws org.medficientsam.casefile.InvalidCaseException if it does not suit the image
     */
    public static AppliedWindow applied(RawImage image, IntensityWindow window) {
        boolean stored =
                image.voxels().type() == NumberType.UINT8 && image.rescale().isIdentity();
        return stored && window.source() == IntensityWindow.Source.AUTO
                ? AppliedWindow.AS_STORED
                : choose(image, window, stored);
    }

    /**
     * One slice of what {@link #convert} makes.
     *
     * @param z in 0..depth - 1
     */
    public static ImageArray slice(RawImage image, AppliedWindow applied, int z) {
        VoxelGrid grid = image.grid();
        byte[] data = new byte[grid.height() * grid.width() * image.channels()];
        fillSlice(image, applied, byTable(image, applied), z, data, 0);
        return ImageArray.adopt(data, 1, grid.height(), grid.width(), image.channels());
    }

    /** Smallest and largest finite value of an image; 0 and 0 if there is none. */
    public static double[] range(RawImage image) {
        ValueRange range = ValueRange.of(image);
        return new double[] {range.low(), range.high()};
    }

    /** Whether the file's own array is the result. */
    private static boolean isReady(RawImage image, AppliedWindow applied) {
        return applied.isAsStored()
                && !image.isInverted()
                && image.rescale().isIdentity()
                && image.grid().sliceAxis() == 2
                && image.voxels().uint8Array().isPresent();
    }

    private static AppliedWindow choose(RawImage image, IntensityWindow window, boolean stored) {
        return switch (window.source()) {
            case FIXED -> {
                if (window.isForCt() && stored)
                    throw malformed("window", "for Hounsfield units", window.name() + " for values of 8 bits");
                double[] bounds = window.bounds().orElseThrow();
                yield new AppliedWindow(window.name(), bounds[0], bounds[1]);
            }
            case FILE -> {
                RawImage.FileWindow own = image.window()
                        .orElseThrow(() -> malformed("window", "one that the file has", "dicom, but it has none"));
                yield new AppliedWindow(window.name(), own.centre() - own.width() / 2, own.centre() + own.width() / 2);
            }
            case PERCENTILES -> percentiles(image, window, ValueRange.of(image));
            case AUTO -> automatic(image);
        };
    }

    private static AppliedWindow automatic(RawImage image) {
        ValueRange range = ValueRange.of(image);
        if (range.isEightBit()) return AppliedWindow.AS_STORED;
        boolean ct = image.modality().map("CT"::equals).orElseGet(range::looksLikeHounsfield);
        return ct && range.low() < 0
                ? choose(image, IntensityWindow.SOFT_TISSUE, false)
                : percentiles(image, IntensityWindow.PERCENTILES, range);
    }

    private static AppliedWindow percentiles(RawImage image, IntensityWindow window, ValueRange range) {
        double[] bounds = Percentiles.of(image, range.padding(), LOW_PERCENT, HIGH_PERCENT);
        return new AppliedWindow(window.name(), bounds[0], bounds[1]);
    }

    private static byte[] filled(RawImage image, AppliedWindow applied) {
        VoxelGrid grid = image.grid();
        byte[] table = byTable(image, applied);
        if (table.length > 0 && grid.sliceAxis() == 2) return image.voxels().mapped(table);
        byte[] data = new byte[grid.voxels() * image.channels()];
        int slice = grid.height() * grid.width() * image.channels();
        for (int z = 0; z < grid.depth(); z++) fillSlice(image, applied, table, z, data, z * slice);
        return data;
    }

    private static byte[] byTable(RawImage image, AppliedWindow applied) {
        boolean tabled = image.voxels().type().bytes() <= 2 && image.rescale().isUniform();
        return tabled ? table(image, applied) : new byte[0];
    }

    /** @param table of all possible numbers; empty if there are too many */
    private static void fillSlice(RawImage image, AppliedWindow applied, byte[] table, int z, byte[] data, int at) {
        VoxelGrid grid = image.grid();
        Voxels voxels = image.voxels();
        int channels = image.channels();
        int fileSlice = grid.size(0) * grid.size(1);
        for (int y = 0; y < grid.height(); y++) {
            int row = z * grid.stride(2) + y * grid.stride(1);
            for (int x = 0; x < grid.width(); x++) {
                int voxel = row + x * grid.stride(0);
                for (int c = 0; c < channels; c++) {
                    int index = voxel * channels + c;
                    data[at++] = table.length > 0
                            ? table[voxels.bits(index)]
                            : grey(image, applied, image.rescale().apply(voxels.get(index), voxel / fileSlice));
                }
            }
        }
    }

    /** What each possible stored number becomes. */
    private static byte[] table(RawImage image, AppliedWindow applied) {
        Voxels voxels = image.voxels();
        byte[] table = new byte[voxels.type().bytes() == 1 ? 1 << 8 : 1 << 16];
        for (int bits = 0; bits < table.length; bits++)
            table[bits] = grey(image, applied, image.rescale().apply(voxels.ofBits(bits), 0));
        return table;
    }

    private static byte grey(RawImage image, AppliedWindow applied, double value) {
        double lower = applied.lower();
        double upper = applied.upper();
        double share = upper > lower ? (value - lower) / (upper - lower) : value >= lower ? 1 : 0;
        // A stored value is not divided, lest it come back a little smaller; NaN becomes 0.
        int grey = applied.isAsStored() ? (int) value : (int) (Math.min(Math.max(share, 0), 1) * 255);
        return (byte) (image.isInverted() ? 255 - grey : grey);
    }
}
