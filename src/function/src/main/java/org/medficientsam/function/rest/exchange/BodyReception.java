package org.medficientsam.function.rest.exchange;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Path;
import java.util.Objects;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.InvalidCaseException.Reason;
import org.medficientsam.function.service.CaseContent;
import org.medficientsam.function.service.FunctionConfig;
import org.medficientsam.function.service.Problem;
import org.medficientsam.function.service.ProblemException;
import org.medficientsam.imagefile.image.ScratchFiles;

/** One body on its way: into memory while it is short, then into a file. Runs on the event loop of its connection. */
final class BodyReception {
    private static final Logger LOG = Logger.getLogger(BodyReception.class);
    private static final long CHECK_MILLIS = 500;

    private final HttpServerRequest request;
    private final RoutingContext exchange;
    private final Vertx vertx;
    private final Context context;
    private final String field;
    private final long most;
    private final boolean gzipped;
    private final FunctionConfig.Intake limits;
    private final IntakeRoom room;
    private final Promise<Void> done = Promise.promise();
    private final long length; // -1 if the client does not tell
    private long startNanos;

    private Buffer memory = Buffer.buffer();
    private @Nullable AsyncFile file;
    private @Nullable Path path;
    private long received;
    private long inMemory;
    private long onDisk;
    private @Nullable InflatedBody inflated;
    private long timer;
    private boolean ended;
    private boolean freed;
    private boolean abandoned;
    private @Nullable RuntimeException failure;

    /**
     * @param body what it is
     * @param gzipped whether it comes in gzip
     */
    BodyReception(
            RoutingContext exchange,
            BodyRoute.Body body,
            boolean gzipped,
            FunctionConfig.Intake limits,
            IntakeRoom room) {
        this.exchange = exchange;
        this.request = exchange.request();
        this.vertx = exchange.vertx();
        this.context = vertx.getOrCreateContext();
        this.field = body.field();
        this.most = body.most();
        this.gzipped = gzipped;
        this.limits = limits;
        this.room = room;
        String told = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        this.length = told != null && told.matches("\\d{1,18}") ? Long.parseLong(told) : -1;
    }

    /**
     * Whether the body can be received before the request goes on. Over HTTP/2 the framework wants a request that has not ended,
     * so that its end must be foreseen.
     */
    boolean canBegin() {
        return request.version() != HttpVersion.HTTP_2 || length >= 0;
    }

