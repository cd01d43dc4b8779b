package org.medficientsam.function.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.medficientsam.function.BadCase;
import org.medficientsam.function.SampleCase;
import org.medficientsam.function.rest.RestContract;
import org.medficientsam.function.rest.RestDoor;

/** HTTP in front of the zip: everything that REST promises, and the label map of a plain invocation. */
abstract class LambdaHttpContract extends RestContract {
    private static LambdaRuntime lambda;
    private static HttpFront front;

    static void start(String name, HttpFront.Kind kind) throws IOException {
        String port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = Integer.toString(free.getLocalPort());
        }
        lambda = LambdaRuntime.start(
                name,
                "org.medficientsam.function.lambda.SegmentHandler::handleRequest",
                Map.of(
                        "QUARKUS_HTTP_HOST_ENABLED",
                        "true",
                        "QUARKUS_HTTP_HOST",
                        "127.0.0.1",
                        "QUARKUS_HTTP_PORT",
                        port,
                        "MEDFICIENTSAM_MAX_BODY_SIZE",
                        BadCase.Limit.BODY));
        front = new HttpFront(lambda, kind);
    }

    @AfterAll
    static void stop() {
        front.close();
        lambda.close();
    }

    @Override
    protected RestDoor door() {
        return new RestDoor(front.uri());
    }

    @Test
    void labelMapIsThatOfAPlainInvocation() {
        byte[] segs = lambda.segment(SampleCase.image()).segsNpz();

        assertThat(segs).startsWith('P', 'K');
        assertThat(door().segment(SampleCase.image()).segsNpz()).isEqualTo(segs);
    }
}
