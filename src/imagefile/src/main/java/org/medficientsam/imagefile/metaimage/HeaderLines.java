package org.medficientsam.imagefile.metaimage;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Lines of a name and a value, as both formats begin. */
final class HeaderLines {
    private static final int MOST_LINES = 4096;
    private static final int LONGEST = 1 << 16;

    private final String field;
    private final Map<String, String> values = new LinkedHashMap<>();

    private HeaderLines(String field) {
        this.field = field;
    }

    /** MetaImage: name = value, ElementDataFile last. */
    static HeaderLines metaImage(InputStream in) throws IOException {
        HeaderLines lines = new HeaderLines("mha");
        for (int i = 0; i < MOST_LINES; i++) {
            lines.put(lines.line(in), "=");
            if (lines.values.containsKey("elementdatafile")) return lines;
        }
        throw malformed("mha", "with ElementDataFile", "none");
    }

    /** NRRD: name: value, then an empty line; comments and key/value pairs of others are passed over. */
    static HeaderLines nrrd(InputStream in) throws IOException {
        HeaderLines lines = new HeaderLines("nrrd");
        lines.line(in);
        for (int i = 0; i < MOST_LINES; i++) {
            String line = lines.line(in);
            if (line.isEmpty()) return lines;
            if (!line.startsWith("#") && !line.contains(":=")) lines.put(line, ":");
            // One that names another file may end where its own file ends.
            if (lines.namesAnotherFile()) return lines;
        }
        throw malformed("nrrd", "with an empty line after its header", "none");
    }

    private String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int next = in.read();
            if (next < 0 || line.length() > LONGEST) throw malformed(field, "a whole header", "one that ends early");
            if (next == '\n') return line.toString().strip();
            line.append((char) next);
        }
    }

    private void put(String line, String separator) {
        int at = line.indexOf(separator);
        if (at < 0) throw malformed(field, "a header of names and values", "another line");
        values.put(
                line.substring(0, at).strip().toLowerCase(Locale.ROOT),
                line.substring(at + 1).strip());
    }

    /** Whether the voxels are elsewhere. */
    boolean namesAnotherFile() {
        return values.containsKey("data file") || values.containsKey("datafile");
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
    }

    String required(String name) {
        return text(name).orElseThrow(() -> malformed(field, "with " + name, "none"));
    }

    boolean isTrue(String name) {
        return text(name).filter(value -> value.equalsIgnoreCase("true")).isPresent();
    }

    /** The numbers of the first of several names of the same that is there. */
    double[] numbersOf(String... names) {
        for (String name : names) if (values.containsKey(name)) return numbers(name);
        return new double[0];
    }

    /** Numbers between blanks, commas and brackets, NaN among them; "none" counts as none of them. */
    double[] numbers(String name) {
        String[] parts = text(name)
                .orElse("")
                .replaceAll("[(),]", " ")
                .replace("none", " ")
                .strip()
                .split("\\s+");
        if (parts[0].isEmpty()) return new double[0];
        double[] numbers = new double[parts.length];
        try {
            for (int i = 0; i < parts.length; i++)
                numbers[i] = parts[i].equalsIgnoreCase("nan") ? Double.NaN : Double.parseDouble(parts[i]);
        } catch (NumberFormatException e) {
            throw malformed(field, "with numbers as " + name, "something else");
        }
        return numbers;
    }

    /** As many whole numbers from 1 to 2^31. */
    int[] sizes(String name) {
        double[] numbers = numbers(name);
        int[] sizes = new int[numbers.length];
        for (int i = 0; i < sizes.length; i++) {
            if (!(numbers[i] >= 1 && numbers[i] < Integer.MAX_VALUE) || numbers[i] != Math.rint(numbers[i]))
                throw malformed(field, "with whole numbers above 0 as " + name, "others");
            sizes[i] = (int) numbers[i];
        }
        return sizes;
    }

    /** Keeps the header's bytes out of a message: only plain short words are quoted. */
    static String plain(String value) {
        return value.matches("[\\w .-]{1,32}") ? value : "another";
    }
}
