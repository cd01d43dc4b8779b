package org.medficientsam.imagefile.dicom;

import static org.medficientsam.casefile.InvalidCaseException.malformed;
import static org.medficientsam.casefile.InvalidCaseException.tooLarge;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.medficientsam.imagefile.image.ReadLimits;

/** The elements of one file and how its pixels are encoded. */
record DicomFile(DicomDataset dataset, String transferSyntax) {
    private static final String FIELD = "dicom";
    private static final int PREAMBLE = 128;
    private static final String IMPLICIT = "1.2.840.10008.1.2";
    private static final String EXPLICIT = "1.2.840.10008.1.2.1";
    private static final String DEFLATED = "1.2.840.10008.1.2.1.99";
    private static final String BIG_ENDIAN = "1.2.840.10008.1.2.2";

    /** How many bytes {@link #begins} wants to see. */
    static final int START_BYTES = PREAMBLE + 4;

    /** Whether a file is marked as DICOM, or begins as one without preamble would. */
    static boolean begins(byte[] start) {
        return isMarked(start) || isBare(start);
    }

    static boolean isMarked(byte[] start) {
        return start.length >= START_BYTES
                && start[PREAMBLE] == 'D'
                && start[PREAMBLE + 1] == 'I'
                && start[PREAMBLE + 2] == 'C'
                && start[PREAMBLE + 3] == 'M';
    }

    /** Group 2 or 8, little-endian, with one of its first elements, and a plausible length or value representation. */
    private static boolean isBare(byte[] start) {
        if (start.length < 12 || start[1] != 0 || start[3] != 0 || (start[0] != 2 && start[0] != 8)) return false;
        boolean element = start[2] >= 0 && start[2] <= 0x18;
        boolean explicit = Character.isUpperCase(start[4]) && Character.isUpperCase(start[5]);
        return element && (explicit || (start[6] == 0 && start[7] == 0 && start[5] == 0));
    }

    /** @throws org.medficientsam.casefile.InvalidCaseException if it is damaged, or inflates beyond the limits */
    static DicomFile parse(byte[] file, ReadLimits limits) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        if (isMarked(file)) bytes.position(START_BYTES);
        else if (!isBare(file)) throw malformed(FIELD, "a DICOM file", "another beginning");
        DicomDataset meta = DicomParser.meta(bytes);
        int start = bytes.position();
        String syntax = meta.text(Tag.TRANSFER_SYNTAX).orElseGet(() -> guess(bytes, start));
        if (syntax.equals(DEFLATED)) {
            ByteBuffer inflated = inflate(file, start, limits);
            return new DicomFile(DicomParser.parse(inflated, 0, true), EXPLICIT);
        }
        if (syntax.equals(BIG_ENDIAN)) bytes.order(ByteOrder.BIG_ENDIAN);
        // Some writers leave value representations out where the transfer syntax has them.
        boolean explicit = !syntax.equals(IMPLICIT) && (bytes.limit() - start < 8 || isExplicit(bytes, start));
        return new DicomFile(DicomParser.parse(bytes, start, explicit), syntax);
    }

    /** Of a file without meta elements: explicit if a value representation follows the first tag. */
    private static String guess(ByteBuffer bytes, int start) {
        if (bytes.limit() - start < 8) throw malformed(FIELD, "with elements", "none");
        return isExplicit(bytes, start) ? EXPLICIT : IMPLICIT;
    }

    private static boolean isExplicit(ByteBuffer bytes, int start) {
        return Character.isUpperCase(bytes.get(start + 4)) && Character.isUpperCase(bytes.get(start + 5));
    }

    private static ByteBuffer inflate(byte[] file, int start, ReadLimits limits) throws IOException {
        Inflater inflater = new Inflater(true);
        try (InputStream in =
                new InflaterInputStream(new ByteArrayInputStream(file, start, file.length - start), inflater)) {
            byte[] inflated = in.readNBytes(limits.maxFileBytes());
            if (in.read() >= 0) throw tooLarge(FIELD, "at most %d bytes".formatted(limits.maxFileBytes()), "more");
            return ByteBuffer.wrap(inflated).order(ByteOrder.LITTLE_ENDIAN);
        } catch (java.util.zip.ZipException | java.io.EOFException e) {
            throw malformed(FIELD, "deflated as its transfer syntax says", "something else");
        } finally {
            inflater.end();
        }
    }

    boolean isRle() {
        return transferSyntax.equals(RlePixels.TRANSFER_SYNTAX);
    }

    /** Whether the pixels lie there as plain numbers. */
    boolean isNative() {
        return transferSyntax.equals(IMPLICIT) || transferSyntax.equals(EXPLICIT) || transferSyntax.equals(BIG_ENDIAN);
    }

    boolean hasPixels() {
        return dataset.has(Tag.PIXELS) || dataset.has(Tag.FLOAT_PIXELS) || dataset.has(Tag.DOUBLE_PIXELS);
    }

    /** Numbers of the pixels lie in this order. */
    ByteOrder order() {
        return dataset.bytes().order();
    }
}
