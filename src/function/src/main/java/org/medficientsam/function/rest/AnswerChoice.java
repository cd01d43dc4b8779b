package org.medficientsam.function.rest;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.medficientsam.function.answer.LabelsForm;
import org.medficientsam.function.answer.NiftiForm;
import org.medficientsam.function.answer.NpzForm;
import org.medficientsam.function.service.AnswerForm;
import org.medficientsam.function.service.AnswerForms;
import org.medficientsam.function.service.MediaTypes;
import org.medficientsam.function.service.Problem;
import org.medficientsam.function.service.ProblemException;
import org.medficientsam.imagefile.ResultFile;
import org.medficientsam.imagefile.image.ImageForm;

/** Which form an answer has: what {@code ?format=} says, what Accept says, or the form that came in. */
@Singleton
class AnswerChoice {
    private final AnswerForms forms;

    @Inject
    AnswerChoice(AnswerForms forms) {
        this.forms = forms;
    }

    /**
     * The form that {@code ?format=} names, or that Accept allows, JSON before others.
     *
     * @throws ProblemException {@link Problem#NOT_ACCEPTABLE} if Accept allows none
     */
    AnswerForm jsonFirst(Optional<String> format, Request request) {
        List<String> types = new ArrayList<>(forms.types());
        types.remove(MediaTypes.JSON);
        types.add(0, MediaTypes.JSON);
        return choose(format, request, types);
    }

    /**
     * The form that {@code ?format=} or Accept names; empty where Accept leaves it open.
     *
     * @throws ProblemException {@link Problem#NOT_ACCEPTABLE} if Accept allows none
     */
    Optional<AnswerForm> named(Optional<String> format, Request request, HttpHeaders headers) {
        AnswerForm form = choose(format, request, forms.types());
        boolean open = headers.getAcceptableMediaTypes().stream().anyMatch(MediaType::isWildcardType);
        return format.isEmpty() && open && form instanceof NpzForm ? Optional.empty() : Optional.of(form);
    }

    private AnswerForm choose(Optional<String> format, Request request, List<String> types) {
        Variant chosen = request.selectVariant(
                Variant.mediaTypes(types.stream().map(MediaType::valueOf).toArray(MediaType[]::new))
                        .build());
        if (chosen == null)
            throw new ProblemException(Problem.NOT_ACCEPTABLE, "Accept must allow one of " + forms.types());
        return format.map(forms::named)
                .or(() -> forms.ofType(chosen.getMediaType().toString()))
                .orElseGet(NpzForm::new);
    }

    /** The form in which a file of that kind is answered if nobody says otherwise. */
    static AnswerForm like(ImageForm form) {
        return switch (ResultFile.like(form)) {
            case NPZ -> new NpzForm();
            case PNG -> new LabelsForm();
            default -> new NiftiForm();
        };
    }
}
