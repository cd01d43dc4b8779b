package org.medficientsam.function.s3;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.InvalidCaseException.Reason;
import org.medficientsam.function.answer.NpzForm;
import org.medficientsam.function.service.CaseContent;
import org.medficientsam.function.service.CaseSource;
import org.medficientsam.function.service.FunctionConfig;
import org.medficientsam.function.service.ProblemException;
import org.medficientsam.function.service.RequestContext;
import org.medficientsam.function.service.SegmentationRequest;
import org.medficientsam.function.service.Wanted;
import org.medficientsam.imagefile.intensity.IntensityWindow;

/**
 * Reads a request as JSON says it, whether it is Lambda's event or a body over REST:
 * {@code {input: {npz: base64} | {s3: uri}, output: {inline: true} | {s3: prefix}, model?, rules?, case?}}.
 */
@ApplicationScoped
public class SegmentEventParser {
    private static final String DATA_URL = "data:";
    private static final String BASE64 = ";base64";

    private final ObjectStore store;
    private final ObjectMapper json;
    private final long maxBytes;

    @Inject
    SegmentEventParser(ObjectStore store, ObjectMapper json, FunctionConfig config) {
        this.store = store;
        this.json = json;
        this.maxBytes = config.maxBodySize().asLongValue();
    }

    /**
     * @param body UTF-8
     * @throws InvalidCaseException as {@link #parse(JsonNode, RequestContext)}, or if it is no JSON
     */
    public SegmentEvent parse(byte[] body, RequestContext context) throws IOException {
        JsonNode event;
        try {
            event = json.readTree(body);
        } catch (JsonProcessingException e) {
            throw notJson();
        }
        return parse(event, context);
    }

    /**
     * What lies in S3 is looked up here and read later.
     *
     * @throws InvalidCaseException if a field is missing, of another type or no base64
     * @throws ProblemException if the object is not there or not to be read
     */
    public SegmentEvent parse(@Nullable JsonNode event, RequestContext context) {
        if (event == null || event.isMissingNode()) {
            throw notJson();
        }
        Optional<S3Uri> output = output(event.path("output"));
        Optional<String> name = text(event, "case");
        Optional<String> model = text(event, "model");
        Optional<String> rules = text(event, "rules");
        IntensityWindow window =
                text(event, "window").map(IntensityWindow::parse).orElse(IntensityWindow.AUTO);
        JsonNode input = event.path("input");
        if (input.path("s3").isTextual()) {
            S3Uri uri = S3Uri.parse("input.s3", input.path("s3").textValue());
            String fileName = name.orElse(uri.fileName());
            context.about(fileName); // before the look-up, whose failure is about it too
            CaseSource source = new StoredCase(store, store.locate(uri, Optional.empty(), context));
            return new SegmentEvent(
                    new SegmentationRequest(source, fileName, model, rules, window, Wanted.of(new NpzForm())), output);
        }
        String caseName = name.orElse(SegmentationRequest.UNNAMED);
        context.about(caseName);
        byte[] npz = npz(input);
        CaseSource source =
                new CaseSource.Inline(new CaseContent.InMemory(npz), output.isPresent() ? ResultKeys.sha256(npz) : "");
        return new SegmentEvent(
                new SegmentationRequest(source, caseName, model, rules, window, Wanted.of(new NpzForm())), output);
    }

    /** An event that could not even be parsed. */
    public static InvalidCaseException notJson() {
        return malformed("the event", "JSON", "something else");
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

    private byte[] npz(JsonNode input) {
        JsonNode npz = input.path("npz");
        if (!npz.isTextual()) {
            throw malformed("input", "{npz: base64} or {s3: uri}", kind(input));
        }
        String base64 = npz.textValue();
        if (base64.length() / 4 * 3L > maxBytes + 2) {
            throw new InvalidCaseException(Reason.TOO_LARGE, "input.npz", "at most " + maxBytes + " bytes", "more");
        }
        // Many tools break lines; anything else that is none of its characters is a mistake.
        String oneLine = base64.indexOf('\n') < 0 ? base64 : base64.replaceAll("[\r\n]", "");
        int content = contentStart(oneLine);
        try {
            return Base64.getDecoder().decode(oneLine.substring(content));
        } catch (IllegalArgumentException e) {
            throw malformed("input.npz", "base64", "other characters");
        }
    }

    /**
     * Where base64 begins: after the head of a data URL, as a browser's {@code readAsDataURL} makes one. Its media type is not looked
     * at, as browsers do not know npz.
     */
    private static int contentStart(String base64) {
        if (!base64.regionMatches(true, 0, DATA_URL, 0, DATA_URL.length())) return 0;
        int comma = base64.indexOf(',');
        if (comma < 0 || !base64.regionMatches(true, comma - BASE64.length(), BASE64, 0, BASE64.length()))
            throw malformed("input.npz", "base64, or a data URL of it", "a data URL without ;base64,");
        return comma + 1;
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
