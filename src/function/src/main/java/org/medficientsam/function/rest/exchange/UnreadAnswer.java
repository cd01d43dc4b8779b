package org.medficientsam.function.rest.exchange;

import io.netty.channel.Channel;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one connection was answered and its client has not taken; what the system's own buffers hold counts as taken. Nothing of
 * Vert.x is asked under the lock here, as Vert.x tells the end of a response under its own.
 */
final class UnreadAnswer {
    private final Channel channel;
    private final RequestsAhead ahead;
    private volatile Written written = new Written(0, null);

    // Of the one thread that looks.
    private long markNanos;
    private long markTaken = -1; // none

    /**
     * @param bytes by all responses that have ended
     * @param response that is being written
     */
    private record Written(long bytes, @Nullable HttpServerResponse response) {
        long all() {
            return bytes + (response == null ? 0 : response.bytesWritten());
        }
    }

    UnreadAnswer(Channel channel) {
        this.channel = channel;
        this.ahead = RequestsAhead.on(channel.pipeline());
    }

    synchronized void begin(HttpServerResponse next) {
        written = new Written(written.bytes, next);
    }

    void end(HttpServerResponse done) {
        ahead.answered();
        end(done, done.bytesWritten());
    }

    private synchronized void end(HttpServerResponse done, long bytes) {
        HttpServerResponse next = written.response == done ? null : written.response; // it may have begun already
        written = new Written(written.bytes + bytes, next);
    }

    /** Bytes that wait; 0 while they are fewer than a connection's buffer has place for, or when it is closed. */
    long bytes() {
        long waiting = channel.bytesBeforeWritable();
        return waiting == Long.MAX_VALUE ? 0 : waiting;
    }

    /**
     * Whether something waited all the time that the patience lasts and was taken at less than the rate. To be asked by one thread.
     *
     * @param minRate bytes per second
     */
    boolean isLeft(long nowNanos, Duration patience, long minRate) {
        long waiting = bytes();
        if (waiting == 0) {
            markTaken = -1;
            return false;
        }
        long taken = Math.max(0, written.all() - waiting);
        double seconds = (nowNanos - markNanos) / 1e9;
        boolean marked = markTaken >= 0;
        if (marked && seconds < patience.toMillis() / 1e3) return false;
        boolean left = marked && taken - markTaken < minRate * seconds;
        markNanos = nowNanos;
        markTaken = taken;
        return left;
    }

    void close() {
        channel.close();
    }
}
