package org.medficientsam.imagefile;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.medficientsam.imagefile.image.RawImage;
import org.medficientsam.imagefile.image.Voxels;

/** A mask as numbers, whether it was drawn in numbers, in colours or in the alpha channel. */
final class MaskNumbers {
    /** More colours than that are a photograph, or a mask that was compressed with loss. */
    private static final int MOST_COLOURS = 255;

    private MaskNumbers() {}

    static RawImage of(RawImage image) {
        if (image.alpha().isPresent() && isOneColour(image))
            return numbers(image, image.alpha().get());
        return image.channels() == 1 ? image : numbers(image, colours(image));
    }

    private static RawImage numbers(RawImage image, byte[] uint8) {
        return RawImage.of(image.kind(), image.grid(), 1, Voxels.uint8(uint8))
                .flat(image.isFlat())
                .build();
    }

    private static boolean isOneColour(RawImage image) {
        Voxels voxels = image.voxels();
        int channels = image.channels();
        for (int i = channels; i < voxels.count(); i++) if (voxels.get(i) != voxels.get(i % channels)) return false;
        return true;
    }

    /** Grey as its value, colours numbered in the order of their RGB; black is background. */
    private static byte[] colours(RawImage image) {
        Voxels voxels = image.voxels();
        int pixels = voxels.count() / 3;
        boolean grey = true;
        TreeSet<Integer> seen = new TreeSet<>();
        for (int i = 0; i < pixels; i++) {
            int colour = colour(voxels, i);
            grey &= colour >> 16 == (colour & 0xff) && (colour >> 8 & 0xff) == (colour & 0xff);
            if (colour != 0 && seen.size() <= MOST_COLOURS) seen.add(colour);
        }
        byte[] numbers = new byte[pixels];
        if (grey) {
            for (int i = 0; i < pixels; i++) numbers[i] = (byte) (int) voxels.get(3 * i);
            return numbers;
        }
        if (seen.size() > MOST_COLOURS)
            throw malformed(
                    "labels", "of at most %d colours".formatted(MOST_COLOURS), "more, as of a photograph or a JPEG");
        Map<Integer, Byte> order = new HashMap<>();
        for (int colour : seen) order.put(colour, (byte) (order.size() + 1));
        for (int i = 0; i < pixels; i++) numbers[i] = order.getOrDefault(colour(voxels, i), (byte) 0);
        return numbers;
    }

    private static int colour(Voxels voxels, int pixel) {
        int red = (int) voxels.get(3 * pixel);
        int green = (int) voxels.get(3 * pixel + 1);
        int blue = (int) voxels.get(3 * pixel + 2);
        if ((red | green | blue) > 0xff) throw malformed("labels", "colours of 8 bits", "more");
        return red << 16 | green << 8 | blue;
    }
}
