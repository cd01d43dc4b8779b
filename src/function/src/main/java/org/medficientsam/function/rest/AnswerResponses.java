package org.medficientsam.function.rest;

import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Variant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.medficientsam.function.service.Answer;
import org.medficientsam.function.service.AnswerForm;
import org.medficientsam.function.service.MediaTypes;
import org.medficientsam.function.service.SegmentationResult;

/** Which form an answer has, and the answer in it, with headers that say how it came about. */
final class AnswerResponses {
    static final String TIMING = "Server-Timing";
    static final String MODEL = "Medficientsam-Model";
    static final String SHA256 = "Medficientsam-Model-Sha256";
    static final String RULES = "Medficientsam-Rules";
    static final String WINDOW = "Medficientsam-Window";
    static final String SLICES = "Medficientsam-Slices-Encoded";
    static final String BOXES = "Medficientsam-Boxes-Decoded";
    static final String PEAK_RSS = "Medficientsam-Peak-Rss-Bytes";

    /** Forms that Accept chooses; others have a type that says too little. */
    private static final Map<String, AnswerForm> BY_TYPE = Map.of(
            MediaTypes.NPZ,
            AnswerForm.NPZ,
            MediaTypes.JSON,
            AnswerForm.JSON,
            MediaTypes.PNG,
            AnswerForm.OVERLAY,
            MediaTypes.GZIP,
            AnswerForm.NIFTI,
            MediaTypes.GEOJSON,
            AnswerForm.GEOJSON);

    private AnswerResponses() {}

    /**
     * The form that {@code ?format=} names, or that Accept allows.
     *
     * @param types what Accept may choose among, the default first
     * @throws NotAcceptableException if Accept allows none
     */
    static AnswerForm form(Optional<String> format, Request request, List<String> types) {
        if (format.isPresent()) return AnswerForm.named(format.get());
        Variant chosen = request.selectVariant(
                Variant.mediaTypes(types.stream().map(MediaType::valueOf).toArray(MediaType[]::new))
                        .build());
        if (chosen == null) throw new NotAcceptableException();
        return BY_TYPE.getOrDefault(chosen.getMediaType().toString(), AnswerForm.NPZ);
    }

    /**
     * The form that {@code ?format=} or Accept names; empty where Accept leaves it open.
     *
     * @throws NotAcceptableException if Accept allows none
     */
    static Optional<AnswerForm> wanted(Optional<String> format, Request request, HttpHeaders headers) {
        boolean open = headers.getAcceptableMediaTypes().stream().anyMatch(MediaType::isWildcardType);
        AnswerForm form = form(format, request, MediaTypes.ANSWERS);
        return format.isEmpty() && open && form == AnswerForm.NPZ ? Optional.empty() : Optional.of(form);
    }

    static Response of(Answer answer) {
        SegmentationResult result = answer.result();
        Object entity = answer.form() == AnswerForm.JSON
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
