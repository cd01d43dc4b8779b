package org.medficientsam.eval.report;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.medficientsam.eval.report.table.CaseTable;

/** The table of cases in HTML: any column sorts it; a thumbnail leads to the picture at full size. */
final class HtmlCases {

    private HtmlCases() {}

    static String write(CaseTable table) {
        List<String> runs = table.runs();
        StringBuilder html = new StringBuilder(HtmlWriter.frame("cases", "cases sortable"));
        boolean pictures = table.rows().stream().anyMatch(row -> row.picture() != null);
        html.append("<thead><tr>")
                .append(head("Case"))
                .append(pictures ? "<th scope=\"col\">Picture</th>" : "")
                .append(head("Modality"));
        for (String metric : List.of("DSC", "NSD")) {
            for (int i = 0; i < runs.size(); i++) {
                html.append(head(metric + " " + runs.get(i)));
                if (i > 0) {
                    html.append(head("− " + runs.get(0)));
                }
            }
        }
        html.append("</tr></thead>\n<tbody>\n");
        for (CaseTable.Row row : table.rows()) {
            html.append("<tr><th scope=\"row\">")
                    .append(HtmlWriter.escape(row.name()))
                    .append("</th>");
            if (pictures) {
                html.append("<td class=\"thumb\">").append(picture(row)).append("</td>");
            }
            html.append("<td class=\"text\">")
                    .append(HtmlWriter.escape(row.modality()))
                    .append("</td>");
            figures(html, row.dsc(), runs, row.failed());
            figures(html, row.nsd(), runs, row.failed());
            html.append("</tr>\n");
        }
        return html.append("</tbody></table></div>\n").toString();
    }

    /** No button element: Chromium leaves those out where a table header is printed again on the next page. */
    private static String head(String text) {
        return "<th scope=\"col\" aria-sort=\"none\"><span role=\"button\" tabindex=\"0\">%s</span></th>"
                .formatted(HtmlWriter.escape(text));
    }

    private static String picture(CaseTable.Row row) {
        String file = row.picture();
        byte[] thumbnail = row.thumbnail();
        if (file == null || thumbnail == null) {
            return "";
        }
        return "<a href=\"%s\"><img loading=\"lazy\" alt=\"%s\" src=\"data:image/jpeg;base64,%s\"></a>"
                .formatted(
                        address(file),
                        HtmlWriter.escape(row.name()),
                        Base64.getEncoder().encodeToString(thumbnail));
    }

    private static String address(String file) {
        int slash = file.indexOf('/');
        return file.substring(0, slash + 1)
                + URLEncoder.encode(file.substring(slash + 1), StandardCharsets.UTF_8)
                        .replace("+", "%20");
    }

    private static void figures(StringBuilder html, List<Double> values, List<String> runs, List<String> failed) {
        double best = values.stream()
                .filter(value -> !value.isNaN())
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(0);
        for (int i = 0; i < values.size(); i++) {
            double value = values.get(i);
            String note = failed.contains(runs.get(i)) ? "<small>failed</small>" : "";
            boolean isBest = values.size() > 1 && value == best;
            html.append("<td data-value=\"%s\"%s>".formatted(number(value), isBest ? " class=\"best\"" : ""))
                    .append(CaseTable.percent(value))
                    .append(note)
                    .append("</td>");
            if (i > 0) {
                double difference = value - values.get(0);
                html.append("<td data-value=\"%s\" class=\"%s\">".formatted(number(difference), sign(difference)))
                        .append(CaseTable.signed(difference))
                        .append("</td>");
            }
        }
    }

    private static String sign(double difference) {
        return difference > 0 ? "up" : difference < 0 ? "down" : "";
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.2f", value);
    }
}
