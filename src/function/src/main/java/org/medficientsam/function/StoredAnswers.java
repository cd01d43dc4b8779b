package org.medficientsam.function;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.Optional;

/**
 * Answers cases whose label map goes to S3. The key is made of case, model and content, and is written once: the label map
 * first, whole, then the result object that names it. So a repeated request finds the result and gives the same, and where a
 * result object is, its label map is too.
 */
@ApplicationScoped
class StoredAnswers {
    private final SegmentationService service;
    private final OpenBundles bundles;
    private final FunctionConfig config;
    private final ObjectStore store;
    private final ObjectMapper json;

    @Inject
    StoredAnswers(
            SegmentationService service,
            OpenBundles bundles,
            FunctionConfig config,
            ObjectStore store,
            ObjectMapper json) {
        this.service = service;
        this.bundles = bundles;
        this.config = config;
        this.store = store;
        this.json = json;
    }

    /** Answers the request, to S3 if it asks for that. */
    SegmentationResult segment(SegmentationRequest request) throws IOException {
        Optional<S3Uri> prefix = request.output();
        if (prefix.isEmpty()) {
            return service.segment(request).result();
        }
        store.requireAllowed(prefix.get());
        ResultKeys keys = keys(request, prefix.get());
        Optional<SegmentationResult> there = find(keys);
        if (there.isPresent()) {
            return there.get();
        }
        SegmentationResult result = service.segment(request).result();
        store.putOnce(keys.segs(), result.segs().requireNpz(), MediaTypes.NPZ);
        SegmentationResult stored = result.storedAt(keys.segs());
        boolean first = store.putOnce(keys.result(), json.writeValueAsBytes(stored), MediaTypes.JSON);
        return first ? stored : find(keys).orElse(stored);
    }

    private Optional<SegmentationResult> find(ResultKeys keys) {
        return store.find(keys.result(), bytes -> json.readValue(bytes, SegmentationResult.class));
    }

    private ResultKeys keys(SegmentationRequest request, S3Uri prefix) {
        try (OpenBundles.Loan loan = bundles.borrow(request.model())) {
            String rules = request.rules()
                    .or(config::rules)
                    .orElseGet(() -> loan.segmenter().rules().name());
            return ResultKeys.of(
                    prefix,
                    request.name(),
                    loan.model().sha256(),
                    request.source().identity(),
                    rules);
        }
    }
}
