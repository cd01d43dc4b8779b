package org.medficientsam.casefile;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A case of the challenge: an image or a volume, its box prompts, and its voxel spacing if that is known. */
public final class CaseFile {
    private static final String IMGS = "imgs";
    private static final String BOXES = "boxes";
    private static final String SPACING = "spacing";
    private static final String[] WANTED = {IMGS, BOXES, SPACING};

    private final ImageArray image;
    private final boolean volume;
    private final List<Box> boxes;
    private final Optional<Spacing> spacing;

    private CaseFile(ImageArray image, boolean volume, List<Box> boxes, Optional<Spacing> spacing) {
        this.image = image;
        this.volume = volume;
        this.boxes = List.copyOf(boxes);
        this.spacing = spacing;
    }

    /** An image with its boxes. */
    public static CaseFile image(ImageArray image, List<Box2D> boxes) {
        if (image.depth() != 1) throw new IllegalArgumentException("image must have depth 1, got " + image.depth());
        return new CaseFile(image, false, List.copyOf(boxes), Optional.empty());
    }

    /** A volume with its boxes. */
    public static CaseFile volume(ImageArray image, List<Box3D> boxes, Optional<Spacing> spacing) {
        return new CaseFile(image, true, List.copyOf(boxes), spacing);
    }

    /**
     * Reads a case from a stream of at most {@link Limits#maxStreamBytes()}.
     *
     * @throws InvalidCaseException if it is not a valid case; the package description says what is
     */
    public static CaseFile read(InputStream npz, Limits limits) throws IOException {
        return from(Npz.read(npz, limits, WANTED), limits);
    }

    /**
     * Reads a case from a file.
     *
     * @throws InvalidCaseException if it is not a valid case; the package description says what is
     */
    public static CaseFile read(Path npz, Limits limits) throws IOException {
        return from(Npz.read(npz, limits, WANTED), limits);
    }

    /**
     * Reads a case from memory.
     *
     * @throws InvalidCaseException if it is not a valid case; the package description says what is
     */
    public static CaseFile read(byte[] npz, Limits limits) {
        return from(Npz.read(npz, limits, WANTED), limits);
    }

    /** Takes the case out of an archive that was read already. */
    public static CaseFile from(Npz npz, Limits limits) {
        NpyArray imgs = npz.get(IMGS);
        NpyArray boxes = npz.get(BOXES);
        boolean volume = Prompts.isVolume(boxes);
        ImageArray image = image(imgs, volume);
        return new CaseFile(
                image,
                volume,
                Prompts.boxes(boxes, image, limits.maxBoxes()),
                npz.find(SPACING).map(CaseFile::spacing));
    }

    private static ImageArray image(NpyArray imgs, boolean volume) {
        byte[] data = imgs.uint8();
        int[] shape = imgs.shape();
        int axes = volume ? 3 : 2;
        boolean rgb = shape.length == axes + 1 && shape[axes] == 3;
        if ((shape.length != axes && !rgb) || data.length == 0) {
            String expected = volume
                    ? "(D, H, W) or (D, H, W, 3) as boxes are (N, 6)"
                    : "(H, W) or (H, W, 3) as boxes are (N, 4)";
            throw malformed(IMGS, expected + ", without an empty axis", imgs.shapeText());
        }
        return ImageArray.adopt(data, volume ? shape[0] : 1, shape[axes - 2], shape[axes - 1], rgb ? 3 : 1);
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

    /** Pixels; depth 1 unless {@link #isVolume()}. */
    public ImageArray image() {
        return image;
    }

    /** Whether the case is 3D, as its boxes have six columns. */
    public boolean isVolume() {
        return volume;
    }

    /** {@link Box3D} if it is a volume, else {@link Box2D}; box i makes label i + 1. */
    public List<Box> boxes() {
        return boxes;
    }

    /** Voxel spacing, if the case has it. */
    public Optional<Spacing> spacing() {
        return spacing;
    }
}
