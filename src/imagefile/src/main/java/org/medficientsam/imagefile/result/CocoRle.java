package org.medficientsam.imagefile.result;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.medficientsam.casefile.LabelMap;

/** A COCO file of one image, an annotation per label that occurs, masks as compressed run lengths as pycocotools reads them. */
public final class CocoRle {
    private CocoRle() {}

    /**
     * Writes and leaves the stream open.
     *
     * @param image name of the image's file
     * @throws IllegalArgumentException if it has more than one slice
     */
    public static void write(OutputStream out, LabelMap labels, String image) throws IOException {
        write(out, labels, image, Map.of());
    }

    /**
     * The same with a category for each name; labels without one are of category 1, "object".
     *
     * @param names by label
     * @throws IllegalArgumentException if it has more than one slice
     */
    public static void write(OutputStream out, LabelMap labels, String image, Map<Integer, String> names)
            throws IOException {
        if (labels.depth() != 1)
            throw new IllegalArgumentException("labels must be of one slice, got " + labels.depth());
        int highest = 0;
        for (short label : labels.labels()) highest = Math.max(highest, Short.toUnsignedInt(label));
        try (JsonGenerator json =
                new JsonFactory().createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
            json.writeStartObject();
            json.writeArrayFieldStart("images");
            json.writeStartObject();
            json.writeNumberField("id", 1);
            json.writeStringField("file_name", image);
            json.writeNumberField("height", labels.height());
            json.writeNumberField("width", labels.width());
            json.writeEndObject();
            json.writeEndArray();
            json.writeArrayFieldStart("categories");
            category(json, 1, "object");
            List<String> categories = names.values().stream().distinct().toList();
            for (int i = 0; i < categories.size(); i++) category(json, i + 2, categories.get(i));
            json.writeEndArray();
            json.writeArrayFieldStart("annotations");
            for (int label = 1; label <= highest; label++)
                annotation(json, labels, label, categories.indexOf(names.getOrDefault(label, "")) + 2);
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    private static void category(JsonGenerator json, int id, String name) throws IOException {
        json.writeStartObject();
        json.writeNumberField("id", id);
        json.writeStringField("name", name);
        json.writeEndObject();
    }

    private static void annotation(JsonGenerator json, LabelMap labels, int label, int category) throws IOException {
        int[] box = {Integer.MAX_VALUE, Integer.MAX_VALUE, -1, -1};
        int area = 0;
        List<Integer> runs = new ArrayList<>(); // down the columns, background first
        int run = 0;
        boolean inside = false;
        for (int x = 0; x < labels.width(); x++) {
            for (int y = 0; y < labels.height(); y++) {
                boolean is = labels.get(0, y, x) == label;
                if (is != inside) {
                    runs.add(run);
                    run = 0;
                    inside = is;
                }
                run++;
                if (!is) continue;
                area++;
                box[0] = Math.min(box[0], x);
                box[1] = Math.min(box[1], y);
                box[2] = Math.max(box[2], x);
                box[3] = Math.max(box[3], y);
            }
        }
        runs.add(run);
        if (area == 0) return;
        json.writeStartObject();
        json.writeNumberField("id", label);
        json.writeNumberField("image_id", 1);
        json.writeNumberField("category_id", category);
        json.writeNumberField("iscrowd", 0);
        json.writeNumberField("area", area);
        json.writeFieldName("bbox");
        json.writeArray(new int[] {box[0], box[1], box[2] - box[0] + 1, box[3] - box[1] + 1}, 0, 4);
        json.writeObjectFieldStart("segmentation");
        json.writeFieldName("size");
        json.writeArray(new int[] {labels.height(), labels.width()}, 0, 2);
        json.writeStringField("counts", compressed(runs));
        json.writeEndObject();
        json.writeEndObject();
    }

    /** Runs from the fourth on less the one two before, in groups of five bits and one that says whether more follow, from '0' on. */
    static String compressed(List<Integer> runs) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < runs.size(); i++) {
            int value = runs.get(i) - (i > 2 ? runs.get(i - 2) : 0);
            boolean more;
            do {
                int group = value & 0x1f;
                value >>= 5;
                more = (group & 0x10) != 0 ? value != -1 : value != 0;
                text.append((char) ((more ? group | 0x20 : group) + 48));
            } while (more);
        }
        return text.toString();
    }
}
