package org.medficientsam.function.rest;

import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.container.ContainerRequestContext;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Refuses a Content-Type that is none before the framework, which takes it for a fault of ours, tries to parse it. */
class ContentTypeCheck {
    @ServerRequestFilter(preMatching = true)
    void parse(ContainerRequestContext request) {
        try {
            request.getMediaType();
        } catch (IllegalArgumentException e) {
            throw new NotSupportedException(e);
        }
    }
}
