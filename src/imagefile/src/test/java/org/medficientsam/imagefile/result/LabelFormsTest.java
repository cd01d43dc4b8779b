package org.medficientsam.imagefile.result;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.medficientsam.casefile.LabelMap;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.LabelMapNpz;
import org.medficientsam.casefile.npz.Npz;
import org.medficientsam.imagefile.result.PixelPolygons.Ring;

/** The label map of create_files.py: a hole with another label in it, a part that touches by a corner, label 300 in pieces. */
class LabelFormsTest {
    private static final LabelMap LABELS = labels();

    private static LabelMap labels() {
        try (InputStream in = Objects.requireNonNull(LabelFormsTest.class.getResourceAsStream("/labels.npz"))) {
            return LabelMapNpz.from(Npz.read(in, Limits.DEFAULT).get("labels"));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void polygonsFilledAreTheMaskAgain() {
        Map<Integer, List<List<Ring>>> polygons = PixelPolygons.of(LABELS);
        assertThat(polygons.keySet()).containsExactly(1, 2, 300);
        List<List<Ring>> first = polygons.getOrDefault(1, List.of());
        assertThat(first).as("apart where only corners touch").hasSize(2);
        assertThat(first.get(0)).as("with its hole").hasSize(2);
        int[] filled = new int[LABELS.labels().length];
        polygons.forEach((label, parts) -> parts.forEach(rings -> fill(filled, rings, label)));
        for (int i = 0; i < filled.length; i++)
            assertThat(filled[i]).isEqualTo(Short.toUnsignedInt(LABELS.labels()[i]));
    }

    private static void fill(int[] into, List<Ring> rings, int label) {
        Path2D path = new Path2D.Double(Path2D.WIND_EVEN_ODD);
        for (Ring ring : rings) {
            int[] c = ring.corners();
            assertThat(new int[] {c[c.length - 2], c[c.length - 1]}).containsExactly(c[0], c[1]);
            path.moveTo(c[0], c[1]);
            for (int i = 2; i < c.length; i += 2) path.lineTo(c[i], c[i + 1]);
            path.closePath();
        }
        for (int y = 0; y < LABELS.height(); y++)
            for (int x = 0; x < LABELS.width(); x++)
                if (path.contains(x + 0.5, y + 0.5)) into[y * LABELS.width() + x] = label;
    }

    @Test
    void geoJsonIsWellFormed() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        GeoJson.write(out, LABELS);
        String text = out.toString(StandardCharsets.UTF_8);
        try (JsonParser parser = new JsonFactory().createParser(text)) {
            while (parser.nextToken() != null) assertThat(parser.currentToken()).isNotNull();
        }
        assertThat(text)
                .startsWith(
                        "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"label\":1}")
                .contains(
                        "{\"label\":2},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[7,6],[8,6],[8,7],[7,7],[7,6]]]}}");
    }

    @Test
    void runLengthsAreThoseOfPycocotools() throws Exception {
        Map<String, String> expected = new LinkedHashMap<>();
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("/labels_rle.json"));
                JsonParser parser = new JsonFactory().createParser(in)) {
            while (parser.nextToken() != null)
                if (parser.currentToken() == JsonToken.VALUE_STRING)
                    expected.put(parser.currentName(), parser.getText());
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CocoRle.write(out, LABELS, "x.png");
        Map<String, String> found = new LinkedHashMap<>();
        try (JsonParser parser = new JsonFactory().createParser(out.toByteArray())) {
            String label = "";
            while (parser.nextToken() != null) {
                if ("id".equals(parser.currentName()) && parser.currentToken() == JsonToken.VALUE_NUMBER_INT)
                    label = parser.getText();
                if ("counts".equals(parser.currentName()) && parser.currentToken() == JsonToken.VALUE_STRING)
                    found.put(label, parser.getText());
            }
        }
        assertThat(expected).hasSize(3);
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void pngHoldsTheLabelsThemselves() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LabelPng.write(out, LABELS);
        BufferedImage read = ImageIO.read(new ByteArrayInputStream(out.toByteArray()));
        assertThat(read.getSampleModel().getSampleSize(0))
                .as("labels above 255 need 16 bits")
                .isEqualTo(16);
        for (int y = 0; y < LABELS.height(); y++)
            for (int x = 0; x < LABELS.width(); x++)
                assertThat(read.getRaster().getSample(x, y, 0)).isEqualTo(LABELS.get(0, y, x));
    }
}
