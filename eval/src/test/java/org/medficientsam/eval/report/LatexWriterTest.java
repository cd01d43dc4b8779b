package org.medficientsam.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.medficientsam.eval.report.table.Mark;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class LatexWriterTest {

    @Test
    void figuresAreReadyToPasteAndTheirIntervalsBelowThem() {
        Table table = Table.create("t")
                .addColumns(
                        StringColumn.create("Target", "CT", "US head", "Average"),
                        StringColumn.create("n", "17", "17 (8)", ""),
                        StringColumn.create(
                                "a_b", "81.50 [70.5, 87.6]" + Mark.BEST, "80.00" + Mark.SECOND, "70.00 n=9, 1 failed"),
                        StringColumn.create("p & q, a name that is long", "–", "undefined, 2 undefined", "70.00 n=8"));

        assertEquals("""
                \\begin{table}
                \\centering
                \\caption{50 \\% of \\{all\\}}
                \\label{tab:x}
                \\footnotesize
                \\setlength{\\tabcolsep}{4pt}
                \\begin{tabular}{@{}lrrr@{}}
                \\toprule
                Target & n & a\\_b & \\parbox[b]{6.5em}{\\raggedleft p \\& q, a name that is long} \\\\
                \\midrule
                CT & 17 & \\textbf{81.50} & -- \\\\
                 &  & {\\scriptsize [70.5, 87.6]} &  \\\\
                US head & 17 & \\underline{80.00} & undefined \\\\
                 & {\\scriptsize (8)} &  & {\\scriptsize 2 undefined} \\\\
                \\midrule
                Average &  & 70.00 & 70.00 \\\\
                 &  & {\\scriptsize n=9, 1 failed} & {\\scriptsize n=8} \\\\
                \\bottomrule
                \\end{tabular}
                \\end{table}
                """, LatexWriter.figures(table, "50 % of {all}", "x"));
    }

    @Test
    void cellsOfAPlainTableStayInOneLine() {
        Table table = Table.create("t")
                .addColumns(
                        StringColumn.create("Target", "CT", "Average"),
                        StringColumn.create("95 % interval", "[-1.1, +9.8]", "[+0.1, +9.8]"),
                        StringColumn.create("~ # $ ^ < > | \\", "10 / 0 / 5", "−1"));

        assertThat(LatexWriter.table(table, "c", "x")).contains("""
                        Target & 95 \\% interval & \\textasciitilde{} \\# \\$ \\textasciicircum{} \\textless{} \\textgreater{} \\textbar{} \\textbackslash{} \\\\
                        \\midrule
                        CT & [-1.1, +9.8] & 10 / 0 / 5 \\\\
                        \\midrule
                        Average & [+0.1, +9.8] & $-$1 \\\\
                        """);
    }
}
