package org.medficientsam.imagefile.result;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.medficientsam.casefile.LabelMap;
import org.medficientsam.imagefile.result.PixelPolygons.Ring;

/**
 * A feature per label, Polygon or MultiPolygon with holes, in pixels: (0, 0) is the outer corner of the first pixel, y goes down, as
 * QuPath and napari read it.
 */
public final class GeoJson {
    private GeoJson() {}

    /**
     * Writes and leaves the stream open.
     *
     * @throws IllegalArgumentException if it has more than one slice
     */
    public static void write(OutputStream out, LabelMap labels) throws IOException {
        write(out, labels, Map.of());
    }

    /**
     * The same with names: {@code properties.name}, and {@code properties.classification.name} where QuPath looks for it.
     *
     * @param names by label
     * @throws IllegalArgumentException if it has more than one slice
     */
    public static void write(OutputStream out, LabelMap labels, Map<Integer, String> names) throws IOException {
        if (labels.depth() != 1)
            throw new IllegalArgumentException("labels must be of one slice, got " + labels.depth());
        try (JsonGenerator json =
                new JsonFactory().createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
            json.writeStartObject();
            json.writeStringField("type", "FeatureCollection");
            json.writeArrayFieldStart("features");
            for (Map.Entry<Integer, List<List<Ring>>> label :
                    PixelPolygons.of(labels).entrySet())
                feature(json, label.getKey(), Optional.ofNullable(names.get(label.getKey())), label.getValue());
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    private static void feature(JsonGenerator json, int label, Optional<String> name, List<List<Ring>> polygons)
            throws IOException {
        boolean one = polygons.size() == 1;
        json.writeStartObject();
        json.writeStringField("type", "Feature");
        json.writeObjectFieldStart("properties");
        json.writeNumberField("label", label);
        if (name.isPresent()) {
            json.writeStringField("name", name.get());
            json.writeObjectFieldStart("classification");
            json.writeStringField("name", name.get());
            json.writeEndObject();
        }
        json.writeEndObject();
        json.writeObjectFieldStart("geometry");
        json.writeStringField("type", one ? "Polygon" : "MultiPolygon");
        json.writeFieldName("coordinates");
        if (!one) json.writeStartArray();
        for (List<Ring> polygon : polygons) polygon(json, polygon);
        if (!one) json.writeEndArray();
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void polygon(JsonGenerator json, List<Ring> rings) throws IOException {
        json.writeStartArray();
        for (Ring ring : rings) {
            json.writeStartArray();
            for (int i = 0; i < ring.corners().length; i += 2) json.writeArray(ring.corners(), i, 2);
            json.writeEndArray();
        }
        json.writeEndArray();
    }
}
