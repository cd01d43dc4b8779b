package org.medficientsam.function.s3;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.medficientsam.function.service.Problem;
import org.medficientsam.function.service.ProblemException;
import org.medficientsam.function.service.RequestContext;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * S3, as far as it is allowed. Every failure is a {@link ProblemException} that says whose fault it is; what passes on its own
 * (throttling, a broken connection, also in the middle of a body) has been retried by then.
 */
@ApplicationScoped
public class ObjectStore {
    private static final Logger LOG = Logger.getLogger(ObjectStore.class);
    private static final int NOT_FOUND = 404;
    private static final int PRECONDITION_FAILED = 412;

    private final Instance<S3Client> client; // made with the first call: who uses no S3 needs no region either
    private final StorageConfig config;
    private final List<S3Uri> allowed;

    @Inject
    ObjectStore(Instance<S3Client> client, StorageConfig config) {
        this.client = client;
        this.config = config;
        this.allowed = config.allowed().orElse(List.of()).stream()
                .map(prefix -> S3Uri.parse("medficientsam.s3.allowed", prefix.strip()))
                .toList();
    }

    /** Consumes an object's bytes. */
    public interface Reader<T> {
        T read(InputStream bytes) throws IOException;
    }

    /** Makes the client, so that SnapStart's snapshot has it. */
    public void prime() {
        if (!allowed.isEmpty()) {
            client.get().serviceName();
        }
    }

    /**
     * Looks an object up without reading it.
     *
     * @throws ProblemException if it is not there or not ours to read
     */
    public StoredObject locate(S3Uri uri, Optional<String> version, RequestContext context) {
        requireAllowed(uri);
        HeadObjectResponse head = call(
                uri,
                context,
                s3 -> s3.headObject(request -> request.bucket(uri.bucket())
                        .key(uri.key())
                        .versionId(version.orElse(null))
                        .overrideConfiguration(call -> withinDeadline(call, context))));
        return new StoredObject(uri, version.orElse(null), head.contentLength(), head.eTag());
    }

    /**
     * Streams what {@link #locate} found; a body that breaks off is read again from its start.
     *
     * @throws ProblemException if it is gone or was replaced since
     */
    <T> T read(StoredObject object, RequestContext context, Reader<T> reader) {
        S3Uri uri = object.uri();
        return call(
                uri,
                context,
                s3 -> s3.getObject(
                        request -> request.bucket(uri.bucket())
                                .key(uri.key())
                                .versionId(object.version())
                                .ifMatch(object.eTag())
                                .overrideConfiguration(call -> withinDeadline(call, context)),
                        (response, bytes) -> {
                            try {
                                return reader.read(new WholeStream(bytes, object.size()));
                            } catch (IOException e) {
                                throw RetryableException.create("the object broke off", e);
                            } catch (RuntimeException e) {
                                throw new ReaderFailure(e);
                            }
                        }));
    }

    /** Carries what the reader threw through the SDK, which wraps everything. */
    private static final class ReaderFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final RuntimeException failure;

        ReaderFailure(RuntimeException failure) {
            super(failure);
            this.failure = failure;
        }
    }

    /** The object if it is there. */
    <T> Optional<T> find(S3Uri uri, RequestContext context, Reader<T> reader) {
        try {
            return Optional.of(read(locate(uri, Optional.empty(), context), context, reader));
        } catch (ProblemException e) {
            if (e.problem() == Problem.OBJECT_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Writes an object whole unless one is there.
     *
     * @return whether this call wrote it
     */
    boolean putOnce(S3Uri uri, byte[] content, String contentType, RequestContext context) {
        return put(uri, content, contentType, "*", context);
    }

    /** Writes an object whole, in place of any that is there. */
    public void put(S3Uri uri, byte[] content, String contentType, RequestContext context) {
        put(uri, content, contentType, null, context);
    }

    private boolean put(
            S3Uri uri, byte[] content, String contentType, @Nullable String unlessThere, RequestContext context) {
        requireAllowed(uri);
        return call(uri, context, s3 -> {
            try {
                s3.putObject(
                        request -> request.bucket(uri.bucket())
                                .key(uri.key())
                                .contentType(contentType)
                                .ifNoneMatch(unlessThere)
                                .overrideConfiguration(call -> withinDeadline(call, context)),
                        RequestBody.fromBytes(content));
                return true;
            } catch (S3Exception e) {
                if (e.statusCode() == PRECONDITION_FAILED) {
                    return false;
                }
                throw e;
            }
        });
    }

    /** @throws ProblemException if the settings do not allow it */
    void requireAllowed(S3Uri uri) {
        if (allowed.stream().noneMatch(uri::isUnder)) {
            throw new ProblemException(
                    Problem.OBJECT_FORBIDDEN,
                    "s3 must be under a prefix that medficientsam.s3.allowed lists, got " + excerpt(uri));
        }
    }

    private void withinDeadline(AwsRequestOverrideConfiguration.Builder call, RequestContext context) {
        Duration most = context.remaining().orElse(config.callTimeout());
        Duration timeout = least(most, config.callTimeout());
        call.apiCallTimeout(timeout).apiCallAttemptTimeout(least(timeout, config.attemptTimeout()));
    }

    private static Duration least(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private <T> T call(S3Uri uri, RequestContext context, Function<S3Client, T> call) {
        if (context.isOver()) {
            throw new ProblemException(Problem.DEADLINE_EXCEEDED, "no time is left for S3");
        }
        try {
            return call.apply(client.get());
        } catch (S3Exception e) {
            LOG.infof(
                    "S3 answers %d %s",
                    e.statusCode(),
                    e.awsErrorDetails() == null ? "" : e.awsErrorDetails().errorCode());
            throw refused(uri, e.statusCode());
        } catch (RuntimeException e) {
            // Not only the SDK's own: java.net fails in odd ways when a timeout closes its connection.
            throw failed(e, context);
        }
    }

    private static RuntimeException failed(RuntimeException failure, RequestContext context) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ReaderFailure reader) {
                return reader.failure;
            }
        }
        if (context.isOver()) {
            return new ProblemException(
                    Problem.DEADLINE_EXCEEDED, "the case must be done before the deadline, but S3 was not");
        }
        LOG.warnf("S3 cannot be reached: %s", failure.getMessage());
        return new ProblemException(Problem.STORAGE_UNAVAILABLE, "S3 must answer, got no whole answer in time");
    }

    private static ProblemException refused(S3Uri uri, int status) {
        if (status == NOT_FOUND) {
            return new ProblemException(
                    Problem.OBJECT_NOT_FOUND, "s3 must name an object, got %s, where none is".formatted(excerpt(uri)));
        }
        if (status == PRECONDITION_FAILED || status == 409 || status == 429 || status >= 500) {
            return new ProblemException(
                    Problem.STORAGE_UNAVAILABLE, "S3 must serve the request, got status %d".formatted(status));
        }
        return new ProblemException(
                Problem.OBJECT_FORBIDDEN,
                "s3 must name an object that this function may use, got %s, which S3 refuses (%d)"
                        .formatted(excerpt(uri), status));
    }

    private static String excerpt(S3Uri uri) {
        return ProblemException.excerpt(uri.toString());
    }
}
