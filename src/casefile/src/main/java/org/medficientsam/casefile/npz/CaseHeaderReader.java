package org.medficientsam.casefile.npz;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.medficientsam.casefile.CaseHeader;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.Shape;

/** Reads of an npz the npy headers and the boxes, and no pixels. */
final class CaseHeaderReader {
    private static final String SUFFIX = ".npy";
    private static final String IMGS = "imgs";
    private static final String BOXES = "boxes";

    private final ByteSource source;
    private final Set<String> arrays;
    private final Limits limits;
    private long bytes;
    private @Nullable NpyHeader imgs;
    private @Nullable NpyArray boxes;

    private CaseHeaderReader(ByteSource source, Set<String> arrays, Limits limits) {
        this.source = source;
        this.arrays = arrays;
        this.limits = limits;
    }

    /**
     * @param arrays that will be read
     * @throws InvalidCaseException if it is no archive, or an array in it is none or claims more than the limits allow; that the
     *     arrays make a case is not checked
     */
    static CaseHeader read(ByteSource source, Set<String> arrays, Limits limits) throws IOException {
        CaseHeaderReader reader = new CaseHeaderReader(source, arrays, limits);
        for (ZipDirectory.Entry entry : ZipDirectory.read(source, limits)) reader.look(entry);
        return reader.header();
    }

    private void look(ZipDirectory.Entry entry) throws IOException {
        if (!entry.name().endsWith(SUFFIX)) return;
        String name = entry.name().substring(0, entry.name().length() - SUFFIX.length());
        if (!arrays.contains(name)) return;
        Optional<NpyHeader> header = NpyReader.header(entry, name, source, limits.maxTotalBytes() - bytes, limits);
        bytes += header.isPresent() ? header.get().dataBytes(name, limits.maxArrayBytes()) : ObjectArrays.MAX_BYTES;
        if (name.equals(IMGS)) imgs = header.orElse(null);
        if (name.equals(BOXES) && header.map(this::isOfFewBoxes).orElse(true))
            boxes = NpyReader.read(entry, name, source, limits.maxTotalBytes(), limits)
                    .orElse(null);
    }

    private boolean isOfFewBoxes(NpyHeader header) {
        return header.shape().length == 2 && header.shape()[0] <= limits.maxBoxes() && header.shape()[1] <= 6;
    }

    private CaseHeader header() {
        if (imgs == null || boxes == null) return CaseHeader.unknown(bytes);
        int[] corners = boxes.shape();
        int[] shape = imgs.shape();
        if (corners.length != 2 || (corners[1] != 4 && corners[1] != 6) || Shape.size(shape) == 0)
            return CaseHeader.unknown(bytes);
        boolean volume = corners[1] == 6;
        int axes = volume ? 3 : 2;
        if (shape.length < axes || shape.length > axes + 1) return CaseHeader.unknown(bytes);
        return CaseHeader.of(
                bytes,
                volume ? shape[0] : 1,
                shape[axes - 2],
                shape[axes - 1],
                shape.length > axes ? shape[axes] : 1,
                volume,
                boxes.toDoubles());
    }
}
