package org.medficientsam.eval.report;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tech.tablesaw.api.Table;

/** A report as GitHub-flavoured Markdown. */
public final class MarkdownWriter {

    private static final int CASES_SHOWN = 20;

    private MarkdownWriter() {}

    static String write(List<Block> blocks) {
        return blocks.stream().map(MarkdownWriter::block).collect(Collectors.joining("\n"));
    }

    private static String block(Block block) {
        if (block instanceof Block.Heading heading) {
            return "#".repeat(heading.level()) + " " + escape(heading.text()) + "\n";
        }
        if (block instanceof Block.Items items) {
            return items.texts().stream()
                    .map(text -> "- " + escape(text) + "\n")
                    .collect(Collectors.joining());
        }
        if (block instanceof Block.Grid grid) {
            return table(grid.table());
        }
        if (block instanceof Block.Plot plot) {
            return "![%s](%s)\n".formatted(escape(plot.caption()), plot.file());
        }
        if (block instanceof Block.Folded folded) {
            return "<details><summary>%s</summary>\n\n%s\n</details>\n"
                    .formatted(escape(folded.summary()), write(folded.blocks()));
        }
        if (block instanceof Block.Cases cases) {
            return table(cases.table().most(CASES_SHOWN));
        }
        return escape(((Block.Paragraph) block).text()) + "\n";
    }

    /** A table, its columns padded so that it reads well as text too. */
    public static String table(Table table) {
        int columns = table.columnCount();
        List<String> head =
                table.columnNames().stream().map(MarkdownWriter::cell).toList();
        int[] widths = IntStream.range(0, columns)
                .map(column -> IntStream.range(0, table.rowCount())
                        .map(row -> width(cell(table, row, column)))
                        .reduce(Math.max(3, width(head.get(column))), Math::max))
                .toArray();
        StringBuilder text = new StringBuilder();
        line(text, widths, head);
        text.append('|');
        for (int i = 0; i < columns; i++) {
            text.append(i == 0 ? ":" : "-").append("-".repeat(widths[i])).append(i == 0 ? "-|" : ":|");
        }
        text.append('\n');
        for (int row = 0; row < table.rowCount(); row++) {
            int at = row;
            line(
                    text,
                    widths,
                    IntStream.range(0, columns)
                            .mapToObj(i -> cell(table, at, i))
                            .toList());
        }
        return text.toString();
    }

    private static String cell(Table table, int row, int column) {
        return cell(table.get(row, column).toString());
    }

    private static String cell(String text) {
        return escape(text).replace("|", "\\|");
    }

    /** What would be taken for HTML, as in the name of a run. */
    private static String escape(String text) {
        return text.replaceAll("<(?=[A-Za-z/!?])", "&lt;");
    }

    private static void line(StringBuilder text, int[] widths, List<String> cells) {
        text.append('|');
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(widths[i] - width(cells.get(i)));
            text.append(' ')
                    .append(i == 0 ? cells.get(i) + padding : padding + cells.get(i))
                    .append(" |");
        }
        text.append('\n');
    }

    /** Columns of a terminal: the coloured dots take two. */
    private static int width(String text) {
        return text.codePoints().map(c -> c >= 0x1f300 ? 2 : 1).sum();
    }
}
