package org.medficientsam.eval.target;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medficientsam.eval.target.CaseOutcome.Measures;

/** What the function says as JSON: the result of a case, or a Lambda error object with a problem in it. */
final class FunctionAnswer {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode answer;

    private FunctionAnswer(JsonNode answer) {
        this.answer = answer;
    }

    /** @throws IOException if it is no JSON */
    static FunctionAnswer parse(byte[] json) throws IOException {
        return new FunctionAnswer(JSON.readTree(json));
    }

    /** Where the label map is; null if it is in the answer. */
    @Nullable
    String segsUri() {
        return answer.path("segs").path("s3").textValue();
    }

    /** @throws IOException if it is not in the answer */
    byte[] segsNpz() throws IOException {
        byte[] npz = answer.path("segs").path("npz").binaryValue();
        if (npz == null) {
            throw new IOException("the answer has no label map");
        }
        return npz;
    }

    ModelInfo model() {
        JsonNode model = answer.path("model");
        return new ModelInfo(
                model.path("id").asText(),
                model.path("sha256").textValue(),
                model.path("precision").textValue(),
                null,
                null,
                null,
                null);
    }

    Measures measures() {
        Map<String, Double> stages = new TreeMap<>();
        answer.path("timingsMs")
                .properties()
                .forEach(stage -> stages.put(stage.getKey(), stage.getValue().asDouble()));
        return new Measures(stages, count("slicesEncoded"), count("boxesDecoded"), count("peakRssBytes"));
    }

    private OptionalLong count(String field) {
        JsonNode count = answer.path(field);
        return count.isIntegralNumber() ? OptionalLong.of(count.longValue()) : OptionalLong.empty();
    }

    /** The last part of an error object's type, such as {@code Busy}; empty for a result. */
    String errorType() {
        String type = answer.path("errorType").asText();
        return type.substring(1 + Math.max(type.lastIndexOf('.'), type.lastIndexOf('$')));
    }

    /** One line from an error object: status, title and detail where the function could say, else what Lambda says. */
    String reason() {
        String message = answer.path("errorMessage").asText();
        try {
            JsonNode problem = JSON.readTree(message);
            if (problem.path("title").isTextual()) {
                return "%d %s: %s"
                        .formatted(
                                problem.path("status").asInt(),
                                problem.path("title").asText(),
                                problem.path("detail").asText());
            }
        } catch (IOException notAProblem) {
            // Lambda's own words, such as of a timeout.
        }
        return "%s: %s".formatted(errorType(), message).replaceFirst("^: ", "");
    }
}
