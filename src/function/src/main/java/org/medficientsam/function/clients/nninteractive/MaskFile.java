package org.medficientsam.function.clients.nninteractive;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.medficientsam.casefile.InvalidCaseException;

/** A segment as these clients send it: what is not 0 belongs to it. Read a part at a time, as it is as large as the volume. */
final class MaskFile {
    private static final Pattern HEADER = Pattern.compile(
            "\\{'descr': *'[|<>=][biu](\\d)', *'fortran_order': *False, *'shape': *\\(([\\d, ]+)\\),? *\\}\\s*");

    private final byte[] bits;
    private final int typeSize;
    private final long voxels;
    private long at; // bytes
    private boolean empty = true;

    private MaskFile(DrawnVolume volume, int typeSize) {
        this.bits = new byte[volume.maskBytes()];
        this.typeSize = typeSize;
        int[] shape = volume.shape();
        this.voxels = (long) shape[0] * shape[1] * shape[2];
    }

    /**
     * Reads NumPy's file of a mask in the shape of the volume.
     *
     * @return nothing if it is empty
     * @throws InvalidCaseException if it is none, or of another shape
     */
    static Optional<PackedMask> ofNpy(InputStream npy, DrawnVolume volume) throws IOException {
        InputStream in = new BufferedInputStream(npy, 1 << 16);
        byte[] start = in.readNBytes(10);
        if (start.length < 10 || start[0] != (byte) 0x93 || start[1] != 'N' || start[6] != 1)
            throw malformed("the segment", "npy of version 1", "something else");
        int length = Byte.toUnsignedInt(start[8]) | Byte.toUnsignedInt(start[9]) << 8;
        Matcher header = HEADER.matcher(new String(in.readNBytes(length), StandardCharsets.ISO_8859_1));
        String shape = Arrays.stream(volume.shape()).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        if (!header.matches() || !header.group(2).replaceAll(" *, *", ", ").equals(shape))
            throw malformed("the segment", "integers of (%s)".formatted(shape), "another array");
        MaskFile mask = new MaskFile(volume, Integer.parseInt(header.group(1)));
        byte[] part = new byte[1 << 16];
        for (int read = in.read(part); read >= 0; read = in.read(part)) mask.take(part, read);
        return mask.finish();
    }

    /**
     * Inflates a mask in the shape of the volume.
     *
     * @return nothing if it is empty
     * @throws InvalidCaseException if it is damaged, or of another shape
     */
    static Optional<PackedMask> of(PackedArray packed, DrawnVolume volume) throws IOException {
        if (!Arrays.equals(packed.shape(), volume.shape()))
            throw malformed("the segment", Arrays.toString(volume.shape()), Arrays.toString(packed.shape()));
        MaskFile mask = new MaskFile(volume, packed.typeSize());
        packed.inflate(mask::take);
        return mask.finish();
    }

    private void take(byte[] part, int count) {
        if (at + count > voxels * typeSize) throw malformed("the segment", voxels + " voxels", "more");
        for (int i = 0; i < count; i++, at++) {
            if (part[i] == 0) continue;
            PackedMask.set(bits, at / typeSize);
            empty = false;
        }
    }

    private Optional<PackedMask> finish() {
        if (at != voxels * typeSize) throw malformed("the segment", voxels + " voxels", "fewer");
        return empty ? Optional.empty() : Optional.of(PackedMask.of(bits));
    }
}
