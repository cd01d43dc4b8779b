package org.medficientsam.eval.run;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.dataset.CaseGroups;
import org.medficientsam.eval.dataset.Dataset;
import org.medficientsam.eval.target.ModelInfo;

/**
 * run.json: where the figures of a run come from.
 *
 * @param name given to it; null for one made of model and rules
 * @param target as given on the command line
 * @param model what answered; null until the first answer, or where it cannot be told
 * @param rules asked for; null for the bundle's own
 * @param timeoutSeconds for one attempt at one case; null in folders of older harnesses, as is the data set's content
 * @param peakRss how memory was taken
 * @param jvm of the harness, and of the processes it starts
 * @param commit of the working folder, with {@code +changes} if it was not clean
 * @param started and {@code finished}: UTC; finished is null while cases are missing
 */
public record RunInfo(
        @Nullable String name,
        DatasetInfo dataset,
        String target,
        @Nullable ModelInfo model,
        @Nullable String rules,
        int parallel,
        @Nullable Integer timeoutSeconds,
        String peakRss,
        Machine machine,
        String jvm,
        String version,
        String commit,
        List<String> arguments,
        String started,
        @Nullable String finished) {

    /**
     * @param folder where its files lie
     * @param images and {@code truths}: folders of the challenge's layout; null where all is in one file
     * @param cases per modality
     * @param content hash of what its cases hold, see {@link Dataset#content}
     * @param group pattern that tells which cases are of one patient, see {@link CaseGroups}; null where each stands by itself
     */
    public record DatasetInfo(
            String id,
            String folder,
            @Nullable String images,
            @Nullable String truths,
            Map<String, Integer> cases,
            @Nullable String content,
            @Nullable String group) {

        static DatasetInfo of(Dataset dataset) throws IOException {
            Map<String, Integer> counts = new LinkedHashMap<>();
            dataset.counts().forEach((modality, count) -> counts.put(modality.label(), count));
            return new DatasetInfo(
                    dataset.id(),
                    dataset.folder().toString(),
                    dataset.images() == null ? null : dataset.images().toString(),
                    dataset.truths() == null ? null : dataset.truths().toString(),
                    counts,
                    dataset.content(),
                    dataset.groups().pattern());
        }

        /** Its files again. */
        public Dataset open() throws IOException {
            Path root = Path.of(folder);
            return images == null || truths == null
                    ? Dataset.combined(id, root, Modality::ofCase)
                    : Dataset.challenge(id, root, Path.of(images), Path.of(truths), Modality::ofCase);
        }
    }

    static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** {@code cold}, {@code warm}, {@code lambda}, {@code batch} or {@code url}: what kind of run it was. */
    public String kind() {
        String scheme = target.replaceFirst(":.*", "");
        return scheme.startsWith("http") ? "url" : scheme;
    }

    /** The rules that its figures were made by; null where neither the command line nor the bundle told. */
    public @Nullable String effectiveRules() {
        return rules != null || model == null ? rules : model.rules();
    }

    RunInfo answeredBy(@Nullable ModelInfo answered) {
        return with(answered == null ? model : answered, finished);
    }

    RunInfo finished(@Nullable ModelInfo answeredBy) {
        return with(answeredBy == null ? model : answeredBy, now());
    }

    private RunInfo with(@Nullable ModelInfo newModel, @Nullable String newFinished) {
        return new RunInfo(
                name,
                dataset,
                target,
                newModel,
                rules,
                parallel,
                timeoutSeconds,
                peakRss,
                machine,
                jvm,
                version,
                commit,
                arguments,
                started,
                newFinished);
    }
}
