package org.medficientsam.imagefile.picture;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.imagefile.image.DeclaredSize;
import org.medficientsam.imagefile.image.FileKind;
import org.medficientsam.imagefile.image.InputFile;
import org.medficientsam.imagefile.image.RawImage;
import org.medficientsam.imagefile.image.ReadLimits;
import org.medficientsam.imagefile.image.VoxelGrid;
import org.medficientsam.imagefile.image.Voxels;

/**
 * Reads a picture, or a TIFF of several pages of one size as a volume, its thumbnails left out; of an animation the first frame. Values
 * are Pillow's, but for WebP with losses, whose edges lie a few grey levels beside those of libwebp.
 */
public final class PictureReader {
    private static final String FIELD = "picture";

    private PictureReader() {}

    /** Whether a file begins as a picture does. */
    public static boolean recognises(byte[] start) {
        return PictureFormat.of(start).isPresent();
    }

    /** The format that a picture begins as: png, jpeg, tiff, bmp, gif or webp. */
    public static Optional<String> format(byte[] start) {
        return PictureFormat.of(start).map(PictureFormat::reader);
    }

    /** How many bytes {@link #recognises} wants to see. */
    public static int startBytes() {
        return PictureFormat.START_BYTES;
    }

    /**
     * Reads it.
     *
     * @throws InvalidCaseException if it is damaged, or larger than the limits
     */
    public static RawImage read(InputFile file, ReadLimits limits) throws IOException {
        byte[] bytes = file.bytes(limits);
        PictureFormat format =
                PictureFormat.of(bytes).orElseThrow(() -> malformed(FIELD, "a picture", "another beginning"));
        try {
            return switch (format) {
                case TIFF_LITTLE, TIFF_BIG, LONG_TIFF_LITTLE, LONG_TIFF_BIG -> tiff(format, bytes, limits);
                case PNG -> png(bytes, limits);
                case JPEG -> jpeg(bytes, limits);
                case WEBP -> image(decode(format, bytes, limits), WebpChunks.orientation(bytes));
                case GIF -> gif(bytes, limits);
                case BMP -> image(decode(format, bytes, limits), Orientation.UPRIGHT);
            };
        } catch (InvalidCaseException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The readers of the JDK answer damage with whatever exception the damage leads to.
            throw malformed(FIELD, "a whole " + format.reader().toUpperCase(Locale.ROOT), "one that cannot be decoded");
        }
    }

    private static RawImage png(byte[] bytes, ReadLimits limits) throws IOException {
        PngChunks chunks = PngChunks.of(bytes);
        return image(decode(PictureFormat.PNG, chunks.png(), limits), Orientation.of(chunks.exif()));
    }

    private static RawImage gif(byte[] bytes, ReadLimits limits) throws IOException {
        GifScreen screen = GifScreen.of(bytes);
        DeclaredSize.bytes(FIELD, limits.maxVoxelBytes(), 3, screen.width(), screen.height());
        Samples samples = withReader(PictureFormat.GIF, bytes, limits, reader -> screen.place(reader.read(0)));
        return image(samples, Orientation.UPRIGHT);
    }

    private static RawImage jpeg(byte[] bytes, ReadLimits limits) throws IOException {
        JpegMarkers markers = JpegMarkers.of(bytes);
        Samples samples = markers.components() == 4
                ? withReader(
                        PictureFormat.JPEG,
                        markers.plain(),
                        limits,
                        reader -> Cmyk.rgb(reader.readRaster(0, null), markers.adobe(), markers.transform() == 2))
                : decode(PictureFormat.JPEG, markers.plain(), limits);
        return image(samples, Orientation.of(markers.exif()));
    }

    private static RawImage tiff(PictureFormat format, byte[] bytes, ReadLimits limits) throws IOException {
        List<TiffDirectory> pages = TiffDirectories.read(bytes, limits).stream()
                .filter(page -> !page.isAside())
                .toList();
        if (pages.isEmpty()) throw malformed("tiff", "of at least one page at full size", "copies at a smaller one");
        TiffDirectory first = pages.get(0);
        TiffAxes.check(first.description(), pages.size(), first.samples());
        for (TiffDirectory page : pages)
            if (page.width() != first.width() || page.height() != first.height())
                throw malformed("tiff", "of pages of one size", "several sizes");
        DeclaredSize.bytes(FIELD, limits.maxVoxelBytes(), 1, first.width(), first.height(), pages.size());
        List<Samples> slices = withReader(format, bytes, limits, reader -> {
            List<Samples> read = new ArrayList<>();
            for (TiffDirectory page : pages) read.add(samples(reader, page).upright(page.orientation()));
            return read;
        });
        return slices.size() == 1 ? image(slices.get(0), Orientation.UPRIGHT) : stack(slices, limits);
    }

