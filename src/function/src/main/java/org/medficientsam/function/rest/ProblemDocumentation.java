package org.medficientsam.function.rest;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.headers.Header;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.medficientsam.function.service.Problem;
import org.medficientsam.function.service.ProblemDetail;

/** Writes the rows of {@link Problem} into the OpenAPI document, for every POST. Once, as the build does it. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class ProblemDocumentation implements OASFilter {
    private static final Set<Problem> NOT_OF_THE_OPERATION =
            EnumSet.of(Problem.NOT_FOUND, Problem.METHOD_NOT_ALLOWED, Problem.ABANDONED);

    @Override
    public void filterOpenAPI(OpenAPI api) {
        for (PathItem path : api.getPaths().getPathItems().values()) {
            Operation post = path.getPOST();
            if (post != null) {
                document(post);
            }
        }
    }

    private static void document(Operation operation) {
        rows().forEach((status, problems) -> {
            APIResponse response = OASFactory.createAPIResponse()
                    .description(problems.stream()
                            .map(problem -> "%s (`%s`)".formatted(problem.title(), problem.type()))
                            .collect(Collectors.joining("; ")))
                    .content(OASFactory.createContent()
                            .addMediaType(
                                    ProblemDetail.MEDIA_TYPE,
                                    OASFactory.createMediaType().schema(problem())));
            if (problems.stream().anyMatch(Problem::isTemporary)) {
                response.addHeader("Retry-After", seconds());
            }
            operation.getResponses().addAPIResponse(status.toString(), response);
        });
    }

    private static Schema problem() {
        return OASFactory.createSchema().ref("#/components/schemas/Problem");
    }

    private static TreeMap<Integer, List<Problem>> rows() {
        return Arrays.stream(Problem.values())
                .filter(problem -> !NOT_OF_THE_OPERATION.contains(problem))
                .collect(Collectors.groupingBy(Problem::status, TreeMap::new, Collectors.toList()));
    }

    private static Header seconds() {
        return OASFactory.createHeader()
                .description("Seconds after which to try again")
                .schema(OASFactory.createSchema().addType(Schema.SchemaType.INTEGER));
    }
}
