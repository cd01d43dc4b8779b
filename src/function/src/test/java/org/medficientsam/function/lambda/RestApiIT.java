package org.medficientsam.function.lambda;

import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;

class RestApiIT extends LambdaHttpContract {
    @BeforeAll
    static void start() throws IOException {
        start("rest-api-it", HttpFront.Kind.REST_API);
    }
}
