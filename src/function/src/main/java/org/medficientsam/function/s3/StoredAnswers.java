package org.medficientsam.function.s3;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.Optional;
import org.medficientsam.function.service.FunctionConfig;
import org.medficientsam.function.service.MediaTypes;
import org.medficientsam.function.service.OpenBundles;
import org.medficientsam.function.service.RequestContext;
import org.medficientsam.function.service.SegmentationRequest;
import org.medficientsam.function.service.SegmentationResult;
import org.medficientsam.function.service.SegmentationService;
import org.medficientsam.imagefile.intensity.IntensityWindow;

/**
 * Answers cases whose label map goes to S3. The key is made of case, model and content, and is written once: the label map
 * first, whole, then the result object that names it. So a repeated request finds the result and gives the same, and where a
 * result object is, its label map is too.
 */
@ApplicationScoped
public class StoredAnswers {
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
    public SegmentationResult segment(SegmentEvent event, RequestContext context) throws IOException {
        SegmentationRequest request = event.request();
        Optional<S3Uri> prefix = event.output();
        if (prefix.isEmpty()) {
            return service.segment(request, context).result();
        }
        store.requireAllowed(prefix.get());
        ResultKeys keys = context.work(() -> keys(request, prefix.get()));
        Optional<SegmentationResult> there = find(keys, context);
        if (there.isPresent()) {
            return there.get();
        }
        SegmentationResult result = service.segment(request, context).result();
        store.putOnce(keys.segs(), result.segs().requireNpz(), MediaTypes.NPZ, context);
        SegmentationResult stored = result.storedAt(keys.segs().toString());
        boolean first = store.putOnce(keys.result(), json.writeValueAsBytes(stored), MediaTypes.JSON, context);
        return first ? stored : find(keys, context).orElse(stored);
    }

    private Optional<SegmentationResult> find(ResultKeys keys, RequestContext context) {
        return store.find(keys.result(), context, bytes -> json.readValue(bytes, SegmentationResult.class));
    }

    private ResultKeys keys(SegmentationRequest request, S3Uri prefix) throws InterruptedException {
        try (OpenBundles.Loan loan = bundles.borrow(request.model())) {
            String rules = request.rules()
                    .or(config::rules)
                    .orElseGet(() -> loan.segmenter().rules().name());
            return ResultKeys.of(
                    prefix,
                    request.name(),
                    loan.model().sha256(),
                    request.source().identity(),
                    request.window() == IntensityWindow.AUTO
                            ? rules
                            : rules + "\n" + request.window().name());
        }
    }
}
