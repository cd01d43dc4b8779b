package org.medficientsam.eval.report;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.medficientsam.eval.report.table.Mark;
import org.medficientsam.eval.report.table.ModalityTable;
import tech.tablesaw.api.Table;

/** Tables for a paper: booktabs, ready to paste; the package booktabs is needed, and nothing else. */
final class LatexWriter {

    private LatexWriter() {}

    /** A floating table, its first column flushed left; best figures bold, second best underlined. */
    static String table(Table table, String caption, String label) {
        int columns = table.columnCount();
        StringBuilder text = new StringBuilder("\\begin{table}\n\\centering\n\\caption{")
                .append(escape(caption))
                .append("}\n\\label{tab:")
                .append(label)
                .append("}\n\\begin{tabular}{l")
                .append("r".repeat(columns - 1))
                .append("}\n\\toprule\n");
        text.append(row(IntStream.range(0, columns)
                .mapToObj(i -> escape(table.column(i).name()))
                .toList()));
        text.append("\\midrule\n");
        for (int at = 0; at < table.rowCount(); at++) {
            int row = at;
            if (table.get(row, 0).equals(ModalityTable.AVERAGE) && row > 0) {
                text.append("\\midrule\n");
            }
            text.append(row(IntStream.range(0, columns)
                    .mapToObj(i -> cell(table.get(row, i).toString()))
                    .toList()));
        }
        return text.append("\\bottomrule\n\\end{tabular}\n\\end{table}\n").toString();
    }

    private static String row(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" & ", "", " \\\\\n"));
    }

    private static String cell(String text) {
        String plain = text.replace(Mark.BEST, "").replace(Mark.SECOND, "");
        // How many cases a figure is of is said once, in the caption or the text.
        String figure = escape(plain.replaceFirst(" n=\\d+", ""));
        int end = figure.indexOf(' ');
        String value = end < 0 ? figure : figure.substring(0, end);
        String rest = end < 0 ? "" : figure.substring(end);
        if (text.endsWith(Mark.BEST)) {
            return "\\textbf{" + value + "}" + rest;
        }
        return text.endsWith(Mark.SECOND) ? "\\underline{" + value + "}" + rest : figure;
    }

    static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        for (char c : text.toCharArray()) {
            switch (c) {
                case '\\' -> escaped.append("\\textbackslash{}");
                case '&', '%', '$', '#', '_', '{', '}' -> escaped.append('\\').append(c);
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
