package org.medficientsam.function.clients.labelstudio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.function.service.ProblemException;

/** Against two servers of this machine: one that may be asked, one that may not. */
class TaskPicturesTest {
    private final List<String> asked = new ArrayList<>(); // path and key
    private @Nullable HttpServer allowed;
    private @Nullable HttpServer other;

    private HttpServer serve() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            String path = exchange.getRequestURI().getPath();
            byte[] body = path.endsWith("large") ? new byte[5000] : new byte[] {1, 2, 3};
            if (path.endsWith("moved")) exchange.getResponseHeaders().add("Location", url(other, "/secret"));
            exchange.sendResponseHeaders(path.endsWith("moved") ? 302 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static String url(@Nullable HttpServer server, String path) {
        return "http://127.0.0.1:" + (server == null ? 0 : server.getAddress().getPort()) + path;
    }

    @BeforeEach
    void start() throws IOException {
        allowed = serve();
        other = serve();
    }

    @AfterEach
    void stop() {
        for (HttpServer server : new HttpServer[] {allowed, other}) if (server != null) server.stop(0);
    }

    private TaskPictures pictures(Optional<String> labelStudio) {
        return new TaskPictures(
                labelStudio.map(URI::create), Optional.of("key"), Set.of(URI.create(url(allowed, ""))), 4096);
    }

    @Test
    void dataUrisNeedNoOrigin() throws Exception {
        assertThat(pictures(Optional.empty()).read("data:image/png;base64,AQID"))
                .containsExactly(1, 2, 3);
        assertThat(asked).isEmpty();
    }

    @Test
    void allowedOriginIsAskedWithoutTheKey() throws Exception {
        assertThat(pictures(Optional.empty()).read(url(allowed, "/cells.png"))).containsExactly(1, 2, 3);
        assertThat(asked).containsExactly("/cells.png null");
    }

    @Test
    void pathAloneIsAskedOfLabelStudioWithTheKey() throws Exception {
        assertThat(pictures(Optional.of(url(other, "/"))).read("/data/upload/7/x.png"))
                .containsExactly(1, 2, 3);
        assertThat(asked).containsExactly("/data/upload/7/x.png Token key");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "OTHER/secret",
                "/data/upload/7/x.png",
                "//127.0.0.1:80/x",
                "file:///etc/passwd",
                "ftp://127.0.0.1/x",
                "http://127.0.0.1/x",
                "http://user@127.0.0.1/x",
                "jar:file:/x!/y",
                "data:image/png,raw",
                "",
                "no url at all"
            })
    void everythingElseIsRefusedUnasked(String reference) {
        String there = reference.replace("OTHER", url(other, ""));
        assertThatThrownBy(() -> pictures(Optional.empty()).read(there)).isInstanceOf(InvalidCaseException.class);
        assertThat(asked).isEmpty();
    }

    @Test
    void redirectIsNotFollowed() {
        assertThatThrownBy(() -> pictures(Optional.empty()).read(url(allowed, "/moved")))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("302");
        assertThat(asked).hasSize(1);
    }

    @Test
    void longerThanAllowedIsRefused() {
        assertThatThrownBy(() -> pictures(Optional.empty()).read(url(allowed, "/large")))
                .isInstanceOf(InvalidCaseException.class)
                .hasMessageContaining("4096");
    }
}
