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
     * @param coded whether Content-Encoding says how it comes; some clients say gzip where only a file inside is
     */
    public record Body(String field, long most, boolean coded) {
        /** One that comes as Content-Encoding says. */
        public Body(String field, long most) {
            this(field, most, true);
        }
    }

    /** One that takes bodies of any type. */
    public static BodyRoute of(String path, String field, long most) {
        Optional<Body> body = Optional.of(new Body(field, most));
        return new BodyRoute(path, type -> body);
    }
}
