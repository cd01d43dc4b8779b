package org.medficientsam.eval.report;

import java.util.List;
import tech.tablesaw.api.Table;

/** What a report is made of, before it is Markdown or HTML. */
sealed interface Block {

    /** @param level 1 for the title */
    record Heading(int level, String text) implements Block {}

    record Paragraph(String text) implements Block {}

    record Items(List<String> texts) implements Block {}

    record Grid(Table table) implements Block {}

    /**
     * @param file below the report's folder
     * @param kind media type
     * @param caption one line, also for those who cannot see it
     */
    record Picture(String file, String kind, String caption, byte[] content) implements Block {}
}
