package org.medficientsam.function.clients;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** A request as a client's own code sent it (see resources/clients/record), sent again byte for byte but for host and connection. */
final class RecordedRequest {
    private final String head;
    private final byte[] body;

    /** What came back. */
    record Reply(int status, String reason, Map<String, String> headers, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    private RecordedRequest(String head, byte[] body) {
        this.head = head;
        this.body = body;
    }

    /** @param name as slicer/00_upload_image */
    static RecordedRequest of(String name) throws IOException {
        try (InputStream in = RecordedRequest.class.getResourceAsStream("/clients/" + name + ".http")) {
            byte[] all = Objects.requireNonNull(in, name).readAllBytes();
            int end = new String(all, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n");
            return new RecordedRequest(
                    new String(all, 0, end, StandardCharsets.ISO_8859_1), Arrays.copyOfRange(all, end + 4, all.length));
        }
    }

    /** The same to another path. */
    RecordedRequest to(String from, String path) {
        return new RecordedRequest(head.replaceFirst(" " + from, " " + path), body);
    }

    /** The same with another body. */
    RecordedRequest with(String other) {
        byte[] bytes = other.getBytes(StandardCharsets.UTF_8);
        return new RecordedRequest(head.replaceFirst("Content-Length: \\d+", "Content-Length: " + bytes.length), bytes);
    }

    String body() {
        return new String(body, StandardCharsets.UTF_8);
    }

    Reply sendTo(URI base) throws IOException {
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            socket.setSoTimeout(300_000);
            OutputStream out = socket.getOutputStream();
            String here = head.replaceFirst("Host: [^\r]*", "Host: localhost")
                    .replaceFirst("(?i)Connection: keep-alive", "Connection: close");
            out.write((here + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
            out.write(body);
            out.flush();
            return read(socket.getInputStream().readAllBytes());
        }
    }

    private static Reply read(byte[] all) throws IOException {
        String text = new String(all, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        String[] lines = text.substring(0, end).split("\r\n");
        Map<String, String> headers = new HashMap<>();
        for (String line : Arrays.asList(lines).subList(1, lines.length)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        byte[] body = Arrays.copyOfRange(all, end + 4, all.length);
        boolean chunked = "chunked".equals(headers.get("transfer-encoding"));
        String[] status = lines[0].split(" ", 3);
        return new Reply(Integer.parseInt(status[1]), status[2], headers, chunked ? joined(body) : body);
    }

    private static byte[] joined(byte[] chunks) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        String text = new String(chunks, StandardCharsets.ISO_8859_1);
        for (int at = 0; ; ) {
            int line = text.indexOf("\r\n", at);
            int size = Integer.parseInt(text.substring(at, line), 16);
            if (size == 0) return all.toByteArray();
            all.write(chunks, line + 2, size);
            at = line + 2 + size + 2;
        }
    }
}
