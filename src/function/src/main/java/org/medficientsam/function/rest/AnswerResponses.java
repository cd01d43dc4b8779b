package org.medficientsam.function.rest;

import jakarta.ws.rs.core.Response;
import java.util.Locale;
import java.util.stream.Collectors;
import org.medficientsam.function.answer.JsonForm;
import org.medficientsam.function.service.Answer;
import org.medficientsam.function.service.SegmentationResult;

/** An answer over HTTP, with headers that say how it came about. */
final class AnswerResponses {
    static final String TIMING = "Server-Timing";
    static final String MODEL = "Medficientsam-Model";
    static final String SHA256 = "Medficientsam-Model-Sha256";
    static final String RULES = "Medficientsam-Rules";
    static final String WINDOW = "Medficientsam-Window";
    static final String SLICES = "Medficientsam-Slices-Encoded";
    static final String BOXES = "Medficientsam-Boxes-Decoded";
    static final String PEAK_RSS = "Medficientsam-Peak-Rss-Bytes";

    private AnswerResponses() {}

    static Response of(Answer answer) {
        SegmentationResult result = answer.result();
        Object entity = answer.form() instanceof JsonForm
                ? result
                : answer.written().orElseGet(() -> result.segs().requireNpz());
        Response.ResponseBuilder response = Response.ok(entity, answer.form().mediaType())
                .header(TIMING, serverTiming(result))
                .header(MODEL, result.model().id())
                .header(SHA256, result.model().sha256())
                .header(RULES, result.rules())
                .header(SLICES, result.slicesEncoded())
                .header(BOXES, result.boxesDecoded());
        if (result.window() != null) {
            response.header(WINDOW, result.window());
        }
        if (result.peakRssBytes() != null) {
            response.header(PEAK_RSS, result.peakRssBytes());
        }
        return response.build();
    }

    private static String serverTiming(SegmentationResult result) {
        return result.timingsMs().entrySet().stream()
                .map(stage -> String.format(Locale.ROOT, "%s;dur=%.3f", stage.getKey(), stage.getValue()))
                .collect(Collectors.joining(", "));
    }
}
