package org.medficientsam.casefile.npz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.medficientsam.casefile.Box2D;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.InvalidCaseException.Reason;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.Spacing;
import org.medficientsam.casefile.VolumeCase;

/** Cases around an image of 10 columns and 8 rows, or a volume of 5 such slices. */
class CaseNpzTest {
    private static RawNpz image() {
        return new RawNpz().array("imgs", "|u1", "(8, 10)", 80);
    }

    private static RawNpz volume() {
        return new RawNpz().array("imgs", "|u1", "(5, 8, 10)", 400);
    }

    private static CaseFile read(RawNpz npz) {
        return CaseNpz.read(npz.zip(), Limits.DEFAULT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "(8, 10)     | 4 | 80   | 1 | 1",
                "(8, 10, 3)  | 4 | 240  | 1 | 3",
                "(8, 10, 1)  | 4 | 80   | 1 | 1",
                "(5, 8, 10, 1) | 6 | 400 | 5 | 1",
                "(5, 8, 10)  | 6 | 400  | 5 | 1",
                "(5, 8, 10, 3) | 6 | 1200 | 5 | 3",
                "(1, 8, 10)  | 6 | 80   | 1 | 1"
            })
    void columnsOfTheBoxesTellAnImageFromAVolume(String shape, int columns, int bytes, int depth, int channels) {
        CaseFile read = read(new RawNpz().array("imgs", "|u1", shape, bytes).doubles("boxes", "(0, " + columns + ")"));

        assertThat((read instanceof VolumeCase)).isEqualTo(columns == 6);
        assertThat(read.boxes()).isEmpty();
        assertThat(read.spacing()).isEmpty();
        assertThat(read.image().depth()).isEqualTo(depth);
        assertThat(read.image().height()).isEqualTo(8);
        assertThat(read.image().width()).isEqualTo(10);
        assertThat(read.image().channels()).isEqualTo(channels);
        assertThat(read.image().offset(depth)).isEqualTo(bytes);
    }

    @Test
    void pixelsAreRowMajorWhateverOrderTheyWereStoredIn() {
        // (2, 3) in Fortran order: columns 0 1 | 2 3 | 4 5.
        byte[] npy =
                RawNpz.npy("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }", new byte[] {0, 1, 2, 3, 4, 5});
        CaseFile read = read(new RawNpz().entry("imgs.npy", npy).doubles("boxes", "(0, 4)"));
        assertThat(read.image().data()).containsExactly(0, 2, 4, 1, 3, 5);
    }

    static Stream<Arguments> boxesInAnImage() {
        return Stream.of(
                arguments("inside", box(2, 3, 6, 7), box(2, 3, 6, 7)),
                arguments("one pixel", box(4, 5, 4, 5), box(4, 5, 4, 5)),
                arguments("one line", box(0, 5, 9, 5), box(0, 5, 9, 5)),
                arguments("the whole image, ends inclusive", box(0, 0, 9, 7), box(0, 0, 9, 7)),
                arguments("the whole image, x_max = W and y_max = H", box(0, 0, 10, 8), box(0, 0, 9, 7)),
                arguments("partly outside", box(-5, -0.5, 100, 1e300), box(0, 0, 9, 7)),
                arguments("the last pixel and beyond", box(9, 7, 12, 12), box(9, 7, 9, 7)),
                arguments("fractions", box(1.25, 2.5, 3.75, 4), box(1.25, 2.5, 3.75, 4)));
    }

