package org.medficientsam.function.clients;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.http.HttpServerResponse;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.WebApplicationException;
import org.jboss.logging.Logger;
import org.medficientsam.function.rest.exchange.RequestContexts;
import org.medficientsam.function.service.FunctionMetrics;
import org.medficientsam.function.service.Problem;
import org.medficientsam.function.service.ProblemDetail;

/** Counts and logs what fails at these doors as at any other; how it is told is each client's own matter. */
@ApplicationScoped
public class ClientFaults {
    private static final Logger LOG = Logger.getLogger(ClientFaults.class);
    private static final int LONGEST_REASON = 200;

    private final FunctionMetrics metrics;
    private final RequestContexts contexts;
    private final CurrentVertxRequest request;

    @Inject
    ClientFaults(FunctionMetrics metrics, RequestContexts contexts, CurrentVertxRequest request) {
        this.metrics = metrics;
        this.contexts = contexts;
        this.request = request;
    }

    /** What a failed request may be told: status and detail are those of {@code /v1}. */
    public ProblemDetail note(Throwable failure) {
        String id = contexts.current().id();
        if (failure instanceof WebApplicationException refused) {
            int status = refused.getResponse().getStatus();
            metrics.failed(Problem.ofStatus(status));
            return ProblemDetail.ofStatus(status, id);
        }
        Problem problem = Problem.of(failure);
        metrics.failed(problem);
        if (problem == Problem.INTERNAL) LOG.error("request failed", failure);
        else LOG.infof("request refused: %s", problem.reason());
        return ProblemDetail.of(failure, id);
    }

    /**
     * Says why in the status line too: some clients show their user that line and nothing else.
     *
     * @return what was said
     */
    public ProblemDetail inStatusLine(ProblemDetail detail) {
        String reason = detail.detail().replaceAll("[^ -~]", "?");
        HttpServerResponse response = request.getCurrent().response();
        response.setStatusCode(detail.status());
        response.setStatusMessage(
                reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON) + "...");
        return detail;
    }
}
