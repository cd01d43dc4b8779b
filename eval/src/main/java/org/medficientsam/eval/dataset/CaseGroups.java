package org.medficientsam.eval.dataset;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Which cases are of one patient, volume or video, as far as their names tell: those in which a pattern finds the same text. A case
 * in which it finds nothing is a group of its own.
 */
public final class CaseGroups {

    /** Every case by itself. */
    public static final CaseGroups NONE = new CaseGroups(null);

    @Nullable
    private final Pattern pattern;

    private CaseGroups(@Nullable Pattern pattern) {
        this.pattern = pattern;
    }

    /**
     * @param pattern a regular expression; null for {@link #NONE}. What counts is the text of its first bracket, or all of it if it
     *     has none
     * @throws IllegalArgumentException if it is no regular expression
     */
    public static CaseGroups by(@Nullable String pattern) {
        try {
            return pattern == null ? NONE : new CaseGroups(Pattern.compile(pattern));
        } catch (PatternSyntaxException invalid) {
            throw new IllegalArgumentException(
                    "group must be a regular expression, got '%s': %s".formatted(pattern, invalid.getDescription()),
                    invalid);
        }
    }

    /**
     * Of a case.
     *
     * @param name file name with {@code .npz}
     */
    public String of(String name) {
        if (pattern == null) {
            return name;
        }
        Matcher found = pattern.matcher(name);
        if (!found.find()) {
            return name;
        }
        String text = found.groupCount() == 0 ? found.group() : found.group(1);
        return text == null || text.isEmpty() ? name : text;
    }

    /** The pattern; null for {@link #NONE}. */
    public @Nullable String pattern() {
        return pattern == null ? null : pattern.pattern();
    }
}
