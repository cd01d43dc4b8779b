package org.medficientsam.imagefile.dicom;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.nio.ByteOrder;
import org.medficientsam.imagefile.image.Voxels;

/**
 * The colours of a palette (PS3.3 C.7.6.3.1.5), 8 bits each.
 *
 * @param first the stored number of the first entry
 * @param colours (3, entries)
 */
record Palette(int first, byte[][] colours) {
    private static final String FIELD = "dicom";

    static Palette of(DicomDataset dataset) {
        byte[][] colours = new byte[3][];
        boolean signed = dataset.uint16(Tag.REPRESENTATION).orElse(0) == 1;
        int first = 0;
        for (int c = 0; c < 3; c++) {
            int[] descriptor = dataset.shorts(Tag.PALETTE_DESCRIPTOR + c);
            DicomDataset.Element data = dataset.element(Tag.PALETTE_DATA + c)
                    .orElseThrow(
                            () -> malformed(FIELD, "with a palette of red, green and blue", "none or a segmented one"));
            if (descriptor.length != 3) throw malformed(FIELD, "with palette descriptors of 3 numbers", "another");
            int entries = descriptor[0] == 0 ? 1 << 16 : descriptor[0];
            first = signed ? (short) descriptor[1] : descriptor[1]; // of the type that the pixels have
            colours[c] = entries(dataset, data, entries, descriptor[2]);
        }
        return new Palette(first, colours);
    }

    private static byte[] entries(DicomDataset dataset, DicomDataset.Element data, int entries, int bits) {
        boolean wide = bits == 16 || data.length() >= 2 * entries;
        if (data.length() < (wide ? 2 * entries : entries))
            throw malformed(FIELD, "with palettes as long as they say", "one that ends early");
        boolean big = dataset.bytes().order() == ByteOrder.BIG_ENDIAN;
        byte[] colours = new byte[entries];
        for (int i = 0; i < entries; i++) {
            if (!wide) colours[i] = dataset.bytes().get(data.offset() + i);
            // Of 16 bits the high byte; 8 bits in words of 16 have only a low one.
            else colours[i] = dataset.bytes().get(data.offset() + 2 * i + ((bits == 16) != big ? 1 : 0));
        }
        return colours;
    }

    /** RGB, interleaved; numbers beyond either end take the colour there. */
    byte[] apply(DicomPixels stored) {
        int pixels = stored.frames() * stored.rows() * stored.columns();
        Voxels voxels = Voxels.adopt(stored.type(), stored.order(), stored.bytes(), stored.offset(), pixels);
        byte[] rgb = new byte[3 * pixels];
        for (int i = 0; i < pixels; i++) {
            int entry = (int) voxels.get(i) - first;
            for (int c = 0; c < 3; c++)
                rgb[3 * i + c] = colours[c][Math.min(Math.max(entry, 0), colours[c].length - 1)];
        }
        return rgb;
    }
}
