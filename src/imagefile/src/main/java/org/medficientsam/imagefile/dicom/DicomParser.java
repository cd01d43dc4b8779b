package org.medficientsam.imagefile.dicom;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.medficientsam.imagefile.dicom.DicomDataset.Element;

/** Splits bytes into elements, as DICOM PS3.5 section 7 encodes them. Every length is checked against what is there. */
final class DicomParser {
    private static final String FIELD = "dicom";
    private static final int UNDEFINED = -1;
    private static final int DEEPEST = 16;

    /** Value representations whose explicit length has four bytes. */
    private static final Set<String> LONG =
            Set.of("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV");

    private final ByteBuffer bytes;
    private final boolean explicit;

    private DicomParser(ByteBuffer bytes, boolean explicit) {
        this.bytes = bytes;
        this.explicit = explicit;
    }

    /** Elements from {@code start} until the pixels, which come last, or the end. */
    static DicomDataset parse(ByteBuffer bytes, int start, boolean explicit) {
        ByteBuffer view = bytes.duplicate().order(bytes.order());
        view.position(start);
        return new DicomParser(view, explicit).dataset(view.limit(), 0, false);
    }

    /** The file meta elements, group 2, which are always explicit and little-endian; the buffer is left behind them. */
    static DicomDataset meta(ByteBuffer bytes) {
        DicomParser parser = new DicomParser(bytes.order(ByteOrder.LITTLE_ENDIAN), true);
        DicomDataset meta = new DicomDataset(bytes);
        while (bytes.remaining() >= 8 && bytes.getShort(bytes.position()) == 2) parser.element(meta, bytes.limit(), 0);
        return meta;
    }

    private DicomDataset dataset(int end, int depth, boolean delimited) {
        if (depth > DEEPEST) throw malformed(FIELD, "nested at most %d deep".formatted(DEEPEST), "deeper");
        DicomDataset dataset = new DicomDataset(bytes);
        while (end - bytes.position() >= 8) {
            int tag = element(dataset, end, depth);
            if (tag == Tag.ITEM_END && delimited) return dataset;
            if (depth == 0 && isPixels(tag)) break;
        }
        // A last odd byte or two is padding that some writers leave.
        if (depth > 0) bytes.position(end);
        return dataset;
    }

    private static boolean isPixels(int tag) {
        return tag == Tag.PIXELS || tag == Tag.FLOAT_PIXELS || tag == Tag.DOUBLE_PIXELS;
    }

    /** Reads one element, whose tag it gives back. */
    private int element(DicomDataset into, int end, int depth) {
        int tag = tag();
        String vr = "";
        int length;
        if (explicit && tag >>> 16 != 0xfffe) {
            vr = new String(new char[] {(char) (bytes.get() & 0xff), (char) (bytes.get() & 0xff)});
            if (LONG.contains(vr)) {
                need(6, end);
                bytes.getShort();
                length = bytes.getInt();
            } else {
                length = Short.toUnsignedInt(bytes.getShort());
            }
        } else {
            length = bytes.getInt();
        }
        if (tag == Tag.ITEM_END || tag == Tag.SEQUENCE_END) return tag;
        boolean pixels = isPixels(tag);
        if (length == UNDEFINED && pixels) {
            int start = bytes.position();
            // Those of an icon end before the item does that they are in.
            if (depth > 0) skipFragments(end);
            else bytes.position(end);
            into.put(tag, new Element(start, bytes.position() - start, false, true, List.of()));
        } else if (length == UNDEFINED || vr.equals("SQ") || (!explicit && beginsItem(length, end))) {
            into.put(tag, sequence(vr, length, end, depth));
        } else if (pixels && depth == 0) {
            // The pixels may be cut: their reader tells how many are missing.
            int left = end - bytes.position();
            int there = length < 0 || length > left ? left : length;
            into.put(tag, new Element(bytes.position(), there, vr.equals("OW"), false, List.of()));
        } else {
            need(length, end);
            into.put(tag, new Element(bytes.position(), length, vr.equals("OW"), false, List.of()));
            bytes.position(bytes.position() + length);
        }
        return tag;
    }

    /** Whether an implicit value is a sequence: nothing else that is read here begins with an item's tag. */
    private boolean beginsItem(int length, int end) {
        int at = bytes.position();
        return length >= 8
                && end - at >= 8
                && bytes.getShort(at) == (short) 0xfffe
                && bytes.getShort(at + 2) == (short) 0xe000;
    }

    private Element sequence(String vr, int length, int end, int depth) {
        if (length != UNDEFINED) need(length, end);
        int last = length == UNDEFINED ? end : bytes.position() + length;
        // An unknown value of undefined length is an implicit sequence (PS3.5, 6.2.2).
        DicomParser parser = vr.equals("UN") ? new DicomParser(bytes, false) : this;
        List<DicomDataset> items = new ArrayList<>();
        while (last - bytes.position() >= 8) {
            int tag = tag();
            int size = bytes.getInt();
            if (tag == Tag.SEQUENCE_END) return new Element(0, 0, false, false, items);
            if (tag != Tag.ITEM) throw malformed(FIELD, "with items in its sequences", "something else");
            if (size != UNDEFINED) need(size, last);
            items.add(parser.dataset(size == UNDEFINED ? last : bytes.position() + size, depth + 1, size == UNDEFINED));
        }
        bytes.position(last);
        return new Element(0, 0, false, false, items);
    }

    private int tag() {
        return Short.toUnsignedInt(bytes.getShort()) << 16 | Short.toUnsignedInt(bytes.getShort());
    }

    /** Compressed pixels: items, up to the end of their sequence. */
    private void skipFragments(int end) {
        while (end - bytes.position() >= 8) {
            int tag = tag();
            int length = bytes.getInt();
            if (tag == Tag.SEQUENCE_END) return;
            if (tag != Tag.ITEM) throw malformed(FIELD, "with items in its sequences", "something else");
            need(length, end);
            bytes.position(bytes.position() + length);
        }
    }

    private void need(int length, int end) {
        if (length < 0 || length > end - bytes.position())
            throw malformed(FIELD, "as long as its elements say", "one that ends early");
    }
}
