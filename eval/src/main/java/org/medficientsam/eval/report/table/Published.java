package org.medficientsam.eval.report.table;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/** The tables others printed, as text, to the digit. */
public final class Published {

    /** The data set of every published accuracy. */
    static final String DATASET = "cvpr24-validation";

    private Published() {}

    /** Method, Res., Params, FLOPs, DSC, NSD, DSC-R, NSD-R, run times and memory. */
    public static Table methods() {
        return read("methods.csv");
    }

    /** A printed figure of the modality table, in percent, and the colour it was printed in. */
    record Cell(double percent, String mark) {}

    /** Figures by method, then by row and metric, e.g. {@code CT DSC}; methods in the order printed. */
    static Map<String, Map<String, Cell>> modalities() {
        Map<String, Map<String, Cell>> methods = new LinkedHashMap<>();
        for (Row row : read("modalities.csv")) {
            methods.computeIfAbsent(row.getString("method"), unused -> new LinkedHashMap<>())
                    .put(
                            row.getString("target") + " " + row.getString("metric"),
                            new Cell(Double.parseDouble(row.getString("percent")), row.getString("mark")));
        }
        return methods;
    }

    private static Table read(String name) {
        try (InputStream csv = Published.class.getResourceAsStream("published/" + name)) {
            if (csv == null) {
                throw new IllegalStateException("published/" + name + " is not in the jar");
            }
            return texts(csv, name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All columns as text: read as numbers, 83.20 would print as 83.2 and N/A as a hole. */
    private static Table texts(InputStream csv, String name) {
        return Table.read()
                .usingOptions(CsvReadOptions.builder(csv)
                        .tableName(name)
                        .columnTypes(column -> ColumnType.STRING)
                        .missingValueIndicator("")
                        .build());
    }
}
