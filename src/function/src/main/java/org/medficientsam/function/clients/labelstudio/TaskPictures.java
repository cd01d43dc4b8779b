package org.medficientsam.function.clients.labelstudio;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.InvalidCaseException.Reason;
import org.medficientsam.function.clients.ClientBodies;
import org.medficientsam.function.clients.ClientsConfig;
import org.medficientsam.function.service.FunctionConfig;
import org.medficientsam.function.service.Problem;
import org.medficientsam.function.service.ProblemException;

/**
 * The picture of a task: inside it as a data URI, or where the task says. Who sends a task could have this machine ask any other that it
 * reaches; so nothing is fetched but from origins in the settings, never through a redirect, and within a time and a size.
 */
@ApplicationScoped
class TaskPictures {
    private static final Pattern DATA = Pattern.compile("data:[\\w./+-]{0,100}(;[\\w=-]{1,100})*;base64,");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Optional<URI> labelStudio;
    private final Optional<String> key;
    private final Set<String> origins;
    private final long most;
    private @Nullable HttpClient http;

    @Inject
    TaskPictures(ClientsConfig config, FunctionConfig function) {
        this(
                config.labelStudio().url(),
                config.labelStudio().apiKey(),
                config.labelStudio().origins().orElse(Set.of()),
                Math.min(function.maxBodySize().asLongValue(), ClientBodies.PICTURE));
    }

    TaskPictures(Optional<URI> labelStudio, Optional<String> key, Set<URI> origins, long most) {
        this.labelStudio = labelStudio;
        this.key = key;
        this.origins = origins.stream().map(TaskPictures::origin).collect(Collectors.toSet());
        this.most = most;
    }

    /**
     * A file.
     *
     * @param reference what the task says of it
     * @throws InvalidCaseException if it must not be fetched, or is too long
     * @throws ProblemException {@link Problem#STORAGE_UNAVAILABLE} if it cannot be fetched
     */
    byte[] read(String reference) throws IOException, InterruptedException {
        Matcher data = DATA.matcher(reference);
        if (data.lookingAt()) return decode(reference.substring(data.end()));
        URI uri = uri(reference);
        boolean ours =
                labelStudio.filter(url -> origin(url).equals(origin(uri))).isPresent();
        if (!ours && !origins.contains(origin(uri)))
            throw malformed(
                    "the task's picture",
                    "a data URI, or of an origin in medficientsam.clients.label-studio",
                    "another origin");
        return fetch(uri, ours);
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw malformed("the task's picture", "base64 in its data URI", "something else");
        }
    }

    /** A path alone is one on Label Studio. */
    private URI uri(String reference) {
        try {
            URI uri = URI.create(reference);
            if (uri.getHost() != null && uri.getUserInfo() == null) return uri;
            if (!uri.isAbsolute() && uri.getRawAuthority() == null && labelStudio.isPresent())
                return labelStudio.get().resolve(uri);
        } catch (IllegalArgumentException e) {
            // Said below, as for all others.
        }
        throw malformed(
                "the task's picture",
                "a data URI, or at a URL that medficientsam.clients.label-studio allows",
                "something else");
    }

    private static String origin(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        int usual = scheme.equals("https") ? 443 : scheme.equals("http") ? 80 : -1;
        int port = uri.getPort() < 0 ? usual : uri.getPort();
        return port < 0
                ? "none"
                : scheme + "://" + String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT) + ":" + port;
    }

    private byte[] fetch(URI uri, boolean ours) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(PATIENCE);
        if (ours) key.ifPresent(value -> request.header("Authorization", "Token " + value));
        HttpResponse<InputStream> response;
        try {
            response = client().send(request.build(), BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new ProblemException(Problem.STORAGE_UNAVAILABLE, "the task's picture could not be fetched");
        }
        try (InputStream in = response.body()) {
            if (response.statusCode() != 200)
                throw new ProblemException(
                        Problem.STORAGE_UNAVAILABLE,
                        "the task's picture could not be fetched: its server answered " + response.statusCode());
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            byte[] part = new byte[1 << 16];
            for (int read = in.read(part); read >= 0; read = in.read(part)) {
                bytes.write(part, 0, read);
                if (bytes.size() > most)
                    throw new InvalidCaseException(
                            Reason.TOO_LARGE, "the task's picture", "at most %d bytes".formatted(most), "more");
            }
            return bytes.toByteArray();
        }
    }

    private synchronized HttpClient client() {
        HttpClient there = http;
        if (there == null)
            there = HttpClient.newBuilder()
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(PATIENCE)
                    .build();
        http = there;
        return there;
    }
}
