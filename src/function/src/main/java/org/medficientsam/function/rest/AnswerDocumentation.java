package org.medficientsam.function.rest;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import jakarta.annotation.Priority;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.jboss.jandex.ClassInfo;
import org.jboss.jandex.IndexView;
import org.medficientsam.function.service.AnswerForm;

/** Writes the forms of an answer into the OpenAPI document: what {@code ?format=} takes, and the types that Accept may name. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class AnswerDocumentation implements OASFilter {
    private static final String FORMAT = "format";

    private final List<AnswerForm> forms;

    /** @param index of the classes that are built; there are no beans yet */
    public AnswerDocumentation(IndexView index) {
        forms = index.getAllKnownSubclasses(AnswerForm.class).stream()
                .map(AnswerDocumentation::form)
                .sorted(Comparator.comparingInt(AnswerDocumentation::priority).reversed())
                .toList();
    }

    private static AnswerForm form(ClassInfo form) {
        try {
            return (AnswerForm) AnswerDocumentation.class
                    .getClassLoader()
                    .loadClass(form.name().toString())
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a form of an answer must have a public constructor without arguments", e);
        }
    }

    private static int priority(AnswerForm form) {
        Priority priority = form.getClass().getAnnotation(Priority.class);
        return priority == null ? 0 : priority.value();
    }

    @Override
    public void filterOpenAPI(OpenAPI api) {
        list(Objects.requireNonNull(api.getComponents().getParameters().get(FORMAT), FORMAT));
        for (PathItem path : api.getPaths().getPathItems().values()) {
            Operation post = path.getPOST();
            if (post != null && post.getParameters() != null) {
                post.getParameters().stream()
                        .filter(AnswerDocumentation::isFormat)
                        .forEach(parameter -> {
                            if (parameter.getRef() == null) list(parameter);
                            list(post.getResponses().getAPIResponse("200").getContent());
                        });
            }
        }
    }

    private static boolean isFormat(Parameter parameter) {
        return FORMAT.equals(parameter.getName())
                || parameter.getRef() != null && parameter.getRef().endsWith("/" + FORMAT);
    }

    private void list(Parameter format) {
        format.getSchema()
                .setEnumeration(List.copyOf(forms.stream().map(AnswerForm::word).toList()));
    }

    private void list(Content answer) {
        for (AnswerForm form : forms)
            if (form.isMeantByItsType() && !answer.hasMediaType(form.mediaType()))
                answer.addMediaType(
                        form.mediaType(),
                        OASFactory.createMediaType()
                                .schema(OASFactory.createSchema()
                                        .addType(Schema.SchemaType.STRING)
                                        .format("binary")));
    }
}
