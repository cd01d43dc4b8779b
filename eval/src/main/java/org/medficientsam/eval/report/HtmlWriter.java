package org.medficientsam.eval.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import tech.tablesaw.api.Table;

/** A report as one HTML file that asks the network for nothing: style and pictures are inside. */
final class HtmlWriter {

    private HtmlWriter() {}

    static String write(String title, List<Block> blocks) {
        StringBuilder html = new StringBuilder();
        html.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .append("<link rel=\"icon\" href=\"data:,\">\n<title>")
                .append(escape(title))
                .append("</title>\n<style>\n")
                .append(style())
                .append("</style>\n</head>\n<body>\n<main>\n");
        boolean inGallery = false;
        for (int i = 0; i < blocks.size(); i++) {
            boolean picture = isThumbnail(blocks.get(i));
            if (picture != inGallery) {
                html.append(picture ? "<div class=\"gallery\">\n" : "</div>\n");
                inGallery = picture;
            }
            html.append(block(blocks.get(i)));
        }
        return html.append(inGallery ? "</div>\n" : "")
                .append("</main>\n</body>\n</html>\n")
                .toString();
    }

    private static boolean isThumbnail(Block block) {
        return block instanceof Block.Picture picture && !picture.kind().equals("image/svg+xml");
    }

    private static String style() {
        try (InputStream css = HtmlWriter.class.getResourceAsStream("report.css")) {
            if (css == null) {
                throw new IllegalStateException("report.css is not in the jar");
            }
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
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
        if (block instanceof Block.Picture picture) {
            return picture(picture);
        }
        return "<p>" + dots(escape(((Block.Paragraph) block).text())) + "</p>\n";
    }

    /** Many fonts lack the coloured dots; a coloured character needs none. */
    private static String dots(String text) {
        return text.replace(Mark.BEST.strip(), "<span class=\"best\">●</span>")
                .replace(Mark.SECOND.strip(), "<span class=\"second\">●</span>");
    }

    private static String picture(Block.Picture picture) {
        return """
                <figure class="%s"><div class="scroll"><img src="data:%s;base64,%s" alt="%s"></div><figcaption>%s</figcaption></figure>
                """.formatted(
                        isThumbnail(picture) ? "case" : "plot",
                        picture.kind(),
                        Base64.getEncoder().encodeToString(picture.content()),
                        escape(picture.caption()),
                        escape(picture.caption()));
    }

    /** Wide tables scroll within themselves, by keyboard too; the first column stays in sight. */
    private static String table(Table table) {
        StringBuilder html = new StringBuilder("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"")
                .append(escape(table.name()))
                .append("\"><table class=\"")
                .append(escape(table.name()))
                .append("\">\n<thead><tr>");
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

    private static String cell(String text, boolean header) {
        if (header) {
            return "<th scope=\"row\">" + escape(text) + "</th>";
        }
        String mark = text.endsWith(Mark.BEST) ? "best" : text.endsWith(Mark.SECOND) ? "second" : "";
        String figure = text.replace(Mark.BEST, "").replace(Mark.SECOND, "");
        String shown = escape(figure).replaceFirst("( \\[.*])?( n=\\d+)$", "<small>$1$2</small>");
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
