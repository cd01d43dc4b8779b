package org.medficientsam.eval.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.medficientsam.eval.report.table.Mark;
import org.medficientsam.eval.report.table.ModalityTable;
import tech.tablesaw.api.Table;

/** A report as one HTML file that asks the network for nothing: style, plots, thumbnails and the sorting of tables are inside. */
final class HtmlWriter {

    private HtmlWriter() {}

    static String write(String title, List<Block> blocks) {
        return """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <link rel="icon" href="data:,">
                <title>%s</title>
                <style>
                %s</style>
                </head>
                <body>
                <main>
                %s</main>
                <script>
                %s</script>
                </body>
                </html>
                """.formatted(escape(title), resource("report.css"), all(blocks), resource("report.js"));
    }

    private static String all(List<Block> blocks) {
        return blocks.stream().map(HtmlWriter::block).collect(Collectors.joining());
    }

    private static String resource(String name) {
        try (InputStream file = HtmlWriter.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException(name + " is not in the jar");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String block(Block block) {
        if (block instanceof Block.Heading heading) {
            return "<h%1$d>%2$s</h%1$d>\n".formatted(heading.level(), escape(heading.text()));
        }
        if (block instanceof Block.Items items) {
            return items.texts().stream()
                    .map(text -> "<li>" + escape(text) + "</li>\n")
                    .collect(Collectors.joining("", "<ul>\n", "</ul>\n"));
        }
        if (block instanceof Block.Grid grid) {
            return table(grid.table());
        }
        if (block instanceof Block.Folded folded) {
            return "<details><summary>%s</summary>\n%s</details>\n"
                    .formatted(escape(folded.summary()), all(folded.blocks()));
        }
        if (block instanceof Block.Plot plot) {
            return """
                    <figure class="plot"><img src="data:image/svg+xml;base64,%s" alt="%s"><figcaption>%s</figcaption></figure>
                    """.formatted(
                            Base64.getEncoder().encodeToString(plot.svg().getBytes(StandardCharsets.UTF_8)),
                            escape(plot.caption()),
                            escape(plot.caption()));
        }
        if (block instanceof Block.Cases cases) {
            return HtmlCases.write(cases.table());
        }
        return "<p>" + dots(escape(((Block.Paragraph) block).text())) + "</p>\n";
    }

    /** Many fonts lack the coloured dots; a coloured character needs none. */
    private static String dots(String text) {
        return text.replace(Mark.BEST.strip(), "<span class=\"best\">●</span>")
                .replace(Mark.SECOND.strip(), "<span class=\"second\">●</span>");
    }

    /** Wide tables scroll within their frame, by keyboard too; the first column stays in sight. */
    private static String table(Table table) {
        StringBuilder html = new StringBuilder(frame(table.name(), table.name()));
        html.append("<thead><tr>");
        table.columns().forEach(column -> html.append("<th scope=\"col\">")
                .append(escape(column.name()))
                .append("</th>"));
        html.append("</tr></thead>\n<tbody>\n");
        for (int row = 0; row < table.rowCount(); row++) {
            html.append(table.get(row, 0).equals(ModalityTable.AVERAGE) ? "<tr class=\"average\">" : "<tr>");
            for (int column = 0; column < table.columnCount(); column++) {
                html.append(cell(table.get(row, column).toString(), column == 0));
            }
            html.append("</tr>\n");
        }
        return html.append("</tbody></table></div>\n").toString();
    }

    /** The start of a table that scrolls within itself. */
    static String frame(String name, String styles) {
        return "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s\"><table class=\"%s\">\n"
                .formatted(escape(name), escape(styles));
    }

    private static String cell(String text, boolean header) {
        if (header) {
            return "<th scope=\"row\">" + escape(text) + "</th>";
        }
        String mark = text.endsWith(Mark.BEST) ? "best" : text.endsWith(Mark.SECOND) ? "second" : "";
        String figure = text.replace(Mark.BEST, "").replace(Mark.SECOND, "");
        String shown =
                escape(figure).replaceFirst("^([\\d.]+|undefined)( [\\[(].*?[\\])])?( n=.*)$", "$1<small>$2$3</small>");
        return mark.isEmpty()
                ? "<td>" + shown + "</td>"
                : "<td class=\"%s\" title=\"%s of this row\">%s</td>".formatted(mark, mark, shown);
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
