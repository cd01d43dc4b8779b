package org.medficientsam.function.rest.exchange;

import io.netty.channel.Channel;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.medficientsam.function.service.AnswerRoom;
import org.medficientsam.function.service.FunctionConfig;
import org.medficientsam.function.service.ProblemException;

/**
 * Answers that clients do not read. They wait in memory until they are taken, so a client must take them at the rate at which it must send; a
 * connection is asked nothing new before it has; and while too much waits, nothing is begun that would add to it.
 */
@ApplicationScoped
class UnreadAnswers {
    private static final Logger LOG = Logger.getLogger(UnreadAnswers.class);
    private static final long CHECK_MILLIS = 500;

    /** How long a client may take less than it must. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** The same while too much waits. */
    private static final Duration LITTLE_PATIENCE = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final long minRate;
    private final AnswerRoom room;
    private final Map<Channel, UnreadAnswer> connections = new ConcurrentHashMap<>();
    private final AtomicBoolean checking = new AtomicBoolean();

    @Inject
    UnreadAnswers(Vertx vertx, FunctionConfig config, AnswerRoom room) {
        this.vertx = vertx;
        this.minRate = config.intake().minRate().asLongValue();
        this.room = room;
    }

    void watch(@Observes Router router) {
        room.watchedBy(() ->
                connections.values().stream().mapToLong(UnreadAnswer::bytes).sum());
        router.route().order(RouteOrder.UNREAD).handler(this::inOrder);
        router.route().order(RouteOrder.ROOM).handler(this::refuseWithoutRoom);
    }

    private void inOrder(RoutingContext exchange) {
        HttpServerResponse response = exchange.response();
        UnreadAnswer unread = of(((ConnectionBase) exchange.request().connection()).channel());
        unread.begin(response);
        exchange.addEndHandler(done -> unread.end(response));
        if (response.writeQueueFull())
            response.drainHandler(taken -> {
                response.drainHandler(null);
                exchange.next();
            });
        else exchange.next();
    }

    private UnreadAnswer of(Channel channel) {
        if (!checking.getAndSet(true)) vertx.setPeriodic(CHECK_MILLIS, now -> check());
        UnreadAnswer there = connections.get(channel); // nobody else asks for it: all of a connection is one thread's
        if (there != null) return there;
        UnreadAnswer fresh = new UnreadAnswer(channel);
        connections.put(channel, fresh);
        channel.closeFuture().addListener(closed -> connections.remove(channel));
        return fresh;
    }

    private void refuseWithoutRoom(RoutingContext exchange) {
        try {
            if (!AccessControl.isHealth(exchange)) room.check();
            exchange.next();
        } catch (ProblemException e) {
            exchange.fail(e.problem().status(), e);
        }
    }

    private void check() {
        Duration patience = room.isFull() ? LITTLE_PATIENCE : PATIENCE;
        long now = System.nanoTime();
        for (UnreadAnswer unread : connections.values()) {
            if (!unread.isLeft(now, patience, minRate)) continue;
            LOG.debug("a client does not read its answer");
            unread.close();
        }
    }
}
