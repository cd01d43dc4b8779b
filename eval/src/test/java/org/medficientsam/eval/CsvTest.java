package org.medficientsam.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class CsvTest {

    @Test
    void whatIsWrittenIsReadBack() {
        List<List<String>> rows =
                List.of(List.of("case", "error"), List.of("a,b", "he said \"no\"\nand left"), List.of("", "x"));
        StringBuilder text = new StringBuilder();
        rows.forEach(row -> text.append(Csv.line(row)));
        assertEquals(rows, Csv.parse(text.toString()));
        assertEquals(rows, Csv.parse(text.toString().replaceFirst("\n", "\r\n") + "\n"));
    }

    @Test
    void quotedAsRfc4180Says() {
        assertEquals("a,\"b,c\",\"d\"\"e\"\n", Csv.line(List.of("a", "b,c", "d\"e")));
        assertEquals(List.of(List.of("a", "")), Csv.parse("a,"));
        assertEquals(List.of(), Csv.parse(""));
    }
}
