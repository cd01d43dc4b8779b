package org.medficientsam.segmenter;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.medficientsam.casefile.Box2D;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.casefile.ImageArray;
import org.medficientsam.casefile.ImageCase;
import org.medficientsam.casefile.VolumeCase;

/** Pictures drawn for the tests, and the committed bundle. */
public final class Scenes {
    public static final Path ROOT = Path.of(System.getProperty("medficientsam.root"));
    public static final Path NANO = ROOT.resolve("models/bundles/nano");
    /** With a propagator. */
    public static final Path MICRO = ROOT.resolve("models/bundles/micro-int8");

    public static final Path ORIGINAL_SCALED = ROOT.resolve("src/segmenter/src/test/resources/bundles/original-scaled");
    static final Path ORIGINAL_RAW = ROOT.resolve("src/segmenter/src/test/resources/bundles/original-raw");

    private Scenes() {}

    /** Bright discs on a dark, faintly graded ground, each tightly boxed. */
    public static ImageCase discs(int height, int width, int channels, int... centresAndRadii) {
        byte[] pixels = new byte[height * width * channels];
        draw(pixels, 0, height, width, channels, centresAndRadii);
        List<Box2D> boxes = new ArrayList<>();
        for (int i = 0; i < centresAndRadii.length; i += 3) {
            int x = centresAndRadii[i];
            int y = centresAndRadii[i + 1];
            int r = centresAndRadii[i + 2];
            boxes.add(new Box2D(x - r, y - r, x + r, y + r));
        }
        return new ImageCase(ImageArray.adopt(pixels, 1, height, width, channels), boxes);
    }

    /** Balls: in slice z a disc of the ball's radius there. Each is tightly boxed in all three directions. */
    public static VolumeCase balls(int depth, int height, int width, int channels, int... centresAndRadii) {
        byte[] pixels = new byte[depth * height * width * channels];
        for (int z = 0; z < depth; z++) {
            List<Integer> discs = new ArrayList<>();
            for (int i = 0; i < centresAndRadii.length; i += 4) {
                int dz = z - centresAndRadii[i + 2];
                int r = centresAndRadii[i + 3];
                if (Math.abs(dz) <= r)
                    discs.addAll(List.of(
                            centresAndRadii[i], centresAndRadii[i + 1], (int) Math.round(Math.sqrt(r * r - dz * dz))));
            }
            draw(
                    pixels,
                    z * height * width * channels,
                    height,
                    width,
                    channels,
                    discs.stream().mapToInt(Integer::intValue).toArray());
        }
        List<Box3D> boxes = new ArrayList<>();
        for (int i = 0; i < centresAndRadii.length; i += 4) {
            int x = centresAndRadii[i];
            int y = centresAndRadii[i + 1];
            int z = centresAndRadii[i + 2];
            int r = centresAndRadii[i + 3];
            boxes.add(new Box3D(x - r, y - r, Math.max(0, z - r), x + r, y + r, Math.min(depth - 1, z + r)));
        }
        return new VolumeCase(ImageArray.adopt(pixels, depth, height, width, channels), boxes, Optional.empty());
    }

    private static void draw(byte[] pixels, int offset, int height, int width, int channels, int... discs) {
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) {
                int value = 30 + 20 * x / width + ((x * 31 + y * 17) & 7);
                for (int i = 0; i < discs.length; i += 3)
                    if (Math.hypot(x - discs[i], y - discs[i + 1]) <= discs[i + 2]) value = 190 + ((x ^ y) & 15);
                for (int c = 0; c < channels; c++)
                    pixels[offset + (y * width + x) * channels + c] = (byte) (value - 8 * c);
            }
    }
}
