package org.medficientsam.casefile.npz;

import static org.medficientsam.casefile.InvalidCaseException.invalidPrompt;
import static org.medficientsam.casefile.InvalidCaseException.malformed;

import org.medficientsam.casefile.ImageArray;
import org.medficientsam.casefile.InvalidCaseException;

/**
 * What the axes of {@code imgs} are. As (D, H, W) and (H, W, 3) have the same rank, the columns of {@code boxes} tell; a shape that
 * cannot be what they tell is refused with the shape that was probably meant.
 */
public record ImageShape(boolean isVolume, int depth, int height, int width, int channels) {
    private static final String IMGS = "imgs";
    private static final String BOXES = "boxes";

    /** An axis so short that it may be one of channels. */
    private static final int FEW = 16;

    /**
     * As boxes tell.
     *
     * @throws InvalidCaseException if boxes have neither four nor six columns, or imgs no axes that fit them
     */
    public static ImageShape of(NpyArray imgs, NpyArray boxes) {
        boolean volume = isVolume(boxes);
        int[] shape = imgs.shape();
        int axes = volume ? 3 : 2;
        boolean channels = shape.length == axes + 1 && (shape[axes] == 1 || shape[axes] == 3);
        if ((shape.length != axes && !channels) || imgs.size() == 0)
            throw volume ? noVolume(imgs) : noImage(imgs, boxes);
        if (volume && !channels && shape[2] == 3 && reachesBeyond(boxes, 3))
            throw malformed(
                    IMGS,
                    "(D, H, W) or (D, H, W, 3) as boxes are (N, 6)",
                    imgs.shapeText() + ", an RGB image, whose boxes are (N, 4)");
        return new ImageShape(
                volume, volume ? shape[0] : 1, shape[axes - 2], shape[axes - 1], channels ? shape[axes] : 1);
    }

    /**
     * Of an array without boxes: (H, W) and (H, W, 3) are images, (D, H, W) and (D, H, W, 3) volumes; a last axis of 1 is one too.
     *
     * @throws InvalidCaseException if it is none of these
     */
    public static ImageShape guess(NpyArray imgs) {
        int[] shape = imgs.shape();
        int last = shape.length == 0 ? 0 : shape[shape.length - 1];
        // A picture with alpha; a volume of so narrow rows is nobody's.
        if (shape.length == 3 && last == 4 && shape[0] > FEW && shape[1] > FEW)
            throw malformed(
                    IMGS, "(H, W), (H, W, 3), (D, H, W) or (D, H, W, 3)", imgs.shapeText() + "; leave out alpha");
        boolean channels = shape.length == 4 || (shape.length == 3 && (last == 1 || last == 3));
        int axes = channels ? shape.length - 1 : shape.length;
        if (axes < 2 || axes > 3 || imgs.size() == 0 || (channels && last != 1 && last != 3))
            throw malformed(
                    IMGS, "(H, W), (H, W, 3), (D, H, W) or (D, H, W, 3), without an empty axis", imgs.shapeText());
        return new ImageShape(
                axes == 3, axes == 3 ? shape[0] : 1, shape[axes - 2], shape[axes - 1], channels ? last : 1);
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

    private static boolean reachesBeyond(NpyArray boxes, int width) {
        for (int i = 0; i < boxes.shape()[0]; i++) if (boxes.at(6 * i + 3) > width) return true;
        return false;
    }

    private static InvalidCaseException noVolume(NpyArray imgs) {
        return malformed(
                IMGS, "(D, H, W) or (D, H, W, 3) as boxes are (N, 6), without an empty axis", imgs.shapeText());
    }

    /** Boxes are at fault if the image is a volume beyond doubt. */
    private static InvalidCaseException noImage(NpyArray imgs, NpyArray boxes) {
        int[] shape = imgs.shape();
        boolean volume = shape.length == 4 && shape[3] == 3;
        if (shape.length == 3) volume = shape[0] != 3 && shape[1] > FEW && shape[2] > FEW;
        return volume && imgs.size() > 0
                ? invalidPrompt(BOXES, "(N, 6) as imgs " + imgs.shapeText() + " is a volume", boxes.shapeText())
                : malformed(IMGS, "(H, W) or (H, W, 3) as boxes are (N, 4), without an empty axis", imgs.shapeText());
    }

    /** The image; owns {@code uint8} from now on, (D, H, W, C), row-major. */
    ImageArray image(byte[] uint8) {
        return ImageArray.adopt(uint8, depth, height, width, channels);
    }
}
