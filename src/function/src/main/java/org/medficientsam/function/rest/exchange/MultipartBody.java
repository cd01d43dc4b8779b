package org.medficientsam.function.rest.exchange;

import static org.medficientsam.casefile.InvalidCaseException.malformed;
import static org.medficientsam.casefile.InvalidCaseException.tooLarge;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.medficientsam.function.service.CaseContent;
import org.medficientsam.imagefile.image.InputFile;

/**
 * A {@code multipart/form-data} body, its parts where they lie in it: nothing is copied, and no name of a sender's file becomes one here.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7578">RFC 7578</a>
 */
final class MultipartBody {
    /** Slices of a series, and fields. */
    private static final int MOST_PARTS = 4096 + 64;

    private static final int LONGEST_HEADERS = 8 << 10;
    private static final int LONGEST_FIELD = 1 << 20;
    private static final Pattern BOUNDARY = Pattern.compile("(?i);\\s*boundary=(?:\"([^\"]{1,70})\"|([^;\\s]{1,70}))");
    private static final Pattern NAME = Pattern.compile("(?i);\\s*name=(?:\"([^\"]*)\"|([^;\\s]+))");
    private static final Pattern FILE = Pattern.compile("(?i);\\s*filename=(?:\"([^\"]*)\"|([^;\\s]+))");

    private final List<Part> parts;

    /** @param fileName of a file; empty of a plain field */
    private record Part(String name, Optional<String> fileName, InputFile content) {}

    private MultipartBody(List<Part> parts) {
        this.parts = parts;
    }

    /**
     * @param contentType with its boundary
     * @throws org.medficientsam.casefile.InvalidCaseException if it is damaged or has too many parts
     */
    static MultipartBody read(CaseContent.Received body, String contentType) throws IOException {
        Matcher boundary = BOUNDARY.matcher(contentType);
        if (!boundary.find()) throw malformed("Content-Type", "multipart/form-data with a boundary", "none");
        byte[] delimiter = ("\r\n--" + group(boundary)).getBytes(StandardCharsets.ISO_8859_1);
        List<Long> ends = ends(body, delimiter);
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i + 1 < ends.size(); i++)
            parts.add(part(body, ends.get(i), ends.get(i + 1) - delimiter.length));
        if (parts.isEmpty()) throw malformed("body", "parts between boundaries", "none");
        return new MultipartBody(parts);
    }

    private static String group(Matcher matcher) {
        return matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
    }

    /** Where each delimiter ends; the first one may lack its line break. */
    private static List<Long> ends(CaseContent.Received body, byte[] delimiter) throws IOException {
        int[] back = failures(delimiter);
        List<Long> ends = new ArrayList<>();
        byte[] step = new byte[1 << 16];
        int matched = 2; // as if a line had ended before the body
        long at = 0;
        try (InputStream in = body.file("").open()) {
            for (int read = in.read(step); read >= 0; read = in.read(step)) {
                for (int i = 0; i < read; i++) {
                    while (matched > 0 && (matched == delimiter.length || step[i] != delimiter[matched]))
                        matched = back[matched - 1];
                    if (step[i] == delimiter[matched]) matched++;
                    if (matched == delimiter.length) ends.add(at + i + 1);
                }
                at += read;
                if (ends.size() > MOST_PARTS + 1)
                    throw tooLarge("body", "of at most %d parts".formatted(MOST_PARTS), "more");
            }
        }
        return ends;
    }

    /** By length of what was matched less one: how long a beginning of the delimiter its end is. */
    private static int[] failures(byte[] delimiter) {
        int[] back = new int[delimiter.length];
        for (int i = 1, matched = 0; i < delimiter.length; i++) {
            while (matched > 0 && delimiter[i] != delimiter[matched]) matched = back[matched - 1];
            if (delimiter[i] == delimiter[matched]) matched++;
            back[i] = matched;
        }
        return back;
    }

    /**
     * @param from behind a delimiter
     * @param to where the next begins
     */
    private static Part part(CaseContent.Received body, long from, long to) throws IOException {
        byte[] start = body.part(from, to - from, "").start(LONGEST_HEADERS);
        String text =
                new String(start, StandardCharsets.ISO_8859_1); // a byte is a character, so that places are places
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) throw malformed("body", "parts with headers of at most 8 KiB", "others");
        String disposition = text.substring(0, end)
                .lines()
                .filter(line -> line.regionMatches(true, 0, "Content-Disposition:", 0, 20))
                .findFirst()
                .orElseThrow(() -> malformed("body", "parts with Content-Disposition", "one without"));
        Matcher name = NAME.matcher(disposition);
        Matcher file = FILE.matcher(disposition);
        Optional<String> fileName = file.find() ? Optional.of(group(file)) : Optional.empty();
        long content = from + end + 4;
        return new Part(
                name.find() ? group(name) : "", fileName, body.part(content, to - content, fileName.orElse("")));
    }

    /** The files, in their order. */
    List<InputFile> files() {
        return parts.stream()
                .filter(part -> part.fileName().isPresent())
                .map(Part::content)
                .toList();
    }

    /** The first plain field of that name. */
    Optional<String> field(String name) throws IOException {
        for (Part part : parts) {
            if (part.fileName().isPresent() || !part.name().equals(name)) continue;
            if (part.content().size() > LONGEST_FIELD)
                throw tooLarge(name, "a field of at most %d bytes".formatted(LONGEST_FIELD), "more");
            return Optional.of(new String(part.content().start(LONGEST_FIELD), StandardCharsets.UTF_8));
        }
        return Optional.empty();
    }
}
