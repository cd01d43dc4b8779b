package org.medficientsam.imagefile.boxes;

import static org.medficientsam.casefile.InvalidCaseException.invalidPrompt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Boxes in JSON: a list of lists of four or six numbers, the same under {@code boxes} or under the image's name, or a COCO file, whose
 * {@code bbox} is x, y, width, height.
 */
final class BoxJson {
    private static final String FIELD = "boxes";

    private BoxJson() {}

    static List<double[]> read(String text, String image) {
        Object tree = JsonTree.parse(text);
        if (tree instanceof Map<?, ?> map) {
            if (map.get("annotations") instanceof List<?> annotations) return coco(map, annotations, image);
            if (map.containsKey("boxes")) return boxes(map.get("boxes"));
            for (Map.Entry<?, ?> entry : map.entrySet())
                if (entry.getKey() instanceof String name && BoxFile.isNamed(name, image))
                    return boxes(entry.getValue());
            throw invalidPrompt(FIELD, "JSON with boxes, annotations or the image's name", "an object without");
        }
        return boxes(tree);
    }

    private static List<double[]> boxes(Object tree) {
        if (!(tree instanceof List<?> list)) throw form();
        if (!list.isEmpty() && list.get(0) instanceof Double) return List.of(numbers(list));
        List<double[]> boxes = new ArrayList<>();
        for (Object box : list) {
            if (!(box instanceof List<?> numbers)) throw form();
            boxes.add(numbers(numbers));
        }
        return boxes;
    }

    private static double[] numbers(List<?> list) {
        double[] numbers = new double[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            if (!(list.get(i) instanceof Double number)) throw form();
            numbers[i] = number;
        }
        return numbers;
    }

    private static List<double[]> coco(Map<?, ?> file, List<?> annotations, String image) {
        List<?> images = file.get("images") instanceof List<?> list ? list : List.of();
        Set<Object> ids = images.stream()
                .filter(each -> each instanceof Map<?, ?> map
                        && map.get("file_name") instanceof String name
                        && BoxFile.isNamed(name, image))
                .map(each -> String.valueOf(((Map<?, ?>) each).get("id")))
                .collect(Collectors.toSet());
        boolean named = images.stream().anyMatch(each -> each instanceof Map<?, ?> map && map.get("file_name") != null);
        long others = annotations.stream()
                .map(each -> each instanceof Map<?, ?> map ? String.valueOf(map.get("image_id")) : "")
                .distinct()
                .count();
        if (ids.isEmpty() && (named || others > 1))
            throw invalidPrompt(FIELD, "those of an image that the COCO file names", "none of that name");
        List<double[]> boxes = new ArrayList<>();
        for (Object each : annotations) {
            if (!(each instanceof Map<?, ?> annotation)) throw form();
            if (!ids.isEmpty() && !ids.contains(String.valueOf(annotation.get("image_id")))) continue;
            if (!(annotation.get("bbox") instanceof List<?> bbox) || bbox.size() != 4)
                throw invalidPrompt(FIELD, "annotations with a bbox of four numbers", "one without");
            boxes.add(fromSize(numbers(bbox)));
        }
        return boxes;
    }

    /** x, y, width, height, where a pixel is one wide, to the first and last pixel. */
    static double[] fromSize(double[] box) {
        return new double[] {
            box[0], box[1], Math.max(box[0] + box[2] - 1, box[0]), Math.max(box[1] + box[3] - 1, box[1])
        };
    }

    private static RuntimeException form() {
        return invalidPrompt(FIELD, "lists of four or six numbers", "other JSON");
    }
}
