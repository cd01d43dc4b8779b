package org.medficientsam.function.s3;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A store for a class of tests, with a proxy before it that can be told to fail. */
abstract class S3Scenario {
    static final int CAP = 64 << 10;

    static S3Server s3;
    static FaultyProxy proxy;

    @BeforeAll
    static void startStore() throws IOException, InterruptedException {
        s3 = S3Server.start();
        proxy = new FaultyProxy(s3.base());
    }

    @AfterAll
    static void stopStore() {
        proxy.close();
        s3.close();
    }

    @BeforeEach
    void noFaults() {
        proxy.forget();
    }

    /** What makes a function use the store through the proxy. */
    static Map<String, String> environment() {
        return Map.of(
                "AWS_ENDPOINT_URL", proxy.url(),
                "AWS_REGION", "eu-central-1",
                "AWS_RETRY_MODE", "standard",
                "AWS_ACCESS_KEY_ID", "none",
                "AWS_SECRET_ACCESS_KEY", "none",
                "MEDFICIENTSAM_S3_ALLOWED", "s3://cases/,s3://results/segs/",
                "MEDFICIENTSAM_EVENTS_OUTPUT", "s3://results/segs/",
                "MEDFICIENTSAM_MAX_BODY_SIZE", Integer.toString(CAP));
    }
}
