package org.medficientsam.imagefile.dicom;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.medficientsam.imagefile.image.DeclaredSize;
import org.medficientsam.imagefile.image.NumberType;
import org.medficientsam.imagefile.image.ReadLimits;

/**
 * The frames of a file as plain numbers, frame after frame, channels interleaved.
 *
 * @param bytes holds them from {@code offset} on
 * @param channels 1 or 3
 * @param inverted whether the lowest is white
 */
record DicomPixels(
        byte[] bytes,
        int offset,
        NumberType type,
        ByteOrder order,
        int frames,
        int rows,
        int columns,
        int channels,
        boolean inverted) {
    private static final String FIELD = "dicom";

    /** Bytes of one frame. */
    int frameBytes() {
        return rows * columns * channels * type.bytes();
    }

    /** @throws org.medficientsam.casefile.InvalidCaseException if the pixels are compressed, cut, or not described */
    static DicomPixels of(DicomFile file, ReadLimits limits) {
        DicomDataset dataset = file.dataset();
        int rows = dataset.requiredUint16(Tag.ROWS);
        int columns = dataset.requiredUint16(Tag.COLUMNS);
        int samples = dataset.uint16(Tag.SAMPLES).orElse(1);
        int frames = frames(dataset);
        String photometric = dataset.text(Tag.PHOTOMETRIC).orElse("MONOCHROME2");
        boolean colour = samples == 3;
        if (samples != 1 && !colour) throw malformed(FIELD, "of 1 or 3 samples per pixel", Integer.toString(samples));
        int allocated = dataset.requiredUint16(Tag.BITS_ALLOCATED);
        DeclaredSize.bytes(
                FIELD,
                limits.maxVoxelBytes(),
                Math.max(allocated / 8, 1),
                frames,
                rows,
                columns,
                Math.max(samples, photometric.equals("PALETTE COLOR") ? 3 : 1));
        int pixels = Math.multiplyExact(Math.multiplyExact(frames, rows), columns);
        if (dataset.has(Tag.FLOAT_PIXELS) || dataset.has(Tag.DOUBLE_PIXELS)) {
            boolean wide = dataset.has(Tag.DOUBLE_PIXELS);
            NumberType type = wide ? NumberType.FLOAT64 : NumberType.FLOAT32;
            DicomDataset.Element element =
                    element(dataset, wide ? Tag.DOUBLE_PIXELS : Tag.FLOAT_PIXELS, (long) pixels * type.bytes());
            return new DicomPixels(
                    array(dataset), element.offset(), type, file.order(), frames, rows, columns, 1, false);
        }
        PixelBits bits = PixelBits.of(dataset, allocated);
        DicomPixels stored = stored(
                file,
                photometric,
                bits,
                new DicomPixels(
                        array(dataset),
                        0,
                        bits.type(),
                        file.order(),
                        frames,
                        rows,
                        columns,
                        samples,
                        photometric.equals("MONOCHROME1")));
        if (allocated == 1) return stored.with(bits.unpack(stored.bytes, stored.offset, pixels), 1);
        bits.clean(ByteBuffer.wrap(stored.bytes).order(stored.order), stored.offset, pixels * samples);
        return switch (photometric) {
            case "MONOCHROME1", "MONOCHROME2" -> {
                if (colour) throw malformed(FIELD, "of one sample if " + photometric, "3");
                yield stored;
            }
            case "PALETTE COLOR" -> stored.with(Palette.of(dataset).apply(stored), 3);
            case "RGB", "YBR_FULL", "YBR_FULL_422" -> {
                if (!colour) throw malformed(FIELD, "of three samples if " + photometric, "1");
                yield Colours.rgb(
                        stored,
                        photometric,
                        !file.isRle() && photometric.endsWith("422"),
                        !file.isRle() && dataset.uint16(Tag.PLANAR).orElse(0) == 1);
            }
            default ->
                throw malformed(
                        FIELD,
                        "MONOCHROME1, MONOCHROME2, PALETTE COLOR, RGB or YBR_FULL",
                        "another photometric interpretation");
        };
    }

    /** The numbers as they lie in the file, or as its run lengths decode. */
    private static DicomPixels stored(DicomFile file, String photometric, PixelBits bits, DicomPixels shape) {
        DicomDataset dataset = file.dataset();
        int pixels = shape.frames * shape.rows * shape.columns;
        int samples = shape.channels;
        if (file.isRle()) {
            if (bits.allocated() == 1) throw malformed(FIELD, "of 8, 16 or 32 bits if run-length coded", "1");
            int planes = samples * bits.allocated() / 8;
            return shape.at(RlePixels.decode(dataset, shape.frames, shape.rows * shape.columns, planes, samples), 0);
        }
        boolean halved = photometric.equals("YBR_FULL_422");
        long needed = halved ? 2L * pixels : ((long) pixels * samples * bits.allocated() + 7) / 8;
        DicomDataset.Element element = element(dataset, Tag.PIXELS, needed);
        boolean swapped = element.words() && bits.allocated() == 8 && file.order() == ByteOrder.BIG_ENDIAN;
        return swapped ? shape.at(swapped(shape.bytes, element), 0) : shape.at(shape.bytes, element.offset());
    }

    /** Pixels of a byte in words of two, the second first. */
    private static byte[] swapped(byte[] bytes, DicomDataset.Element element) {
        byte[] swapped = new byte[element.length() + 1 & -2];
        for (int i = 0; i < element.length() - 1; i += 2) {
            swapped[i] = bytes[element.offset() + i + 1];
            swapped[i + 1] = bytes[element.offset() + i];
        }
        return swapped;
    }

    private DicomPixels at(byte[] ofBytes, int ofOffset) {
        return new DicomPixels(ofBytes, ofOffset, type, order, frames, rows, columns, channels, inverted);
    }

    /** The same pixels as uint8. */
    DicomPixels with(byte[] uint8, int ofChannels) {
        return new DicomPixels(uint8, 0, NumberType.UINT8, order, frames, rows, columns, ofChannels, inverted);
    }

    private static int frames(DicomDataset dataset) {
        Optional<Double> frames = dataset.decimal(Tag.FRAMES);
        if (frames.isEmpty()) return 1;
        double count = frames.get();
        // Zero is what some writers give for one.
        if (!(count >= 0 && count <= Integer.MAX_VALUE) || count != Math.rint(count))
            throw malformed(FIELD, "of a whole number of frames", "another");
        return Math.max((int) count, 1);
    }

    private static DicomDataset.Element element(DicomDataset dataset, int tag, long needed) {
        DicomDataset.Element element =
                dataset.element(tag).orElseThrow(() -> malformed(FIELD, "an image", "no pixels"));
        if (element.encapsulated()) throw malformed(FIELD, "of pixels as its transfer syntax says", "compressed ones");
        if (element.length() < needed)
            throw malformed(FIELD, "of %d bytes of pixels".formatted(needed), Integer.toString(element.length()));
        return element;
    }

    private static byte[] array(DicomDataset dataset) {
        return dataset.bytes().array();
    }
}
