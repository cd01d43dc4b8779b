package org.medficientsam.eval.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.medficientsam.eval.Csv;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.dataset.Dataset;
import org.medficientsam.eval.metric.Metric;
import org.medficientsam.eval.report.table.CasePictures;
import org.medficientsam.eval.report.table.CaseTable;
import org.medficientsam.eval.report.table.Comparison;
import org.medficientsam.eval.report.table.ComparisonTable;
import org.medficientsam.eval.report.table.MethodsTable;
import org.medficientsam.eval.report.table.ModalityTable;
import org.medficientsam.eval.report.table.RankTable;
import org.medficientsam.eval.report.table.RunFacts;
import org.medficientsam.eval.report.table.ScoredRun;
import org.medficientsam.eval.report.table.Summary;
import tech.tablesaw.api.Table;

/** The report on some runs: what they say, case by case, and beside what others published. */
public final class Report {

    private static final String TITLE = "Segmentation report";

    private final List<ScoredRun> runs;
    private final Table methods;
    private final ModalityTable modalities;
    private final List<Comparison> comparisons;
    private CaseTable cases;

    /** @param runs in the order of their columns; differences are taken from the first */
    public Report(List<ScoredRun> runs) {
        this.runs = runs;
        methods = MethodsTable.of(runs);
        modalities = ModalityTable.of(runs);
        comparisons = Comparison.of(runs);
        cases = CaseTable.of(runs, Map.of());
    }

    /** DSC and NSD by modality, a column each per run. */
    public Table modalities() {
        return modalities.measured();
    }

    /** Each run in a line, then which is better where, by how much, how sure. */
    public List<String> summary() {
        return Summary.of(runs, comparisons);
    }

    /**
     * Draws cases, runs side by side, into the report's folder; without it a report has no pictures.
     *
     * @param most of more cases, only those that a reader looks for first are drawn
     * @param drawn called per case, from any thread
     * @throws IOException if the data set is no longer where the runs found it
     */
    public void draw(Path folder, int most, Runnable drawn) throws IOException {
        cases = CaseTable.of(runs, CasePictures.draw(runs, folder, most, drawn));
    }

    /** How many pictures {@link #draw} will make. */
    public int pictures(int most) {
        return CasePictures.chosen(runs, most).size();
    }

