package org.medficientsam.function.rest;

import static org.medficientsam.casefile.InvalidCaseException.invalidPrompt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.medficientsam.imagefile.boxes.DrawnBoxes;

/** Boxes as numbers: JSON lists, or in a query {@code 44,42,116,158;10,10,20,20}. */
final class BoxesText {
    private static final ObjectMapper JSON = new ObjectMapper();

    private BoxesText() {}

    /** @throws org.medficientsam.casefile.InvalidCaseException for anything else */
    static DrawnBoxes parse(String text) {
        if (!text.strip().startsWith("[")) {
            List<double[]> boxes = new ArrayList<>();
            for (String box : text.split(";", -1)) boxes.add(DrawnBoxes.parse(box));
            return DrawnBoxes.of(boxes);
        }
        try {
            return of(JSON.readTree(text));
        } catch (JsonProcessingException e) {
            throw invalidPrompt("boxes", "lists of four or six numbers", "what is no JSON");
        }
    }

    /** @throws org.medficientsam.casefile.InvalidCaseException if it is no list of lists of numbers */
    static DrawnBoxes of(JsonNode lists) {
        if (!lists.isArray()) throw invalidPrompt("boxes", "a list of lists of four or six numbers", "none");
        List<double[]> boxes = new ArrayList<>();
        for (JsonNode box : lists) {
            double[] numbers = new double[box.size()];
            for (int i = 0; i < numbers.length; i++) {
                if (!box.path(i).isNumber()) throw invalidPrompt("boxes", "lists of four or six numbers", "other JSON");
                numbers[i] = box.path(i).doubleValue();
            }
            boxes.add(numbers);
        }
        return DrawnBoxes.of(boxes);
    }
}
