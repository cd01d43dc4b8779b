package org.medficientsam.eval.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.medficientsam.eval.Csv;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.metric.Metric;
import org.medficientsam.eval.target.ModelInfo;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** The report on some runs: the two tables beside the published ones, what stands behind them, plots, pictures. */
public final class Report {

    private static final String TITLE = "MedficientSAM: measured beside published";

    private final List<ScoredRun> runs;
    private final Table methods;
    private final ModalityTable modalities;

    /** @param runs in the order of their columns */
    public Report(List<ScoredRun> runs) {
        this.runs = runs;
        methods = MethodsTable.of(runs);
        modalities = ModalityTable.of(runs);
    }

    /** The table of methods: published rows, then a row per run. */
    public Table methods() {
        return methods;
    }

    /** DSC and NSD by modality, two columns per method or run. */
    public Table modalities() {
        return modalities.wide();
    }

    /** Writes report.md, report.html, the tables as CSV, plots and gallery. @param gallery of these runs */
    public void write(Path folder, List<ScoredRun> gallery) throws IOException {
        Files.createDirectories(folder);
        List<Block> blocks = new ArrayList<>(text());
        blocks.add(new Block.Heading(2, "Plots"));
        blocks.addAll(Charts.of(runs));
        for (ScoredRun run : gallery) {
            blocks.add(new Block.Heading(2, "Gallery: " + run.label()));
            blocks.add(new Block.Paragraph(
                    "Outlines: prediction coloured, ground truth white and dashed; boxes are the prompts."));
            blocks.addAll(Gallery.of(run));
        }
        for (Block block : blocks) {
            if (block instanceof Block.Picture picture) {
                Path file = folder.resolve(picture.file());
                Files.createDirectories(file.resolveSibling("."));
                Files.write(file, picture.content());
            }
        }
        Files.writeString(folder.resolve("report.md"), MarkdownWriter.write(blocks));
        Files.writeString(folder.resolve("report.html"), HtmlWriter.write(TITLE, blocks));
        Files.writeString(folder.resolve("methods.csv"), csv(methods), StandardCharsets.UTF_8);
        Files.writeString(folder.resolve("modalities.csv"), csv(modalities.tidy()), StandardCharsets.UTF_8);
    }

    /** All of it but the pictures. */
    List<Block> text() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Heading(1, TITLE));
        if (runs.stream().anyMatch(run -> run.info().dataset().id().equals("phantoms"))) {
            blocks.add(new Block.Paragraph(
                    "Phantoms are synthetic images. They show that everything works and how fast; their"
                            + " scores say nothing about patients and do not compare with published ones."));
        }
        blocks.add(new Block.Heading(2, "Methods"));
        blocks.add(new Block.Grid(methods));
        blocks.add(new Block.Paragraph(
                "† published, as printed: accuracy on the challenge's public validation set, run time and"
                        + " memory on an Intel i9-10900K. Other rows are runs of this report: DSC-R and NSD-R in percent, Average over"
                        + " modalities; run time is the mean wall time of a fresh process per case, memory the largest peak of one, 1 MB ="
                        + " 10⁶ bytes. FLOPs are multiply-accumulates of encoder and decoder with one box."));
        blocks.add(new Block.Heading(2, "Modalities"));
        blocks.add(new Block.Grid(modalities.wide()));
        blocks.add(new Block.Paragraph(
                "In percent. Runs: mean of n cases with 95 % bootstrap interval; Average is the unweighted"
                        + " mean of the unrounded modality means. † published, as printed."));
        for (ScoredRun run : runs) {
            int count = run.means(Metric.DSC).modalitiesInAverage();
            if (count > 0 && count < Modality.CHALLENGE.size()) {
                blocks.add(new Block.Paragraph(
                        "The Average of %s goes over %d of %d modalities and compares with no other."
                                .formatted(run.label(), count, Modality.CHALLENGE.size())));
            }
        }
        blocks.add(new Block.Paragraph(Mark.LEGEND));
        comparisons(blocks);
        blocks.add(new Block.Heading(2, "Runs"));
        blocks.add(new Block.Grid(facts()));
        failures(blocks);
        return blocks;
    }

    private void comparisons(List<Block> blocks) {
        List<Comparison> comparisons = Comparison.of(runs);
        if (!comparisons.isEmpty()) {
            blocks.add(new Block.Heading(2, "Comparison"));
            blocks.add(new Block.Items(
                    comparisons.stream().map(Comparison::sentence).toList()));
        }
    }

    private Table facts() {
        List<Map.Entry<String, Function<ScoredRun, String>>> facts = List.of(
                Map.entry("data set", run -> run.info().dataset().id()),
                Map.entry("cases", run -> counts(run)),
                Map.entry("failed", run -> Integer.toString(run.failures().size())),
                Map.entry("protocol", ScoredRun::protocol),
                Map.entry("target", run -> run.info().target()),
                Map.entry("bundle", Report::bundle),
                Map.entry(
                        "rules",
                        run -> run.info().rules() == null
                                ? "the bundle's"
                                : String.valueOf(run.info().rules())),
                Map.entry("cases at a time", run -> Integer.toString(run.info().parallel())),
                Map.entry("peak memory", run -> run.info().peakRss()),
                Map.entry("machine", run -> run.info().machine().summary()),
                Map.entry("Java", run -> run.info().jvm()),
                Map.entry(
                        "harness",
                        run -> run.info().version() + ", commit " + run.info().commit()),
                Map.entry("finished", run -> String.valueOf(run.info().finished())));
        Table table = Table.create("runs")
                .addColumns(StringColumn.create(
                        "Run", facts.stream().map(Map.Entry::getKey).toList()));
        for (ScoredRun run : runs) {
            table.addColumns(StringColumn.create(
                    run.label(),
                    facts.stream().map(fact -> fact.getValue().apply(run)).toList()));
        }
        return table;
    }

    private static String counts(ScoredRun run) {
        return run.rows().size()
                + ": "
                + run.info().dataset().cases().entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .collect(Collectors.joining(", "));
    }

    private static String bundle(ScoredRun run) {
        ModelInfo model = run.info().model();
        if (model == null) {
            return "not told";
        }
        String sha256 = model.sha256() == null
                ? ""
                : ", sha256 "
                        + model.sha256()
                                .substring(0, Math.min(12, model.sha256().length()));
        return model.id() + (model.precision() == null ? "" : " " + model.precision()) + sha256;
    }

    private void failures(List<Block> blocks) {
        List<String> failures = new ArrayList<>();
        for (ScoredRun run : runs) {
            run.failures().forEach(row -> failures.add("%s, %s: %s".formatted(run.label(), row.name(), row.error())));
        }
        if (!failures.isEmpty()) {
            blocks.add(new Block.Heading(2, "Failed cases"));
            blocks.add(new Block.Paragraph("Each counts as zero in the means above."));
            blocks.add(new Block.Items(failures));
        }
    }

    private static String csv(Table table) {
        StringBuilder csv = new StringBuilder(Csv.line(table.columnNames()));
        for (int row = 0; row < table.rowCount(); row++) {
            List<String> cells = new ArrayList<>();
            for (int column = 0; column < table.columnCount(); column++) {
                cells.add(table.get(row, column).toString());
            }
            csv.append(Csv.line(cells));
        }
        return csv.toString();
    }
}