    private static RawImage stack(List<Samples> slices, ReadLimits limits) {
        Samples first = slices.get(0);
        for (Samples slice : slices)
            if (slice.bytes().length != first.bytes().length
                    || slice.type() != first.type()
                    || slice.width() != first.width()) throw malformed("tiff", "of pages of one type", "several");
        byte[] all =
                new byte[DeclaredSize.bytes(FIELD, limits.maxVoxelBytes(), 1, first.bytes().length, slices.size())];
        for (int k = 0; k < slices.size(); k++)
            System.arraycopy(slices.get(k).bytes(), 0, all, k * first.bytes().length, first.bytes().length);
        VoxelGrid grid = VoxelGrid.plain(first.width(), first.height(), slices.size());
        return RawImage.of(FileKind.PICTURE, grid, first.channels(), voxels(first, all))
                .build();
    }

    private static RawImage image(Samples stored, Orientation orientation) {
        Samples samples = stored.upright(orientation);
        VoxelGrid grid = VoxelGrid.plain(samples.width(), samples.height(), 1);
        RawImage.Builder image = RawImage.of(
                        FileKind.PICTURE, grid, samples.channels(), voxels(samples, samples.bytes()))
                .flat(true)
                .alpha(samples.alpha());
        if (samples.alpha().isPresent()) image.note("the alpha channel was left out");
        if (!orientation.isUpright()) image.note("turned upright as its EXIF orientation says");
        return image.build();
    }

    private static Voxels voxels(Samples samples, byte[] bytes) {
        return Voxels.adopt(
                samples.type(),
                ByteOrder.LITTLE_ENDIAN,
                bytes,
                0,
                bytes.length / samples.type().bytes());
    }

    private static Samples decode(PictureFormat format, byte[] bytes, ReadLimits limits) throws IOException {
        return withReader(format, bytes, limits, reader -> {
            BufferedImage picture = reader.read(0);
            return Samples.of(picture.getRaster(), picture.getColorModel());
        });
    }

    private static Samples samples(ImageReader reader, TiffDirectory page) throws IOException {
        // As a picture floats would be cut at 0 and 1.
        if (page.isFloat()) return Samples.of(reader.readRaster(page.index(), null), null);
        BufferedImage picture = reader.read(page.index());
        Raster raster = picture.getRaster();
        if (page.isCmyk()) return Cmyk.rgb(raster, false, false);
        if (page.palette().isPresent() && raster.getNumBands() == 1)
            return Samples.indexed(raster, page.palette().get());
        if (raster.getNumBands() < Math.min(page.samples(), 3))
            throw malformed(
                    "tiff",
                    "of channels that lie together, or of RGB",
                    "%d in planes of their own".formatted(page.samples()));
        Samples samples = Samples.of(raster, picture.getColorModel());
        return page.isSigned() ? samples.signed() : samples.unsigned();
    }

    private static ImageReader reader(PictureFormat format) throws IOException {
        // The JDK has a reader of TIFF too.
        if (format.reader().equals("tiff")) return TiffReader.create();
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format.reader());
        if (!readers.hasNext()) throw malformed(FIELD, "of a format that this Java reads", format.reader());
        return readers.next();
    }

    private interface Decoding<T> {
        T read(ImageReader reader) throws IOException;
    }

    private static <T> T withReader(PictureFormat format, byte[] bytes, ReadLimits limits, Decoding<T> decoding)
            throws IOException {
        ImageReader reader = reader(format);
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            reader.setInput(in, false, true);
            Warnings warnings = new Warnings();
            reader.addIIOReadWarningListener(warnings);
            DeclaredSize.bytes(FIELD, limits.maxVoxelBytes(), 1, reader.getWidth(0), reader.getHeight(0));
            T result = decoding.read(reader);
            warnings.check();
            return result;
        } finally {
            reader.dispose();
        }
    }
}