    private static Box2D box(double xMin, double yMin, double xMax, double yMax) {
        // A record that cannot be inverted, which none of the valid ones is.
        return new Box2D(xMin, yMin, xMax, yMax);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void boxesInAnImage(String name, Box2D given, Box2D clipped) {
        CaseFile read =
                read(image().doubles("boxes", "(1, 4)", given.xMin(), given.yMin(), given.xMax(), given.yMax()));
        assertThat(read.boxes()).isEqualTo(List.of(clipped));
    }

    static Stream<Arguments> boxesInAVolume() {
        return Stream.of(
                arguments("inside", new double[] {2, 3, 1, 6, 7, 3}, new Box3D(2, 3, 1, 6, 7, 3)),
                arguments("one slice", new double[] {2, 3, 4, 6, 7, 4}, new Box3D(2, 3, 4, 6, 7, 4)),
                arguments("z_max = D", new double[] {2, 3, 1, 6, 7, 5}, new Box3D(2, 3, 1, 6, 7, 4)),
                arguments("partly outside", new double[] {-2, -3, -1, 60, 70, 30}, new Box3D(0, 0, 0, 9, 7, 4)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void boxesInAVolume(String name, double[] given, Box3D clipped) {
        assertThat(read(volume().doubles("boxes", "(1, 6)", given)).boxes()).isEqualTo(List.of(clipped));
    }

    @ParameterizedTest
    @CsvSource({"|i1,1", "<i2,2", ">i4,4", "<i8,8", "|u1,1", "<u2,2", "<u4,4", ">u8,8", "<f2,2", "<f4,4", "<f8,8"})
    void boxesAreOfAnyNumericType(String descr, int itemSize) {
        assertThat(read(image().array("boxes", descr, "(2, 4)", 8 * itemSize)).boxes())
                .isEqualTo(List.of(new Box2D(0, 0, 0, 0), new Box2D(0, 0, 0, 0)));
    }

    @Test
    void asManyBoxesAsLabelsAreAllowed() {
        assertThat(read(image().array("boxes", "|u1", "(65535, 4)", 65535 * 4)).boxes())
                .hasSize(65535);
    }

    @Test
    void spacingIsReadInStoredOrder() {
        CaseFile read = read(volume().doubles("boxes", "(0, 6)").doubles("spacing", "(3,)", 0.5, 0.75, 3));
        assertThat(read.spacing()).isEqualTo(Optional.of(new Spacing(0.5, 0.75, 3)));
    }

    @Test
    void spacingOfAnImageIsNotLookedAt() {
        CaseFile read = read(image().doubles("boxes", "(0, 4)").doubles("spacing", "(2,)", 0.143, 0.143));
        assertThat(read.spacing()).isEmpty();
    }

    static Stream<Arguments> invalidCases() {
        double nan = Double.NaN;
        double inf = Double.POSITIVE_INFINITY;
        String image = "imgs must be (H, W) or (H, W, 3) as boxes are (N, 4), without an empty axis, got ";
        String volume = "imgs must be (D, H, W) or (D, H, W, 3) as boxes are (N, 6), without an empty axis, got ";
        String shape = "boxes must be (N, 4) for an image or (N, 6) for a volume, got ";
        RawNpz none = new RawNpz().doubles("boxes", "(0, 4)");
        return Stream.of(
                malformed("imgs must be an array in the npz, got only boxes", none),
                malformed("boxes must be an array in the npz, got only imgs", image()),
                malformed("imgs must be uint8, got float64", boxed("<f8", "(8, 10)", 640, 4)),
                malformed("imgs must be uint8, got int16", boxed("<i2", "(8, 10)", 160, 4)),
                malformed("imgs must be uint8, got bool", boxed("|b1", "(8, 10)", 80, 4)),
                malformed(
                        "imgs must be an array of bool, integers or floats, got dtype |O",
                        boxed("|O", "(8, 10)", 80, 4)),
                malformed(image + "(1, 1, 1, 8, 10)", boxed("|u1", "(1, 1, 1, 8, 10)", 80, 4)),
                malformed(image + "(8, 10, 4)", boxed("|u1", "(8, 10, 4)", 320, 4)),
                malformed(image + "(8, 10, 5)", boxed("|u1", "(8, 10, 5)", 400, 4)),
                malformed(image + "(3, 18, 20)", boxed("|u1", "(3, 18, 20)", 1080, 4)),
                prompt(
                        "boxes must be (N, 6) as imgs (5, 8, 10, 3) is a volume, got (0, 4)",
                        boxed("|u1", "(5, 8, 10, 3)", 1200, 4)),
                prompt(
                        "boxes must be (N, 6) as imgs (5, 18, 20) is a volume, got (0, 4)",
                        boxed("|u1", "(5, 18, 20)", 1800, 4)),
                malformed(
                        "imgs must be (D, H, W) or (D, H, W, 3) as boxes are (N, 6), got (8, 10, 3), an RGB image,"
                                + " whose boxes are (N, 4)",
                        new RawNpz()
                                .array("imgs", "|u1", "(8, 10, 3)", 240)
                                .doubles("boxes", "(1, 6)", 1, 1, 0, 6, 6, 0)),
                prompt(
                        "boxes must be given, one around each object, as clicks are not supported, got only imgs, clicks",
                        image().array("clicks", "|O", "(1,)", 8)),
                prompt(
                        "boxes must be given, one around each object, as recist are not supported, got only imgs, recist",
                        image().array("recist", "|u1", "(8, 10)", 80)),
                malformed(
                        "boxes must be an array in the npz (they can be made from gts), got only imgs, gts",
                        image().array("gts", "|u1", "(8, 10)", 80)),
                prompt(
                        "boxes must be in pixels, got numbers in 0..1 only; if they are shares of the image, multiply x by"
                                + " its width and y by its height",
                        image(0.25, 0.5, 0.75, 1)),
                malformed(image + "(0, 10)", boxed("|u1", "(0, 10)", 0, 4)),
                malformed(image + "(80,)", boxed("|u1", "(80,)", 80, 4)),
                malformed(image + "()", boxed("|u1", "()", 1, 4)),
                malformed(volume + "(8, 10)", boxed("|u1", "(8, 10)", 80, 6)),
                malformed(volume + "(5, 0, 10)", boxed("|u1", "(5, 0, 10)", 0, 6)),
                malformed(volume + "(5, 8, 10, 4)", boxed("|u1", "(5, 8, 10, 4)", 1600, 6)),
                malformed(
                        "boxes must be an array of bool, integers or floats, got dtype <U3",
                        image().array("boxes", "<U3", "(1, 4)", 48)),
                prompt(shape + "(1, 5)", image().array("boxes", "<i4", "(1, 5)", 20)),
                prompt(shape + "(4,)", image().array("boxes", "<i4", "(4,)", 16)),
                prompt(shape + "(0,)", image().array("boxes", "<f8", "(0,)", 0)),
                prompt(shape + "(1, 1, 4)", image().array("boxes", "<i4", "(1, 1, 4)", 16)),
                prompt("boxes must be integers or floats, got bool", image().array("boxes", "|b1", "(1, 4)", 4)),
                prompt("boxes must be at most 65535, got 70000", image().array("boxes", "|u1", "(70000, 4)", 280000)),
                prompt("boxes[1] must be finite, got [0.0, NaN, 1.0, 1.0]", image(0, 0, 1, 1, 0, nan, 1, 1)),
                prompt("boxes[0] must be finite, got [0.0, 0.0, Infinity, 1.0]", image(0, 0, inf, 1)),
                prompt("boxes[0] must be finite, got [-Infinity, 0.0, 1.0, 1.0]", image(-inf, 0, 1, 1)),
                prompt("boxes[0] must be x_min <= x_max, got 5.0 > 4.0", image(5, 0, 4, 1)),
                prompt("boxes[1] must be y_min <= y_max, got 5.0 > 4.5", image(0, 0, 1, 1, 0, 5, 1, 4.5)),
                prompt("boxes[0] must be within 0..9 on x, at least partly, got 10.0..12.0", image(10, 0, 12, 1)),
                prompt("boxes[0] must be within 0..9 on x, at least partly, got -3.0..-1.0", image(-3, 0, -1, 1)),
                prompt("boxes[0] must be within 0..7 on y, at least partly, got 8.0..9.0", image(0, 8, 1, 9)),
                prompt("boxes[0] must be within 0..4 on z, at least partly, got 5.0..6.0", volume(0, 0, 5, 1, 1, 6)),
                prompt(
                        "boxes[0] must be within 0..4 on z, at least partly, got -2.0..-1.0",
                        volume(0, 0, -2, 1, 1, -1)),
                prompt("boxes[0] must be z_min <= z_max, got 3.0 > 2.0", volume(0, 0, 3, 1, 1, 2)),
                malformed("spacing must be three numbers, got float64 (2,)", spaced("(2,)", 1, 1)),
                malformed("spacing must be three numbers, got float64 (1, 3)", spaced("(1, 3)", 1, 1, 1)),
                malformed("spacing must be positive finite mm, got (1.0, 0.0, 1.0)", spaced("(3,)", 1, 0, 1)),
                malformed("spacing must be positive finite mm, got (1.0, 1.0, -2.0)", spaced("(3,)", 1, 1, -2)),
                malformed("spacing must be positive finite mm, got (NaN, 1.0, 1.0)", spaced("(3,)", nan, 1, 1)),
                malformed("spacing must be positive finite mm, got (1.0, Infinity, 1.0)", spaced("(3,)", 1, inf, 1)));
    }

    private static RawNpz boxed(String descr, String shape, int bytes, int columns) {
        return new RawNpz().array("imgs", descr, shape, bytes).doubles("boxes", "(0, " + columns + ")");
    }

    private static RawNpz image(double... boxes) {
        return image().doubles("boxes", "(" + boxes.length / 4 + ", 4)", boxes);
    }

    private static RawNpz volume(double... boxes) {
        return volume().doubles("boxes", "(" + boxes.length / 6 + ", 6)", boxes);
    }

    private static RawNpz spaced(String shape, double... mm) {
        return volume().doubles("boxes", "(0, 6)").doubles("spacing", shape, mm);
    }

    private static Arguments malformed(String message, RawNpz npz) {
        return arguments(message, Reason.MALFORMED, npz.zip());
    }

    private static Arguments prompt(String message, RawNpz npz) {
        return arguments(message, Reason.INVALID_PROMPT, npz.zip());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("invalidCases")
    void invalidCaseIsRefused(String message, Reason reason, byte[] npz) {
        assertThatThrownBy(() -> CaseNpz.read(npz, Limits.DEFAULT))
                .isInstanceOfSatisfying(InvalidCaseException.class, e -> {
                    assertThat(e.reason()).isEqualTo(reason);
                    assertThat(message).startsWith(e.field());
                })
                .hasMessage(message);
    }

    @Test
    void boxesGuardThemselves() {
        assertThatThrownBy(() -> new Box2D(2, 0, 1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Box2D(0, Double.NaN, 1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Box2D(0, 0, 1, Double.POSITIVE_INFINITY))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Box3D(0, 0, 1, 1, 1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThat(new Box3D(1, 2, 3, 4, 5, 6).inPlane()).isEqualTo(new Box2D(1, 2, 4, 5));
    }
}
