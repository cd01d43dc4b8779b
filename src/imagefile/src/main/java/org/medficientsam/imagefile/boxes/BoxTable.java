package org.medficientsam.imagefile.boxes;

import static org.medficientsam.casefile.InvalidCaseException.invalidPrompt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A table of boxes, one a line, separated by commas, semicolons or tabs. A first line of names says which columns are which:
 * x_min, y_min, z_min, x_max, y_max, z_max in any order, x, y, width, height, and case, file or image for the image's name. Without
 * one, lines are four or six numbers, after a name or not.
 */
final class BoxTable {
    private static final String FIELD = "boxes";
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
    private static final List<String> BOX = List.of("xmin", "ymin", "xmax", "ymax");
    private static final List<String> CUBE = List.of("xmin", "ymin", "zmin", "xmax", "ymax", "zmax");
    private static final List<String> SIZED = List.of("x", "y", "width", "height");
    private static final List<String> IMAGE = List.of(
            "case",
            "caseid",
            "file",
            "filename",
            "filepath",
            "image",
            "imageid",
            "imagename",
            "imagefile",
            "imagefilename",
            "imagepath",
            "img",
            "imgid",
            "imgname",
            "imgpath",
            "path",
            "name");

    private BoxTable() {}

    static List<double[]> read(String text, String image) {
        List<String[]> rows = text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(BoxTable::split)
                .toList();
        if (rows.isEmpty()) throw invalidPrompt(FIELD, "a table with at least one box", "an empty file");
        boolean titled = Arrays.stream(rows.get(0))
                .noneMatch(cell -> NUMBER.matcher(cell).matches());
        return titled ? titled(rows, image) : untitled(rows, image);
    }

    private static String[] split(String line) {
        char separator = line.contains("\t") ? '\t' : line.contains(";") ? ';' : ',';
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') cell.append(line.charAt(++i));
            else if (c == '"') quoted = !quoted;
            else if (c == separator && !quoted) {
                cells.add(cell.toString().strip());
                cell.setLength(0);
            } else cell.append(c);
        }
        cells.add(cell.toString().strip());
        return cells.toArray(String[]::new);
    }

    private static List<double[]> untitled(List<String[]> rows, String image) {
        List<double[]> boxes = new ArrayList<>();
        for (int r = 0; r < rows.size(); r++) {
            String[] row = rows.get(r);
            boolean named = row.length % 2 == 1;
            if (named && !BoxFile.isNamed(row[0], image)) continue;
            int start = named ? 1 : 0;
            double[] box = new double[row.length - start];
            for (int i = 0; i < box.length; i++) box[i] = number(row[start + i], r + 1);
            boxes.add(box);
        }
        return boxes;
    }

    private static List<double[]> titled(List<String[]> rows, String image) {
        List<String> titles = Arrays.stream(rows.get(0))
                .map(title -> title.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", ""))
                .toList();
        List<String> columns = columns(titles);
        Optional<Integer> name = IMAGE.stream()
                .map(titles::indexOf)
                .filter(i -> i >= 0)
                .findFirst()
                .or(() -> columnOf(image, rows, titles, columns));
        List<double[]> boxes = new ArrayList<>();
        for (int r = 1; r < rows.size(); r++) {
            String[] row = rows.get(r);
            if (row.length != titles.size())
                throw invalidPrompt(
                        FIELD,
                        "a table of %d columns as its first line says".formatted(titles.size()),
                        "%d in line %d".formatted(row.length, r + 1));
            if (name.isPresent() && !BoxFile.isNamed(row[name.get()], image)) continue;
            double[] box = new double[columns.size()];
            for (int i = 0; i < box.length; i++) box[i] = number(row[titles.indexOf(columns.get(i))], r + 1);
            boxes.add(columns.equals(SIZED) ? BoxJson.fromSize(box) : box);
        }
        return boxes;
    }

    /** A column of another title, if one of its cells is the image's name: the others are those of other images. */
    private static Optional<Integer> columnOf(
            String image, List<String[]> rows, List<String> titles, List<String> columns) {
        return IntStream.range(0, titles.size())
                .filter(i -> !columns.contains(titles.get(i)))
                .filter(i -> rows.stream().skip(1).anyMatch(row -> i < row.length && BoxFile.isNamed(row[i], image)))
                .boxed()
                .findFirst();
    }

    private static List<String> columns(List<String> titles) {
        for (List<String> columns : List.of(CUBE, BOX, SIZED)) if (titles.containsAll(columns)) return columns;
        throw invalidPrompt(
                FIELD,
                "a table with x_min, y_min, (z_min,) x_max, y_max(, z_max) or x, y, width, height",
                "other names");
    }

    private static double number(String cell, int line) {
        if (!NUMBER.matcher(cell).matches()) throw invalidPrompt(FIELD, "numbers in line " + line, "something else");
        return Double.parseDouble(cell);
    }
}
