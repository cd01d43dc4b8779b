package org.medficientsam.function;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.io.IOException;
import java.io.InputStream;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.InvalidCaseException.Reason;

/** Cases by reference over REST, where the settings allow it: the body is what the Lambda function takes. */
@Singleton
@Path("/v1/segmentations")
public class SegmentationReferenceResource {
    /** References are short; whoever has bytes posts them as npz. */
    private static final int LONGEST = 64 << 10;

    private final StoredAnswers answers;
    private final ObjectStore store;
    private final StorageConfig config;
    private final WarmUp warmUp;
    private final ObjectMapper json;

    @Inject
    SegmentationReferenceResource(
            StoredAnswers answers, ObjectStore store, StorageConfig config, WarmUp warmUp, ObjectMapper json) {
        this.answers = answers;
        this.store = store;
        this.config = config;
        this.warmUp = warmUp;
        this.json = json;
    }

    /** @return a {@link SegmentationResult} */
    @POST
    @Blocking
    @Consumes(MediaTypes.JSON)
    @Produces(MediaTypes.JSON)
    public Object segment(InputStream body) throws IOException {
        if (!config.rest()) {
            throw new NotSupportedException();
        }
        warmUp.check();
        byte[] event = body.readNBytes(LONGEST + 1);
        if (event.length > LONGEST) {
            throw new InvalidCaseException(
                    Reason.TOO_LARGE, "a JSON body", "at most %d bytes".formatted(LONGEST), "more");
        }
        return answers.segment(SegmentationRequest.of(parsed(event), LONGEST, store));
    }

    private JsonNode parsed(byte[] event) throws IOException {
        try {
            return json.readTree(event);
        } catch (JsonProcessingException e) {
            throw SegmentationRequest.notJson();
        }
    }
}
