package org.medficientsam.function.lambda;

import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;

class HttpApiIT extends LambdaHttpContract {
    @BeforeAll
    static void start() throws IOException {
        start("http-api-it", HttpFront.Kind.HTTP_API_WITH_STAGE);
    }
}
