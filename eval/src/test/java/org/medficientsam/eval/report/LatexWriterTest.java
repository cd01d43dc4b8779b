package org.medficientsam.eval.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.medficientsam.eval.report.table.Mark;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class LatexWriterTest {

    @Test
    void tableIsReadyToPaste() {
        Table table = Table.create("t")
                .addColumns(
                        StringColumn.create("Target", "CT", "Average"),
                        StringColumn.create(
                                "DSC a_b", "81.50 [70.5, 87.6] n=17" + Mark.BEST, "80.00 n=17" + Mark.SECOND),
                        StringColumn.create("p & q", "– 5 %", "undefined"));

        assertEquals("""
                \\begin{table}
                \\centering
                \\caption{50 \\% of \\{all\\}}
                \\label{tab:x}
                \\begin{tabular}{lrr}
                \\toprule
                Target & DSC a\\_b & p \\& q \\\\
                \\midrule
                CT & \\textbf{81.50} [70.5, 87.6] & -- 5 \\% \\\\
                \\midrule
                Average & \\underline{80.00} & undefined \\\\
                \\bottomrule
                \\end{tabular}
                \\end{table}
                """, LatexWriter.table(table, "50 % of {all}", "x"));
    }
}
