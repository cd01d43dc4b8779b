package org.medficientsam.function.lambda;

import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;

class FunctionUrlIT extends LambdaHttpContract {
    @BeforeAll
    static void start() throws IOException {
        start("function-url-it", HttpFront.Kind.FUNCTION_URL);
    }
}
