package org.medficientsam.imagefile.nifti;

import static org.medficientsam.casefile.InvalidCaseException.malformed;
import static org.medficientsam.casefile.InvalidCaseException.tooLarge;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.ZipException;
import org.medficientsam.imagefile.image.DeclaredSize;
import org.medficientsam.imagefile.image.FileKind;
import org.medficientsam.imagefile.image.GzipStream;
import org.medficientsam.imagefile.image.InputFile;
import org.medficientsam.imagefile.image.RawImage;
import org.medficientsam.imagefile.image.ReadLimits;
import org.medficientsam.imagefile.image.Rescale;
import org.medficientsam.imagefile.image.VoxelGrid;
import org.medficientsam.imagefile.image.Voxels;

/**
 * Reads one volume or image: all integer and float types up to 64 bits, RGB, both byte orders, scaled or not, plain or gzipped.
 * <ul>
 *   <li>A fourth and higher axis may be there with length 1.</li>
 *   <li>Refused: several volumes, complex numbers, float128, bit masks, .hdr/.img pairs, a file that ends early.</li>
 *   <li>The alpha of RGBA is dropped, as nobody's viewer shows it.</li>
 * </ul>
 */
public final class NiftiReader {
    private static final String FIELD = "nifti";

    /** No deflated byte makes more than this many. */
    private static final long MOST_INFLATED = 1032;

    private NiftiReader() {}

    /** Whether these first bytes are a NIfTI header; a gzipped file has to be opened first. */
    public static boolean recognises(byte[] start) {
        return NiftiHeader.declaredLength(start) > 0;
    }

    /** How many bytes {@link #recognises} wants to see. */
    public static int startBytes() {
        return 4;
    }

    /**
     * Reads it.
     *
     * @throws org.medficientsam.casefile.InvalidCaseException if it is no single volume, or larger than the limits
     */
    public static RawImage read(InputFile file, ReadLimits limits) throws IOException {
        byte[] start = file.start(2);
        boolean zipped = start.length == 2 && start[0] == 0x1f && (start[1] & 0xff) == 0x8b;
        long most = zipped ? file.size() * MOST_INFLATED : file.size();
        try (InputStream in = new BufferedInputStream(file.open(), 1 << 16);
                InputStream content = zipped ? new GzipStream(in) : in) {
            return read(content, most, limits);
        } catch (EOFException | ZipException e) {
            throw malformed(FIELD, "a whole file", "a damaged or cut gzip");
        }
    }

    private static RawImage read(InputStream in, long most, ReadLimits limits) throws IOException {
        byte[] length = in.readNBytes(startBytes());
        byte[] rest = in.readNBytes(Math.max(NiftiHeader.declaredLength(length) - length.length, 0));
        byte[] start = Arrays.copyOf(length, length.length + rest.length);
        System.arraycopy(rest, 0, start, length.length, rest.length);
        NiftiHeader header = NiftiHeader.of(start);
        int[] sizes = sizes(header);
        int stored = header.channels();
        int bytes = DeclaredSize.bytes(
                FIELD, limits.maxVoxelBytes(), header.type().bytes(), sizes[0], sizes[1], sizes[2], stored);
        if ((long) header.voxelOffset() + bytes > most) throw endsEarly();
        in.skipNBytes(header.voxelOffset() - header.length());
        // Not more than the file can hold, as was checked; read in one piece, as a volume is too large to hold twice.
        byte[] numbers = new byte[bytes];
        if (in.readNBytes(numbers, 0, bytes) < bytes) throw endsEarly();
        in.read(); // behind its last byte a gzip compares its checksum
        if (stored == 4) numbers = withoutAlpha(numbers);
        int channels = Math.min(stored, 3);
        Voxels voxels = Voxels.adopt(
                header.type(),
                header.order(),
                numbers,
                0,
                numbers.length / header.type().bytes());
        RawImage.Builder image = RawImage.of(FileKind.NIFTI, grid(header, sizes), channels, voxels)
                .rescale(rescale(header, channels))
                .flat(header.rank() < 3)
                .header(header.bytes());
        if (stored == 4) image.note("the alpha channel was dropped");
        return image.build();
    }

    private static VoxelGrid grid(NiftiHeader header, int... sizes) {
        return VoxelGrid.thickest(sizes, header.affine(sizes).times(header.millimetres()));
    }

    private static Rescale rescale(NiftiHeader header, int channels) {
        double slope = header.slope();
        double intercept = header.intercept();
        if (slope == 0 || !Double.isFinite(slope) || channels != 1) return Rescale.NONE;
        if (!Double.isFinite(intercept)) throw malformed(FIELD, "with a finite scl_inter", Double.toString(intercept));
        return Rescale.of(slope, intercept);
    }

    private static int[] sizes(NiftiHeader header) {
        long rank = header.rank();
        if (rank < 1 || rank > 7) throw malformed(FIELD, "of 1 to 7 axes", Long.toString(rank));
        int[] sizes = {1, 1, 1};
        long volumes = 1;
        for (int axis = 1; axis <= rank; axis++) {
            long size = header.dim(axis);
            if (size < 1) throw malformed(FIELD, "without an empty axis", "one of " + size);
            if (size > Integer.MAX_VALUE) throw tooLarge(FIELD, "of axes below 2^31", Long.toString(size));
            if (axis <= 3) sizes[axis - 1] = (int) size;
            else volumes = Math.max(volumes, size);
        }
        if (volumes > 1)
            throw malformed(
                    FIELD, "one volume", "%d axes with %d along one of them; take out one".formatted(rank, volumes));
        return sizes;
    }

    private static byte[] withoutAlpha(byte[] rgba) {
        byte[] rgb = new byte[rgba.length / 4 * 3];
        for (int i = 0; i < rgb.length; i++) rgb[i] = rgba[i / 3 * 4 + i % 3];
        return rgb;
    }

    private static RuntimeException endsEarly() {
        return malformed(FIELD, "as long as its header says", "a file that ends early");
    }
}
