package org.medficientsam.casefile.npz;

import static org.medficientsam.casefile.InvalidCaseException.invalidPrompt;
import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Function;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.CaseHeader;
import org.medficientsam.casefile.ImageArray;
import org.medficientsam.casefile.ImageCase;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.Prompts;
import org.medficientsam.casefile.Spacing;
import org.medficientsam.casefile.VolumeCase;

/** Reads the challenge's npz as a case: {@code imgs}, {@code boxes} and, where there is one, {@code spacing}. */
public final class CaseNpz {
    private static final String IMGS = "imgs";
    private static final String BOXES = "boxes";
    private static final String SPACING = "spacing";
    private static final String[] WANTED = {IMGS, BOXES, SPACING};

    private CaseNpz() {}

    /**
     * Reads a case from a stream of at most {@link Limits#maxStreamBytes()}.
     *
     * @throws InvalidCaseException if it is not a valid case; the description of the package above says what is
     */
    public static CaseFile read(InputStream npz, Limits limits) throws IOException {
        return from(Npz.read(npz, limits, WANTED), limits);
    }

    /**
     * Reads a case from a file.
     *
     * @throws InvalidCaseException if it is not a valid case
     */
    public static CaseFile read(Path npz, Limits limits) throws IOException {
        return from(Npz.read(npz, limits, WANTED), limits);
    }

    /**
     * Reads a case from memory.
     *
     * @throws InvalidCaseException if it is not a valid case
     */
    public static CaseFile read(byte[] npz, Limits limits) {
        return from(Npz.read(npz, limits, WANTED), limits);
    }

    /**
     * Reads how large a case is and where its boxes lie, but no pixels.
     *
     * @throws InvalidCaseException if it is no archive of arrays within the limits; what else makes a case is not checked
     */
    public static CaseHeader header(byte[] npz, Limits limits) {
        try {
            return CaseHeaderReader.read(ByteSource.of(npz), Set.of(WANTED), limits);
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }

    /**
     * As {@link #header(byte[], Limits)}, of a file.
     *
     * @throws InvalidCaseException if it is no archive of arrays within the limits
     */
    public static CaseHeader header(Path npz, Limits limits) throws IOException {
        try (FileChannel channel = FileChannel.open(npz)) {
            return CaseHeaderReader.read(ByteSource.of(channel), Set.of(WANTED), limits);
        }
    }

    /** The names of the arrays that a case has, to be read from an archive. */
    public static String[] arrays() {
        return WANTED.clone();
    }

    /**
     * Takes the case out of an archive that was read already.
     *
     * @throws InvalidCaseException if it is not a valid case
     */
    public static CaseFile from(Npz npz, Limits limits) {
        return from(npz, limits, NpyArray::uint8);
    }

    /**
     * As {@link #from(Npz, Limits)}, where {@code imgs} may be of any type.
     *
     * @param toUint8 gives as many uint8 as an array of any type has elements, in its order
     * @throws InvalidCaseException if it is not a valid case
     */
    public static CaseFile from(Npz npz, Limits limits, Function<NpyArray, byte[]> toUint8) {
        NpyArray imgs = npz.get(IMGS);
        NpyArray boxes = npz.find(BOXES).orElseThrow(() -> noBoxes(npz));
        ImageShape shape = ImageShape.of(imgs, boxes);
        ImageArray image = shape.image(toUint8.apply(imgs));
        // A case of too many boxes is told so before their values are widened.
        Prompts prompts = new Prompts(image, limits.maxBoxes());
        prompts.checkCount(boxes.shape()[0]);
        return shape.isVolume()
                ? new VolumeCase(
                        image,
                        prompts.boxes3D(boxes.toDoubles()),
                        npz.find(SPACING).map(CaseNpz::spacing))
                : new ImageCase(image, prompts.boxes2D(boxes.toDoubles()));
    }

    private static InvalidCaseException noBoxes(Npz npz) {
        for (String other : new String[] {"clicks", "points", "recist"})
            if (npz.isStored(other))
                return invalidPrompt(
                        BOXES, "given, one around each object, as %s are not supported".formatted(other), npz.found());
        if (npz.isStored("gts"))
            return malformed(BOXES, "an array in the npz (they can be made from gts)", npz.found());
        return malformed(BOXES, "an array in the npz", npz.found());
    }

    private static Spacing spacing(NpyArray array) {
        double[] mm = array.toDoubles();
        if (array.shape().length != 1 || mm.length != 3 || array.dtype() == DType.BOOL)
            throw malformed(SPACING, "three numbers", array.dtype() + " " + array.shapeText());
        try {
            return new Spacing(mm[0], mm[1], mm[2]);
        } catch (IllegalArgumentException e) {
            throw malformed(SPACING, "positive finite mm", "(%s, %s, %s)".formatted(mm[0], mm[1], mm[2]));
        }
    }
}
