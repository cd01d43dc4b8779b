package org.medficientsam.function.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.medficientsam.function.Door;

/** The OpenAPI document has every route, and of each what it can be refused with. */
@QuarkusTest
class OpenApiTest {
    private static final Map<Class<?>, String> METHODS =
            Map.of(GET.class, "get", POST.class, "post", DELETE.class, "delete");

    @TestHTTPResource("/")
    URI base = URI.create("");

    private JsonNode paths() throws IOException {
        return Door.JSON
                .readTree(new RestDoor(base).get("q/openapi?format=json").body())
                .path("paths");
    }

    private static String plain(String path) {
        return ("/" + path).replaceAll(": [^}]*}", "}").replaceAll("/+", "/").replaceAll("(?<=.)/$", "");
    }

    /** From the byte code of this module. */
    private static Set<String> routes() {
        Set<String> routes = new TreeSet<>();
        for (JavaClass resource : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.medficientsam.function")) {
            if (!resource.isAnnotatedWith(Path.class)) continue;
            for (JavaMethod method : resource.getMethods())
                METHODS.forEach((annotation, name) -> {
                    if (!method.isAnnotatedWith(annotation.asSubclass(java.lang.annotation.Annotation.class))) return;
                    String path = resource.getAnnotationOfType(Path.class).value();
                    if (method.isAnnotatedWith(Path.class))
                        path += "/" + method.getAnnotationOfType(Path.class).value();
                    routes.add(name + " " + plain(path));
                });
        }
        return routes;
    }

    @Test
    void everyRouteIsThere() throws IOException {
        Set<String> documented = new TreeSet<>();
        for (var path : paths().properties())
            for (String method : METHODS.values())
                if (path.getValue().has(method)) documented.add(method + " " + plain(path.getKey()));

        assertThat(routes()).hasSizeGreaterThan(15);
        assertThat(documented).containsAll(routes());
    }

    @Test
    void everyRouteOfOursSaysWhatItCanBeRefusedWith() throws IOException {
        for (var path : paths().properties()) {
            if (!path.getKey().startsWith("/v1/")) continue;
            for (String method : METHODS.values()) {
                if (!path.getValue().has(method)) continue;
                Set<String> statuses = path.getValue().path(method).path("responses").properties().stream()
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toSet());
                assertThat(statuses).as(method + " " + path.getKey()).contains("401", "421", "429", "500");
                if (path.getKey().contains("{id}")) assertThat(statuses).contains("404");
                if (!method.equals("get")) assertThat(statuses).contains("403");
                if (method.equals("post"))
                    assertThat(statuses).contains("400", "408", "413", "415", "422", "503", "504");
            }
        }
    }
}
