package org.medficientsam.eval.report;

import java.util.List;
import org.medficientsam.eval.report.table.CaseTable;
import tech.tablesaw.api.Table;

/** What a report is made of, before it is Markdown or HTML. */
sealed interface Block {

    /** @param level 1 for the title */
    record Heading(int level, String text) implements Block {}

    record Paragraph(String text) implements Block {}

    record Items(List<String> texts) implements Block {}

    record Grid(Table table) implements Block {}

    /** What not every reader wants to see: behind a line that opens it. */
    record Folded(String summary, List<Block> blocks) implements Block {}

    /**
     * A vector drawing.
     *
     * @param file below the report's folder
     * @param caption one line, also for those who cannot see it
     */
    record Plot(String file, String caption, String svg) implements Block {}

    /** Case by case, see {@link CaseTable}. */
    record Cases(CaseTable table) implements Block {}
}
