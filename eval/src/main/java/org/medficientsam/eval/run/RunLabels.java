package org.medficientsam.eval.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.medficientsam.eval.target.ModelInfo;

/** What the runs of a report are called: as they were named, otherwise by model, with as much more as tells them apart. */
public final class RunLabels {

    private RunLabels() {}

    /** One each, in their order. @param folders whose names tell apart what is alike in all else */
    public static List<String> of(List<RunInfo> runs, List<Path> folders) {
        List<String> shortest = runs.stream().map(RunLabels::shortest).toList();
        List<String> labels = new ArrayList<>(shortest);
        tellApart(labels, shortest, runs, RunInfo::effectiveRules);
        tellApart(labels, shortest, runs, RunInfo::kind);
        for (int i = 0; i < labels.size(); i++) {
            labels.set(i, unlike(labels.subList(0, i), labels.get(i), folders.get(i)));
        }
        return labels;
    }

    /** With as much of the folder's path as it takes, or, of a folder that is there twice, a number. */
    private static String unlike(List<String> others, String label, Path folder) {
        Path path = folder.toAbsolutePath().normalize();
        String unique = label;
        for (int names = 1; others.contains(unique) && names <= path.getNameCount(); names++) {
            unique = "%s (%s)".formatted(label, path.subpath(path.getNameCount() - names, path.getNameCount()));
        }
        for (int number = 2; others.contains(unique); number++) {
            unique = "%s #%d".formatted(label, number);
        }
        return unique;
    }

    private static String shortest(RunInfo info) {
        ModelInfo model = info.model();
        String name = info.name();
        return name != null ? name : model == null ? "unknown model" : model.id();
    }

    /** Adds a fact to the labels of runs that share their shortest one, where they differ in it. */
    private static void tellApart(
            List<String> labels, List<String> shortest, List<RunInfo> runs, Function<RunInfo, @Nullable String> fact) {
        for (int i = 0; i < labels.size(); i++) {
            String own = fact.apply(runs.get(i));
            boolean differs = false;
            for (int j = 0; j < labels.size(); j++) {
                differs |= shortest.get(j).equals(shortest.get(i)) && !Objects.equals(fact.apply(runs.get(j)), own);
            }
            if (differs && own != null) {
                labels.set(i, labels.get(i) + ", " + own);
            }
        }
    }
}
