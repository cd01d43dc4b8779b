package org.medficientsam.function.rest;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A segmentation request over a bare socket, of which headers and the first byte are sent and the rest when the test wants. */
final class RawRequest implements AutoCloseable {
    private final Socket socket;
    private final byte[] rest;

    RawRequest(ServedJar jar, byte[] body) throws IOException {
        socket = new Socket(jar.base().getHost(), jar.base().getPort());
        socket.setSoTimeout(300_000);
        String head = "POST /v1/segmentations HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Content-Type: application/x-npz\r\nContent-Length: %d\r\n\r\n".formatted(body.length);
        OutputStream out = socket.getOutputStream();
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.write(body, 0, 1);
        out.flush();
        rest = Arrays.copyOfRange(body, 1, body.length);
    }

    void sendRest() throws IOException {
        socket.getOutputStream().write(rest);
        socket.getOutputStream().flush();
    }

    /** Status line and all that follows. */
    String answer() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
