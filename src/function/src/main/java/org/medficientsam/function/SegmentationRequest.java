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
 * @param output the prefix in S3 under which the label map goes; empty if it goes into the answer
 */
record SegmentationRequest(
        CaseSource source, String name, Optional<String> model, Optional<String> rules, Optional<S3Uri> output) {
    /** What a case is called that came without a name. */
    static final String UNNAMED = "case.npz";

    /** One whose label map goes into the answer. */
    SegmentationRequest(CaseSource source, String name, Optional<String> model, Optional<String> rules) {
        this(source, name, model, rules, Optional.empty());
    }

    /**
     * From a Lambda event, {@code {input: {npz: base64} | {s3: uri}, output: {inline: true} | {s3: prefix}, model?, rules?,
     * case?}}. What lies in S3 is looked up here and read later.
     *
     * @throws InvalidCaseException if a field is missing, of another type or no base64
     * @throws ProblemException if the object is not there or not to be read
     */
    static SegmentationRequest of(@Nullable JsonNode event, long maxBytes, ObjectStore store) {
        if (event == null || event.isMissingNode()) {
            throw notJson();
        }
        Optional<S3Uri> output = output(event.path("output"));
        Optional<String> name = text(event, "case");
        Optional<String> model = text(event, "model");
        Optional<String> rules = text(event, "rules");
        JsonNode input = event.path("input");
        if (input.path("s3").isTextual()) {
            S3Uri uri = S3Uri.parse("input.s3", input.path("s3").textValue());
            String fileName = name.orElse(uri.fileName());
            Invocation.about(fileName); // before the look-up, whose failure is about it too
            CaseSource source = new CaseSource.InStore(store, store.locate(uri, Optional.empty()));
            return new SegmentationRequest(source, fileName, model, rules, output);
        }
        Invocation.about(name.orElse(UNNAMED));
        byte[] npz = npz(input, maxBytes);
        CaseSource source =
                new CaseSource.Inline(new ByteArrayInputStream(npz), output.isPresent() ? ResultKeys.sha256(npz) : "");
        return new SegmentationRequest(source, name.orElse(UNNAMED), model, rules, output);
    }

    private static Optional<S3Uri> output(JsonNode output) {
        if (output.path("s3").isTextual()) {
            return Optional.of(S3Uri.parse("output.s3", output.path("s3").textValue()));
        }
        if (!output.isMissingNode() && !output.path("inline").asBoolean()) {
            throw malformed("output", "{inline: true} or {s3: prefix}", kind(output));
        }
        return Optional.empty();
    }

    /** An event that could not even be parsed. */
    static InvalidCaseException notJson() {
        return malformed("the event", "JSON", "something else");
    }

    private static byte[] npz(JsonNode input, long maxBytes) {
        JsonNode npz = input.path("npz");
        if (!npz.isTextual()) {
            throw malformed("input", "{npz: base64} or {s3: uri}", kind(input));
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
