package org.medficientsam.function.rest.exchange;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Closes a connection that asks for too much without waiting for answers. Vert.x keeps what it is asked meanwhile in a list without an end,
 * and walks it for each request: some ten thousand hold the thread that other connections share.
 */
final class RequestsAhead extends ChannelInboundHandlerAdapter {
    private static final int MOST = 128;
    private static final String VERTX = "handler"; // as Vert.x names its own

    private final AtomicInteger unanswered = new AtomicInteger(1); // the one that is being handled

    private RequestsAhead() {}

    /** From the first request of a connection on, while it is being handled. */
    static RequestsAhead on(ChannelPipeline pipeline) {
        RequestsAhead ahead = new RequestsAhead();
        if (pipeline.get(VERTX) != null) pipeline.addBefore(VERTX, null, ahead);
        return ahead;
    }

    void answered() {
        unanswered.decrementAndGet();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (message instanceof HttpRequest && unanswered.incrementAndGet() > MOST) {
            ReferenceCountUtil.release(message);
            context.close();
        } else {
            super.channelRead(context, message);
        }
    }
}
