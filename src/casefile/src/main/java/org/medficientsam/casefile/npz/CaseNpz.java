package org.medficientsam.casefile.npz;

import static org.medficientsam.casefile.InvalidCaseException.invalidPrompt;
import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.medficientsam.casefile.CaseFile;
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
     * Takes the case out of an archive that was read already.
     *
     * @throws InvalidCaseException if it is not a valid case
     */
    public static CaseFile from(Npz npz, Limits limits) {
        NpyArray imgs = npz.get(IMGS);
        NpyArray boxes = npz.get(BOXES);
        boolean volume = isVolume(boxes);
        ImageArray image = image(imgs, volume);
        // A case of too many boxes is told so before their values are widened.
        Prompts prompts = new Prompts(image, limits.maxBoxes());
        prompts.checkCount(boxes.shape()[0]);
        return volume
                ? new VolumeCase(
                        image,
                        prompts.boxes3D(boxes.toDoubles()),
                        npz.find(SPACING).map(CaseNpz::spacing))
                : imageCase(image, prompts, boxes, npz);
    }

    private static ImageCase imageCase(ImageArray image, Prompts prompts, NpyArray boxes, Npz npz) {
        ImageCase read = new ImageCase(image, prompts.boxes2D(boxes.toDoubles()));
        npz.find(SPACING).ifPresent(CaseNpz::spacing);
        return read;
    }

    /** Whether the boxes have six columns. */
    private static boolean isVolume(NpyArray boxes) {
        int[] shape = boxes.shape();
        // A (0,) array is refused too: only the columns tell an image from a volume.
        if (shape.length != 2 || (shape[1] != 4 && shape[1] != 6))
            throw invalidPrompt(BOXES, "(N, 4) for an image or (N, 6) for a volume", boxes.shapeText());
        if (boxes.dtype() == DType.BOOL) throw invalidPrompt(BOXES, "integers or floats", "bool");
        return shape[1] == 6;
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
}
