package org.medficientsam.function.rest;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;

/** REST in this process. */
@QuarkusTest
class RestTest extends ServedContract {
    // By address, as the Lambda extension's event server takes over the test port and answers any POST.
    @TestHTTPResource("/")
    URI base = URI.create("");

    @Override
    protected RestDoor door() {
        return new RestDoor(base);
    }
}
