package org.medficientsam.function;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.InvalidCaseException.Reason;

/**
 * What a caller wants segmented, and how.
 *
 * @param source the case
 * @param name what the answer calls it
 * @param model a bundle's id; empty for the default
 * @param rules a rule set's name; empty for the configured one
 */
record SegmentationRequest(CaseSource source, String name, Optional<String> model, Optional<String> rules) {
    /** What a case is called that came without a name. */
    static final String UNNAMED = "case.npz";

    /**
     * From a Lambda event, {@code {input: {npz: base64}, output: {inline: true}, model?, rules?, case?}}.
     *
     * @throws InvalidCaseException if a field is missing, of another type or no base64
     */
    static SegmentationRequest of(@Nullable JsonNode event, long maxBytes) {
        if (event == null || event.isMissingNode()) {
            throw notJson();
        }
        JsonNode output = event.path("output");
        if (!output.isMissingNode() && !output.path("inline").asBoolean()) {
            throw malformed("output", "{inline: true}", kind(output));
        }
        return new SegmentationRequest(
                new CaseSource.Inline(new ByteArrayInputStream(npz(event.path("input"), maxBytes))),
                text(event, "case").orElse(UNNAMED),
                text(event, "model"),
                text(event, "rules"));
    }

    /** An event that could not even be parsed. */
    static InvalidCaseException notJson() {
        return malformed("the event", "JSON", "something else");
    }

    private static byte[] npz(JsonNode input, long maxBytes) {
        JsonNode npz = input.path("npz");
        if (!npz.isTextual()) {
            throw malformed("input", "{npz: base64}", kind(input));
        }
        String base64 = npz.textValue();
        if (base64.length() / 4 * 3L > maxBytes + 2) {
            throw new InvalidCaseException(Reason.TOO_LARGE, "input.npz", "at most " + maxBytes + " bytes", "more");
        }
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw malformed("input.npz", "base64", "other characters");
        }
    }

    private static Optional<String> text(JsonNode event, String field) {
        JsonNode value = event.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw malformed(field, "a string", kind(value));
        }
        return Optional.of(value.textValue());
    }

    /** A node's type, never its value. */
    private static String kind(JsonNode node) {
        return node.isMissingNode() ? "nothing" : node.getNodeType().name().toLowerCase(Locale.ROOT);
    }

    private static InvalidCaseException malformed(String field, String expected, String found) {
        return new InvalidCaseException(Reason.MALFORMED, field, expected, found);
    }
}
