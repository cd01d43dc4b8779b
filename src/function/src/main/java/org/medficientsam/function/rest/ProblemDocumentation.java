package org.medficientsam.function.rest;

import io.quarkus.smallrye.openapi.OpenApiFilter;
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

/** Writes the rows of {@link Problem} into the OpenAPI document, for every path of ours. Once, as the build does it. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class ProblemDocumentation implements OASFilter {
    private static final Set<Problem> NOT_OF_THE_OPERATION =
            EnumSet.of(Problem.NOT_FOUND, Problem.METHOD_NOT_ALLOWED, Problem.ABANDONED);

    /** What a request that only asks can meet. */
    private static final Set<Problem> OF_READS =
            EnumSet.of(Problem.UNAUTHORIZED, Problem.UNKNOWN_HOST, Problem.RATE_LIMITED, Problem.INTERNAL);

    @Override
    public void filterOpenAPI(OpenAPI api) {
        api.getPaths().getPathItems().forEach((name, path) -> {
            if (name.startsWith("/v1/")) document(name, path); // plug-ins are told in their own words
        });
    }

    private static void document(String name, PathItem path) {
        if (path.getPOST() != null)
            document(path.getPOST(), EnumSet.complementOf(EnumSet.copyOf(NOT_OF_THE_OPERATION)));
        EnumSet<Problem> problems = EnumSet.copyOf(OF_READS);
        if (name.contains("{id}")) problems.add(Problem.UNKNOWN_IMAGE);
        if (name.contains("{z}")) problems.add(Problem.MALFORMED);
        if (path.getGET() != null) document(path.getGET(), problems);
        problems.add(Problem.CROSS_ORIGIN);
        if (path.getDELETE() != null) document(path.getDELETE(), problems);
    }

    private static void document(Operation operation, Set<Problem> all) {
        rows(all).forEach((status, problems) -> {
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

    private static TreeMap<Integer, List<Problem>> rows(Set<Problem> all) {
        return all.stream().collect(Collectors.groupingBy(Problem::status, TreeMap::new, Collectors.toList()));
    }

    private static Header seconds() {
        return OASFactory.createHeader()
                .description("Seconds after which to try again")
                .schema(OASFactory.createSchema().addType(Schema.SchemaType.INTEGER));
    }
}
