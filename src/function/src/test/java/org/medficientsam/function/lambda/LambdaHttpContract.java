package org.medficientsam.function.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.medficientsam.function.BadCase;
import org.medficientsam.function.SampleCase;
import org.medficientsam.function.rest.RestContract;
import org.medficientsam.function.rest.RestDoor;

/** HTTP in front of the zip: everything that REST promises, and the label map of a plain invocation. */
abstract class LambdaHttpContract extends RestContract {
    private static @Nullable LambdaRuntime lambda;
    private static @Nullable HttpFront front;

    static void start(String name, HttpFront.Kind kind) throws IOException {
        String port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = Integer.toString(free.getLocalPort());
        }
        LambdaRuntime started = LambdaRuntime.start(
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
        lambda = started;
        front = new HttpFront(started, kind);
    }

    @AfterAll
    static void stop() {
        if (front != null) front.close();
        if (lambda != null) lambda.close();
    }

    @Override
    protected RestDoor door() {
        return new RestDoor(Objects.requireNonNull(front).uri());
    }

    @Test
    void labelMapIsThatOfAPlainInvocation() {
        byte[] segs = Objects.requireNonNull(lambda).segment(SampleCase.image()).segsNpz();

        assertThat(segs).startsWith('P', 'K');
        assertThat(door().segment(SampleCase.image()).segsNpz()).isEqualTo(segs);
    }

    @Test
    void thereIsNoPageWhereNoImageIsKept() {
        assertThat(door().get("").statusCode()).isEqualTo(404);
        assertThat(door().get("page/app.js").statusCode()).isEqualTo(404);
    }
}
