package org.medficientsam.function.service;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import io.quarkus.arc.All;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.medficientsam.casefile.CaseHeader;

/** The forms that there are, by what they are called and by what Accept may say. */
@Singleton
public class AnswerForms {
    private final List<AnswerForm> all;

    /** @param all in the order of their {@link jakarta.annotation.Priority}, the highest first */
    @Inject
    public AnswerForms(@All List<AnswerForm> all) {
        this.all = List.copyOf(all);
    }

    /**
     * What {@code ?format=} chooses.
     *
     * @throws org.medficientsam.casefile.InvalidCaseException for none of the forms
     */
    public AnswerForm named(String word) {
        return all.stream()
                .filter(form -> form.word().equals(word.strip().toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> malformed(
                        "format",
                        all.stream().map(AnswerForm::word).collect(Collectors.joining(", ", "one of ", "")),
                        word.matches("[\\w.,+-]{1,32}") ? word : "none of these"));
    }

    /** What Accept may say, the default first. */
    public List<String> types() {
        return all.stream()
                .filter(AnswerForm::isMeantByItsType)
                .map(AnswerForm::mediaType)
                .toList();
    }

    /** The form that a type of {@link #types} means. */
    public Optional<AnswerForm> ofType(String mediaType) {
        return all.stream()
                .filter(AnswerForm::isMeantByItsType)
                .filter(form -> form.mediaType().equals(mediaType))
                .findFirst();
    }

    /**
     * Whether a form can be had of that case.
     *
     * @throws org.medficientsam.casefile.InvalidCaseException if it holds one slice and there are more
     */
    void check(AnswerForm form, CaseHeader header) {
        if (form.isFlat() && header.depth() != 1)
            throw malformed("format", forVolumes() + " for a volume", form.word() + ", which holds one slice");
    }

    private String forVolumes() {
        List<String> words = all.stream()
                .filter(form -> !form.isFlat())
                .map(AnswerForm::word)
                .toList();
        int last = words.size() - 1;
        return String.join(", ", words.subList(0, last)) + " or " + words.get(last);
    }
}
