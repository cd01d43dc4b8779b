package org.medficientsam.function.lambda;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medficientsam.function.s3.S3Uri;

/**
 * What became of the arrivals in one event.
 *
 * @param batchItemFailures the messages that SQS is to deliver again; the name is Lambda's
 * @param cases one per object that was settled, for good or ill
 */
record ArrivalsReport(List<Redelivery> batchItemFailures, List<Settled> cases) {
    /** @param itemIdentifier an SQS message's id; the name is Lambda's */
    record Redelivery(String itemIdentifier) {}

    /**
     * An object that needs no further try.
     *
     * @param input the object
     * @param result the result object beside the label map; null if it cannot be segmented
     * @param segs the label map
     * @param error the error object with the reason; null if it was segmented
     */
    @JsonInclude(Include.NON_NULL)
    record Settled(
            String input,
            @Nullable String result,
            @Nullable String segs,
            @Nullable String error) {
        static Settled segmented(S3Uri input, String segs) {
            return new Settled(input.toString(), segs.replaceFirst("npz$", "json"), segs, null);
        }

        static Settled refused(S3Uri input, S3Uri error) {
            return new Settled(input.toString(), null, null, error.toString());
        }
    }
}