    /** Writes report.md, report.html, tables as CSV and LaTeX, and the plots. */
    public void write(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("plots"));
        List<Block> plots = Charts.of(runs);
        for (Block block : plots) {
            if (block instanceof Block.Plot plot) {
                Files.writeString(folder.resolve(plot.file()), plot.svg());
            }
        }
        List<Block> blocks = blocks(plots);
        Files.writeString(folder.resolve("report.md"), MarkdownWriter.write(blocks));
        Files.writeString(folder.resolve("report.html"), HtmlWriter.write(TITLE, blocks));
        Files.writeString(folder.resolve("tables.tex"), latex());
        writeCsv(folder.resolve("methods.csv"), methods);
        writeCsv(folder.resolve("modalities.csv"), modalities.tidy());
        writeCsv(folder.resolve("comparisons.csv"), ComparisonTable.tidy(comparisons));
        writeCsv(folder.resolve("cases.csv"), cases.tidy());
    }

    /** @param plots made before, as they are files too */
    List<Block> blocks(List<Block> plots) {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Heading(1, TITLE + ": " + String.join("; ", labels())));
        if (runs.stream().anyMatch(run -> run.info().dataset().id().equals("phantoms"))) {
            blocks.add(new Block.Paragraph(
                    "Phantoms are synthetic images. They show that everything works and how fast; their"
                            + " scores say nothing about patients and do not compare with published ones."));
        }
        blocks.add(new Block.Heading(2, "Summary"));
        blocks.add(new Block.Items(summary()));
        blocks.add(new Block.Heading(2, "Results"));
        blocks.add(new Block.Grid(modalities.measured()));
        blocks.add(new Block.Paragraph(
                "Percent. " + ReportText.FIGURES + (runs.size() > 1 ? " " + ReportText.MARKS : "")));
        String partial = runs.stream()
                .filter(run -> Modality.CHALLENGE.size() > run.means(Metric.DSC).modalitiesInAverage())
                .map(ScoredRun::label)
                .collect(Collectors.joining(", "));
        if (!partial.isEmpty()) {
            blocks.add(new Block.Paragraph(
                    "Without cases of all %d modalities, whose Average would compare with published ones: %s."
                            .formatted(Modality.CHALLENGE.size(), partial)));
        }
        compared(blocks);
        if (!plots.isEmpty()) {
            blocks.add(new Block.Heading(2, "Plots"));
            blocks.addAll(plots);
        }
        blocks.add(new Block.Heading(2, "Cases"));
        blocks.add(new Block.Paragraph(ReportText.cases(runs)));
        blocks.add(new Block.Cases(cases));
        failures(blocks);
        List<String> notes = runs.stream().flatMap(Report::notes).distinct().toList();
        if (!notes.isEmpty()) {
            blocks.add(new Block.Heading(2, "Files left out, labels changed"));
            blocks.add(
                    new Block.Paragraph("When cases were made of the images; what is left out is in no figure above."));
            blocks.add(new Block.Items(notes));
        }
        blocks.add(new Block.Heading(2, "Runs"));
        blocks.add(new Block.Grid(RunFacts.of(runs)));
        blocks.add(new Block.Folded(
                "Published figures, of the challenge's validation set",
                List.of(
                        new Block.Grid(methods),
                        new Block.Paragraph(ReportText.METHODS),
                        new Block.Grid(modalities.published()),
                        new Block.Paragraph(ReportText.PUBLISHED))));
        blocks.add(new Block.Heading(2, "Methods"));
        blocks.add(new Block.Items(ReportText.methods(runs)));
        return blocks;
    }

    private static Stream<String> notes(ScoredRun run) {
        try {
            return Dataset.notes(Path.of(run.info().dataset().folder())).stream();
        } catch (IOException | InvalidPathException gone) {
            // The data set of an old run may be elsewhere by now.
            return Stream.empty();
        }
    }

    private List<String> labels() {
        return runs.stream().map(ScoredRun::label).toList();
    }

    private void compared(List<Block> blocks) {
        RankTable.of(runs).ifPresent(ranks -> {
            blocks.add(new Block.Heading(2, "Order"));
            blocks.add(new Block.Grid(ranks));
            blocks.add(new Block.Paragraph(ReportText.RANKS));
        });
        if (!comparisons.isEmpty()) {
            blocks.add(new Block.Heading(2, "Comparison"));
            List<Block> others = new ArrayList<>();
            for (Comparison comparison : comparisons) {
                List<Block> place = comparison.isOf(runs.get(0)) ? blocks : others;
                place.add(new Block.Heading(
                        3,
                        "%s: %s minus %s"
                                .formatted(
                                        comparison.metric(),
                                        comparison.first().label(),
                                        comparison.second().label())));
                place.add(new Block.Grid(ComparisonTable.of(comparison)));
            }
            blocks.add(new Block.Paragraph(ReportText.COMPARISON));
            if (!others.isEmpty()) {
                blocks.add(new Block.Folded("Comparisons of the other runs with one another", others));
            }
        }
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

    private String latex() {
        StringBuilder text = new StringBuilder("% \\usepackage{booktabs}\n\n");
        for (Metric metric : Metric.values()) {
            text.append(LatexWriter.figures(
                            modalities.forPaper(metric),
                            ReportText.latexCaption(metric, runs),
                            metric.name().toLowerCase(Locale.ROOT)))
                    .append('\n');
        }
        for (int i = 0; i < comparisons.size(); i++) {
            Comparison comparison = comparisons.get(i);
            String caption = "%s of %s minus %s, points. %s"
                    .formatted(
                            comparison.metric(),
                            comparison.first().label(),
                            comparison.second().label(),
                            ReportText.COMPARISON);
            text.append(LatexWriter.table(ComparisonTable.of(comparison), caption, "comparison-" + (i + 1)))
                    .append('\n');
        }
        return text.toString();
    }

    private static void writeCsv(Path file, Table table) throws IOException {
        StringBuilder csv = new StringBuilder(Csv.line(table.columnNames()));
        for (int row = 0; row < table.rowCount(); row++) {
            List<String> cells = new ArrayList<>();
            for (int column = 0; column < table.columnCount(); column++) {
                cells.add(table.get(row, column).toString());
            }
            csv.append(Csv.line(cells));
        }
        Files.writeString(file, csv);
    }
}
