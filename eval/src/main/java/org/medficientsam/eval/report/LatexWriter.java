package org.medficientsam.eval.report;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.medficientsam.eval.report.table.Mark;
import org.medficientsam.eval.report.table.ModalityTable;
import tech.tablesaw.api.Table;

/** Tables for a paper: booktabs, ready to paste; the package booktabs is needed, and nothing else. */
final class LatexWriter {

    private static final int LONGEST_HEAD = 24;

    /** What stands first, and what is left after the space or comma behind it. */
    private static final String FIRST_WORD = "^([^ ,]*) ?(.*)$";

    private LatexWriter() {}

    /** A floating table, its first column flushed left. */
    static String table(Table table, String caption, String label) {
        return floating(table, caption, label, LatexWriter::row);
    }

    /**
     * A table of figures with what belongs to each (interval, failed cases) in small below it, so that several runs fit on a page;
     * best figures bold, second best underlined.
     */
    static String figures(Table table, String caption, String label) {
        return floating(table, caption, label, cells -> {
            List<String> figures = cells.subList(1, cells.size());
            String below = figures.stream().map(LatexWriter::belowFigure).collect(Collectors.joining(" & "));
            String line = figures.stream().map(LatexWriter::figure).collect(Collectors.joining(" & "));
            return row(List.of(cells.get(0), line)) + (below.matches("[ &]*") ? "" : row(List.of("", below)));
        });
    }

    private static String floating(Table table, String caption, String label, Function<List<String>, String> body) {
        int columns = table.columnCount();
        StringBuilder text = new StringBuilder("\\begin{table}\n\\centering\n\\caption{")
                .append(escape(caption))
                .append("}\n\\label{tab:")
                .append(label)
                .append("}\n\\footnotesize\n\\setlength{\\tabcolsep}{4pt}\n\\begin{tabular}{@{}l")
                .append("r".repeat(columns - 1))
                .append("@{}}\n\\toprule\n");
        text.append(row(table.columnNames().stream().map(LatexWriter::head).toList()));
        text.append("\\midrule\n");
        for (int at = 0; at < table.rowCount(); at++) {
            int row = at;
            if (table.get(row, 0).equals(ModalityTable.AVERAGE) && row > 0) {
                text.append("\\midrule\n");
            }
            text.append(body.apply(IntStream.range(0, columns)
                    .mapToObj(i -> escape(table.get(row, i).toString()))
                    .toList()));
        }
        return text.append("\\bottomrule\n\\end{tabular}\n\\end{table}\n").toString();
    }

    private static String row(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" & ", "", " \\\\\n"));
    }

    /** A long name, such as a run may have, in several lines. */
    private static String head(String name) {
        return name.length() <= LONGEST_HEAD ? escape(name) : "\\parbox[b]{6.5em}{\\raggedleft " + escape(name) + "}";
    }

    private static String figure(String cell) {
        String value = unmarked(cell).replaceFirst(FIRST_WORD, "$1");
        if (cell.endsWith(Mark.BEST)) {
            return "\\textbf{" + value + "}";
        }
        return cell.endsWith(Mark.SECOND) ? "\\underline{" + value + "}" : value;
    }

    private static String belowFigure(String cell) {
        String rest = unmarked(cell).replaceFirst(FIRST_WORD, "$2");
        return rest.isEmpty() ? "" : "{\\scriptsize " + rest.replaceFirst("^, ", "") + "}";
    }

    private static String unmarked(String cell) {
        return cell.replace(Mark.BEST, "").replace(Mark.SECOND, "");
    }

    static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        for (char c : text.toCharArray()) {
            switch (c) {
                case '\\' -> escaped.append("\\textbackslash{}");
                case '&', '%', '$', '#', '_', '{', '}' -> escaped.append('\\').append(c);
                case '<' -> escaped.append("\\textless{}");
                case '>' -> escaped.append("\\textgreater{}");
                case '|' -> escaped.append("\\textbar{}");
                case '~' -> escaped.append("\\textasciitilde{}");
                case '^' -> escaped.append("\\textasciicircum{}");
                case '–' -> escaped.append("--");
                case '−' -> escaped.append("$-$");
                case '†' -> escaped.append("$\\dagger$");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
