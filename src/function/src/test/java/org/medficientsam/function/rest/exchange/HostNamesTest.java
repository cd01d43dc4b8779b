package org.medficientsam.function.rest.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server for this machine alone is asked by its own names, not by one that a page elsewhere made lead here. */
@QuarkusTest
@TestProfile(HostNamesTest.Laptop.class)
class HostNamesTest {
    /** Listens to this machine alone, as tests do anyway, and has a viewer elsewhere and a proxy with a name of its own. */
    public static class Laptop implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quarkus.http.host", "127.0.0.1",
                    "quarkus.http.cors.enabled", "true",
                    "quarkus.http.cors.origins", "https://viewer.example,/https:.*\\.trusted\\.example/");
        }
    }

    @TestHTTPResource("/")
    URI base = URI.create("");

    /** Over a bare socket, as Java's own client does not let one choose Host. */
    private String ask(String path, String... headers) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", base.getPort())) {
            String head = "GET %s HTTP/1.1\r\nConnection: close\r\n%s\r\n".formatted(path, String.join("", headers));
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST:8080",
                "localhost.",
                "127.0.0.1:9",
                "[::1]:8080",
                "10.1.2.3",
                "host.docker.internal:8080",
                "viewer.example"
            })
    void itsOwnNamesAndAddressesAreAnswered(String host) throws IOException {
        assertThat(ask("/v1/models", "Host: " + host + "\r\n")).startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example", "1e.2"})
    void anothersNameIsRefusedInASentence(String host) throws IOException {
        for (String path : new String[] {"/", "/v1/models", "/q/metrics", "/sam/version/"})
            assertThat(ask(path, "Host: " + host + "\r\n"))
                    .startsWith("HTTP/1.1 421")
                    .contains("urn:medficientsam:problem:unknown-host", "medficientsam.hosts");
        // Where the page that was rebound claims to be from does not help it.
        assertThat(ask("/v1/models", "Host: " + host + "\r\nOrigin: http://" + host + "\r\n"))
                .startsWith("HTTP/1.1 421");
    }

    @Test
    void probesAreAnsweredWhateverTheyCallIt() throws IOException {
        assertThat(ask("/q/health/ready", "Host: pod.example\r\n")).startsWith("HTTP/1.1 200");
    }
}
