package org.medficientsam.function.rest.exchange;

import java.util.Optional;
import java.util.function.Function;

/**
 * A path whose POSTs bring a body that is received before anything else is done about it. Beans of this type are found by the intake.
 *
 * @param path as Vert.x writes it, {@code :id} for any segment
 * @param body by Content-Type without parameters, in lower case, "" for none; empty for a body that nobody wants
 */
public record BodyRoute(String path, Function<String, Optional<Body>> body) {
    /**
     * What a body is.
     *
     * @param field what an error calls it
     * @param most bytes it may have
     */
    public record Body(String field, long most) {}

    /** One that takes bodies of any type. */
    public static BodyRoute of(String path, String field, long most) {
        Optional<Body> body = Optional.of(new Body(field, most));
        return new BodyRoute(path, type -> body);
    }
}
