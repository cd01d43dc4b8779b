package org.medficientsam.eval.report.table;

import java.util.List;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** A table whose cells are text already, filled row by row. */
final class TextTable {
    private final Table table;

    TextTable(String name, List<String> columns) {
        table = Table.create(name);
        columns.forEach(column -> table.addColumns(StringColumn.create(column)));
    }

    /** @param cells of each column */
    void add(List<String> cells) {
        if (cells.size() != table.columnCount())
            throw new IllegalArgumentException(
                    "a row must have %d cells, got %d".formatted(table.columnCount(), cells.size()));
        for (int i = 0; i < cells.size(); i++) table.stringColumn(i).append(cells.get(i));
    }

    Table table() {
        return table;
    }
}
