package org.medficientsam.function.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.http.HttpClosedException;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;
import org.medficientsam.function.rest.exchange.RequestContexts;
import org.medficientsam.function.rest.exchange.RouteOrder;
import org.medficientsam.function.service.FunctionConfig;
import org.medficientsam.function.service.FunctionMetrics;
import org.medficientsam.function.service.Problem;
import org.medficientsam.function.service.ProblemDetail;
import org.medficientsam.function.service.ProblemException;

/** Every failed request answers problem+json, whichever layer refused it. */
@ApplicationScoped
class ProblemResponses {
    private static final Logger LOG = Logger.getLogger(ProblemResponses.class);

    private final FunctionConfig config;
    private final FunctionMetrics metrics;
    private final ObjectMapper json;
    private final RequestContexts contexts;

    @Inject
    ProblemResponses(FunctionConfig config, FunctionMetrics metrics, ObjectMapper json, RequestContexts contexts) {
        this.config = config;
        this.metrics = metrics;
        this.json = json;
        this.contexts = contexts;
    }

    /** What Vert.x refuses: a path nobody serves, a request it cannot parse. */
    void onRouterErrors(@Observes Router router) {
        for (int status : new int[] {400, 401, 403, 404, 405, 406, 413, 414, 415, 421, 429, 431, 500, 501, 503}) {
            router.errorHandler(status, exchange -> answer(exchange, status));
        }
        // What fails before any route is matched, such as a path that is none, or in a filter: Quarkus would answer
        // without a body.
        router.route()
                .order(RouteOrder.FAILURE)
                .failureHandler(exchange -> answer(exchange, exchange.statusCode() < 0 ? 500 : exchange.statusCode()));
    }

    private void answer(RoutingContext exchange, int status) {
        Throwable failure = exchange.failure();
        Problem problem = failure instanceof ProblemException known
                ? known.problem()
                : isOfTheClient(failure) ? Problem.ABANDONED : Problem.ofStatus(status);
        metrics.failed(problem);
        if (failure != null && problem == Problem.INTERNAL) {
            LOG.error("request failed outside the application", failure);
        }
        if (exchange.response().headWritten()) {
            return;
        }
        if (problem.isTemporary())
            exchange.response()
                    .putHeader(HttpHeaders.RETRY_AFTER, "" + config.retryAfter().toSeconds());
        String id = RequestContexts.of(exchange).id();
        exchange.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, ProblemDetail.MEDIA_TYPE)
                .end(toJson(
                        failure instanceof ProblemException
                                ? ProblemDetail.of(failure, id)
                                : ProblemDetail.ofStatus(status, id)));
    }

    @ServerExceptionMapper
    Response toResponse(WebApplicationException refused) {
        Response original = refused.getResponse();
        metrics.failed(Problem.ofStatus(original.getStatus()));
        ProblemDetail detail =
                ProblemDetail.ofStatus(original.getStatus(), contexts.current().id());
        Response.ResponseBuilder response = Response.status(original.getStatus())
                .type(ProblemDetail.MEDIA_TYPE)
                .entity(detail);
        if (original.getHeaderString(HttpHeaders.ALLOW) != null) {
            response.header(HttpHeaders.ALLOW, original.getHeaderString(HttpHeaders.ALLOW));
        }
        return response.build();
    }

    @ServerExceptionMapper
    Response toResponse(Throwable failure) {
        Problem problem = isOfTheClient(failure) ? Problem.ABANDONED : Problem.of(failure);
        metrics.failed(problem);
        ProblemDetail detail = ProblemDetail.of(failure, contexts.current().id());
        if (problem == Problem.INTERNAL) {
            LOG.error("request failed", failure);
        } else if (problem == Problem.ABANDONED) {
            LOG.debugf("request ended: %s", failure.getMessage());
        } else {
            LOG.infof("request refused: %s", problem.reason());
        }
        Response.ResponseBuilder response =
                Response.status(problem.status()).type(ProblemDetail.MEDIA_TYPE).entity(detail);
        if (problem.isTemporary()) {
            response.header(HttpHeaders.RETRY_AFTER, config.retryAfter().toSeconds());
        }
        return response.build();
    }

    /** Whether nobody is there who would read what was being written. */
    private static boolean isOfTheClient(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause())
            if (cause instanceof HttpClosedException) return true;
        return false;
    }

    private String toJson(ProblemDetail detail) {
        try {
            return json.writeValueAsString(detail);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a problem must be writable", e);
        }
    }
}
