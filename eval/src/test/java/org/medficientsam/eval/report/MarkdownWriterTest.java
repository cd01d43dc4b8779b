package org.medficientsam.eval.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class MarkdownWriterTest {

    @Test
    void namesBreakNoTableAndAreNoHtml() {
        Table table = Table.create("t")
                .addColumns(StringColumn.create("a|b", "<b>x"), StringColumn.create("p < 0.05", "1 | 2"));
        List<Block> blocks = List.of(new Block.Heading(1, "Report: <i>"), new Block.Grid(table));

        assertEquals("""
                # Report: &lt;i>

                | a\\|b    | p < 0.05 |
                |:--------|---------:|
                | &lt;b>x |   1 \\| 2 |
                """, MarkdownWriter.write(blocks));
    }
}