    /** Completes when the body is there, or cannot come. */
    Future<Void> begin() {
        startNanos = System.nanoTime();
        if (length > most || length == 0) {
            end(length > most ? tooLarge("" + length) : null);
            return done.future();
        }
        timer = vertx.setPeriodic(CHECK_MILLIS, now -> checkTime());
        request.exceptionHandler(this::breakOff);
        request.handler(this::take);
        request.endHandler(end -> finish());
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT)))
            request.response().writeContinue();
        request.resume();
        return done.future();
    }

    /** As {@link #begin} from another thread, which waits. */
    void await() {
        context.runOnContext(now -> begin());
        done.future().toCompletionStage().toCompletableFuture().join();
    }

    private InvalidCaseException tooLarge(String found) {
        return new InvalidCaseException(Reason.TOO_LARGE, field, "at most %d bytes".formatted(most), found);
    }

    private void take(Buffer part) {
        if (ended) return;
        received += part.length();
        keep(part);
        if (received == length && request.version() == HttpVersion.HTTP_2) {
            request.pause();
            if (file != null || path == null) finish(); // else once the file is open
        }
    }

    private void keep(Buffer part) {
        if (received > most) {
            request.pause();
            end(tooLarge("more"));
        } else if (file == null && received <= CaseContent.LONGEST_IN_MEMORY) {
            if (takeMemory(part.length())) memory.appendBuffer(part);
        } else if (takeDisk(part.length())) {
            toFile(part);
        }
    }

    private boolean takeMemory(long bytes) {
        if (!room.takeMemory(bytes)) return full();
        inMemory += bytes;
        return true;
    }

    private boolean takeDisk(long bytes) {
        if (!room.takeDisk(bytes)) return full();
        onDisk += bytes;
        return true;
    }

    private boolean full() {
        end(IntakeRoom.full());
        return false;
    }

    private void toFile(Buffer part) {
        memory.appendBuffer(part);
        AsyncFile open = file;
        if (open != null) {
            write(open);
        } else if (path == null) {
            Path made = ScratchFiles.name(".npz");
            path = made;
            request.pause();
            vertx.fileSystem()
                    .open(made.toString(), new OpenOptions().setCreateNew(true).setPerms("rw-------"))
                    .onSuccess(this::opened)
                    .onFailure(e -> end(new IllegalStateException("a body cannot be spooled", e)));
        }
    }

    private void opened(AsyncFile opened) {
        file = opened;
        if (freed) {
            close();
            return;
        }
        opened.exceptionHandler(e -> end(new IllegalStateException("a body cannot be spooled", e)));
        write(opened);
        if (received == length && request.version() == HttpVersion.HTTP_2) finish();
        else request.resume();
    }

    private void write(AsyncFile open) {
        Buffer part = memory;
        memory = Buffer.buffer();
        room.giveMemory(inMemory);
        inMemory = 0;
        open.write(part);
        if (open.writeQueueFull()) {
            request.pause();
            open.drainHandler(drained -> {
                if (!ended && file != null) request.resume();
            });
        }
    }

    private void finish() {
        if (ended) return;
        AsyncFile open = file;
        if (open == null) {
            end(null);
            return;
        }
        file = null;
        open.close()
                .onSuccess(closed -> end(null))
                .onFailure(e -> end(new IllegalStateException("a body cannot be spooled", e)));
    }

    /** A total time, and from a while after the start on a least rate. */
    private void checkTime() {
        if (ended) return;
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        double least =
                (seconds - limits.grace().toMillis() / 1e3) * limits.minRate().asLongValue();
        if (seconds > limits.timeout().toMillis() / 1e3 || received < least) {
            String detail = "a body must arrive within %d s and at %d bytes per second, got %d bytes in %.0f s"
                    .formatted(limits.timeout().toSeconds(), limits.minRate().asLongValue(), received, seconds);
            if (!exchange.response().headWritten()) {
                // What the client may still send nobody wants.
                exchange.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
                exchange.addEndHandler(answered ->
                        vertx.setTimer(CHECK_MILLIS, now -> request.connection().close()));
            }
            end(new ProblemException(Problem.REQUEST_TIMEOUT, detail));
        }
    }

    private void breakOff(Throwable cause) {
        if (ended) return;
        LOG.debug("the client has gone before the end of its body", cause);
        abandoned = true;
        end(new ProblemException(Problem.ABANDONED, "the client has gone"));
    }

    /** From any thread: it need not come to its end. */
    void fail(RuntimeException why) {
        context.runOnContext(now -> end(why));
    }

    private void end(@Nullable RuntimeException why) {
        if (ended) return;
        ended = true;
        failure = why;
        vertx.cancelTimer(timer);
        if (why != null) free();
        done.complete();
    }

    /** Whether the client left before its body was there, so that there is nobody to answer. */
    boolean isAbandoned() {
        return abandoned;
    }

    /** @throws RuntimeException why there is none */
    CaseContent.Received content() {
        if (failure != null) throw failure;
        if (!gzipped) return received();
        InflatedBody body = InflatedBody.of(received(), field, most, room);
        context.runOnContext(now -> own(body));
        return body.content();
    }

    private void own(InflatedBody body) {
        inflated = body;
        if (freed) body.free();
    }

    private CaseContent.Received received() {
        return path != null
                ? new CaseContent.InFile(path)
                : new CaseContent.InMemory(Objects.requireNonNull(memory).getBytes());
    }

    /** Gives back what the body takes; its file too, unless that was handed over and has gone already. */
    void free() {
        if (freed) return;
        freed = true;
        room.giveMemory(inMemory);
        room.giveDisk(onDisk);
        if (inflated != null) inflated.free();
        memory = Buffer.buffer();
        close();
    }

    private void close() {
        AsyncFile open = file;
        file = null;
        if (open != null) open.close();
        Path spooled = path;
        if (spooled != null)
            vertx.fileSystem().delete(spooled.toString()).onComplete(done -> ScratchFiles.delete(spooled));
    }
}
