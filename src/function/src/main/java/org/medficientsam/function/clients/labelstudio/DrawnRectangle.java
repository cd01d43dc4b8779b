package org.medficientsam.function.clients.labelstudio;

import static org.medficientsam.casefile.InvalidCaseException.invalidPrompt;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.medficientsam.casefile.InvalidCaseException;

/**
 * A rectangle as Label Studio sends it.
 *
 * @param x of its left edge, in percent of the width
 * @param y of its upper edge, in percent of the height
 * @param width in percent
 * @param height in percent
 * @param label of the object
 */
record DrawnRectangle(double x, double y, double width, double height, Optional<String> label) {
    /**
     * What a person has drawn.
     *
     * @param context of the request; without results nobody has drawn anything
     * @throws InvalidCaseException for other shapes, or rectangles that are turned
     */
    static List<DrawnRectangle> of(JsonNode context) {
        List<DrawnRectangle> all = new ArrayList<>();
        for (JsonNode result : context.path("result")) {
            String type = result.path("type").asText();
            if (!type.equals("rectanglelabels") && !type.equals("rectangle"))
                throw invalidPrompt(
                        "the region", "a rectangle, as this model takes no other", type.replaceAll("[^a-z]", ""));
            JsonNode value = result.path("value");
            for (String side : List.of("x", "y", "width", "height"))
                if (!value.path(side).isNumber()) throw invalidPrompt(side, "a number in percent", "none");
            if (value.path("rotation").asDouble(0) != 0
                    || result.path("image_rotation").asInt(0) != 0)
                throw invalidPrompt("the rectangle", "upright on an upright picture", "turned");
            JsonNode label = value.path(type).path(0);
            all.add(new DrawnRectangle(
                    value.path("x").doubleValue(),
                    value.path("y").doubleValue(),
                    value.path("width").doubleValue(),
                    value.path("height").doubleValue(),
                    label.isTextual() ? Optional.of(label.textValue()) : Optional.empty()));
        }
        return all;
    }

    /** By pixels, both ends inclusive. */
    double[] pixels(int columns, int rows) {
        double left = Math.round(x / 100 * columns);
        double top = Math.round(y / 100 * rows);
        double right = Math.round((x + width) / 100 * columns) - 1;
        double bottom = Math.round((y + height) / 100 * rows) - 1;
        return new double[] {left, top, Math.max(left, right), Math.max(top, bottom)};
    }
}
