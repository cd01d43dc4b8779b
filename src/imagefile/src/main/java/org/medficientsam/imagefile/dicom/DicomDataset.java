package org.medficientsam.imagefile.dicom;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Elements by tag; values are read where they lie when they are asked for. */
final class DicomDataset {
    private static final String FIELD = "dicom";

    /**
     * Where a value lies; a sequence has items instead.
     *
     * @param words whether its bytes come in words of 16 bits
     * @param encapsulated whether its length is undefined, as that of compressed pixels is
     */
    record Element(int offset, int length, boolean words, boolean encapsulated, List<DicomDataset> items) {}

    private final ByteBuffer bytes;
    private final Map<Integer, Element> elements = new HashMap<>();

    DicomDataset(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    void put(int tag, Element element) {
        elements.put(tag, element);
    }

    boolean has(int tag) {
        return elements.containsKey(tag);
    }

    Optional<Element> element(int tag) {
        return Optional.ofNullable(elements.get(tag));
    }

    /** Items of a sequence; none if it is not there. */
    List<DicomDataset> items(int tag) {
        Element element = elements.get(tag);
        return element == null ? List.of() : element.items();
    }

    /** The first item of a sequence. */
    Optional<DicomDataset> item(int tag) {
        return items(tag).stream().findFirst();
    }

    /** A text without padding; nothing if it is not there or empty. */
    Optional<String> text(int tag) {
        @Nullable Element element = elements.get(tag);
        // No text that is read here is longer than a few numbers.
        if (element == null || element.length() > 1024) return Optional.empty();
        byte[] text = new byte[element.length()];
        bytes.get(element.offset(), text);
        String stripped =
                new String(text, StandardCharsets.ISO_8859_1).replace('\0', ' ').strip();
        return stripped.isEmpty() ? Optional.empty() : Optional.of(stripped);
    }

    /**
     * Numbers in decimal text, separated by backslashes.
     *
     * @throws org.medficientsam.casefile.InvalidCaseException if one is none, or not finite
     */
    double[] decimals(int tag) {
        Optional<String> text = text(tag);
        if (text.isEmpty()) return new double[0];
        String[] parts = text.get().split("\\\\", -1);
        double[] numbers = new double[parts.length];
        try {
            for (int i = 0; i < parts.length; i++) numbers[i] = Double.parseDouble(parts[i]);
        } catch (NumberFormatException e) {
            throw malformed(FIELD, "with numbers in element " + name(tag), "something else");
        }
        for (double number : numbers)
            if (!Double.isFinite(number))
                throw malformed(FIELD, "with finite numbers in element " + name(tag), Double.toString(number));
        return numbers;
    }

    /** One number in decimal text. */
    Optional<Double> decimal(int tag) {
        double[] numbers = decimals(tag);
        return numbers.length == 0 ? Optional.empty() : Optional.of(numbers[0]);
    }

    /** The uint16 values of an element. */
    int[] shorts(int tag) {
        Element element = elements.get(tag);
        if (element == null) return new int[0];
        int[] values = new int[element.length() / 2];
        for (int i = 0; i < values.length; i++) values[i] = bytes.getShort(element.offset() + 2 * i) & 0xffff;
        return values;
    }

    /** The first uint16 of an element. */
    Optional<Integer> uint16(int tag) {
        Element element = elements.get(tag);
        return element == null || element.length() < 2
                ? Optional.empty()
                : Optional.of(bytes.getShort(element.offset()) & 0xffff);
    }

    /** @throws org.medficientsam.casefile.InvalidCaseException if it is not there */
    int requiredUint16(int tag) {
        return uint16(tag).orElseThrow(() -> malformed(FIELD, "with element " + name(tag), "none"));
    }

    ByteBuffer bytes() {
        return bytes;
    }

    static String name(int tag) {
        return "(%04X,%04X)".formatted(tag >>> 16, tag & 0xffff);
    }
}
