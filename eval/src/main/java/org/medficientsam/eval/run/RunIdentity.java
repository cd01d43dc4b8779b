package org.medficientsam.eval.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.medficientsam.eval.target.ModelInfo;

/**
 * What the rows of one run folder must have in common, name to value in words: figures of two models, of two rules, of a data set
 * before and after it was changed do not belong in one table. A value that cannot be told is absent; it is then compared with
 * nothing, but a folder that never noted it is another identity.
 */
record RunIdentity(Map<String, String> facts) {

    private static final String MODEL = "model";
    private static final String CONTENT = "data set's content";

    static RunIdentity of(RunInfo info) {
        Map<String, String> facts = new LinkedHashMap<>();
        put(facts, "data set", info.dataset().id());
        put(facts, CONTENT, shortened(info.dataset().content()));
        put(facts, "target", info.kind());
        ModelInfo model = info.model();
        if (model != null) {
            put(facts, MODEL, model.sha256() == null ? model.id() : model.id() + " " + shortened(model.sha256()));
        }
        put(facts, "rules", info.effectiveRules());
        put(facts, "cases at a time", Integer.toString(info.parallel()));
        put(facts, "seconds per case", info.timeoutSeconds() == null ? null : info.timeoutSeconds() + " at most");
        return new RunIdentity(facts);
    }

    private static void put(Map<String, String> facts, String name, @Nullable String value) {
        if (value != null) {
            facts.put(name, value);
        }
    }

    private static @Nullable String shortened(@Nullable String hash) {
        return hash == null ? null : hash.substring(0, Math.min(12, hash.length()));
    }

    /**
     * Why another run must not go on here, in words that name both; empty if it may.
     *
     * @param asked the run that wants to go on in the folder of this one
     */
    Optional<String> conflictWith(RunIdentity asked) {
        if (!facts.containsKey(CONTENT)) {
            return Optional.of("a run of an older harness, which did not note what its data set held");
        }
        List<String> differing = new ArrayList<>(facts.keySet());
        differing.removeIf(
                name -> !asked.facts.containsKey(name) || Objects.equals(facts.get(name), asked.facts.get(name)));
        if (differing.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of("another run: %s; asked for: %s".formatted(told(differing), asked.told(differing)));
    }

    private String told(List<String> names) {
        return names.stream().map(name -> name + " " + facts.get(name)).collect(Collectors.joining(", "));
    }
}
