package org.medficientsam.function.s3;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.enterprise.inject.Instance;
import java.io.IOException;
import java.lang.reflect.Proxy;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.function.service.FunctionConfig;
import org.medficientsam.function.service.Problem;
import org.medficientsam.function.service.ProblemException;
import org.medficientsam.function.service.RequestContext;
import software.amazon.awssdk.services.s3.S3Client;

/** The JSON of a request, guided by coverage when JAZZER_FUZZ is set; otherwise the seeds and what was found once. */
class SegmentEventFuzzTest {
    private static final SmallRyeConfig CONFIG = new SmallRyeConfigBuilder()
            .addDiscoveredConverters()
            .withMapping(FunctionConfig.class)
            .withMapping(StorageConfig.class)
            .build();

    /** Nothing in S3 is allowed, so that a reference is refused before any client is made. */
    private final SegmentEventParser parser = new SegmentEventParser(
            new ObjectStore(noClient(), CONFIG.getConfigMapping(StorageConfig.class)),
            new ObjectMapper(),
            CONFIG.getConfigMapping(FunctionConfig.class));

    @SuppressWarnings("unchecked") // a proxy has no type arguments
    private static Instance<S3Client> noClient() {
        return (Instance<S3Client>) Proxy.newProxyInstance(
                SegmentEventFuzzTest.class.getClassLoader(), new Class<?>[] {Instance.class}, (proxy, method, with) -> {
                    throw new AssertionError("what is not allowed needs no client");
                });
    }

    @FuzzTest(maxDuration = "5m")
    void eventIsReadOrRefused(byte[] json) throws IOException {
        try {
            parser.parse(json, RequestContext.of(null));
        } catch (InvalidCaseException e) {
            // The caller's fault, told as such.
        } catch (ProblemException e) {
            if (e.problem() != Problem.OBJECT_FORBIDDEN) throw e;
        }
    }
}
