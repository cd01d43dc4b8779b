package org.medficientsam.function.rest;

import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.io.IOException;
import org.medficientsam.function.rest.exchange.RequestContexts;
import org.medficientsam.function.s3.SegmentEventParser;
import org.medficientsam.function.s3.StorageConfig;
import org.medficientsam.function.s3.StoredAnswers;
import org.medficientsam.function.service.CaseContent;
import org.medficientsam.function.service.MediaTypes;
import org.medficientsam.function.service.RequestContext;
import org.medficientsam.function.service.SegmentationResult;
import org.medficientsam.function.service.WarmUp;

/** Cases by reference over REST, where the settings allow it: the body is what the Lambda function takes. */
@Singleton
@Path("/v1/segmentations")
public class SegmentationReferenceResource {
    /** References are short; whoever has bytes posts them as npz. */
    static final int LONGEST = 64 << 10;

    private final StoredAnswers answers;
    private final SegmentEventParser parser;
    private final StorageConfig config;
    private final WarmUp warmUp;
    private final RequestContexts contexts;

    @Inject
    SegmentationReferenceResource(
            StoredAnswers answers,
            SegmentEventParser parser,
            StorageConfig config,
            WarmUp warmUp,
            RequestContexts contexts) {
        this.answers = answers;
        this.parser = parser;
        this.config = config;
        this.warmUp = warmUp;
        this.contexts = contexts;
    }

    /** @return a {@link SegmentationResult} */
    @POST
    @Blocking
    @Consumes(MediaTypes.JSON)
    @Produces(MediaTypes.JSON)
    public Object segment() throws IOException {
        if (!config.rest()) {
            throw new NotSupportedException();
        }
        warmUp.check();
        RequestContext context = contexts.current();
        CaseContent body = contexts.body();
        if (!(body instanceof CaseContent.InMemory event))
            throw new IllegalStateException("a short body is held in memory");
        return answers.segment(parser.parse(event.npz(), context), context);
    }
}
