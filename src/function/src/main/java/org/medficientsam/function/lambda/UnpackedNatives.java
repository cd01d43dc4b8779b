package org.medficientsam.function.lambda;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** In function.zip ONNX Runtime's libraries lie unpacked beside the jars, so that no start extracts them. */
@ApplicationScoped
class UnpackedNatives {
    private static final String PROPERTY = "onnxruntime.native.path";

    void use(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent start) {
        use(System.getenv());
    }

    static void use(Map<String, String> environment) {
        String root = environment.get("LAMBDA_TASK_ROOT");
        if (root != null && System.getProperty(PROPERTY) == null) {
            Path natives = Path.of(root, "native");
            if (Files.isDirectory(natives)) {
                System.setProperty(PROPERTY, natives.toString());
            }
        }
    }
}
