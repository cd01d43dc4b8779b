package org.medficientsam.function.rest;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.medficientsam.function.images.KeptCase;
import org.medficientsam.function.images.KeptImages;
import org.medficientsam.function.service.CaseContent;
import org.medficientsam.imagefile.boxes.DrawnBoxes;
import org.medficientsam.imagefile.intensity.IntensityWindow;

/**
 * What is asked of a kept image.
 *
 * @param boxes four or six numbers each
 * @param millimetres whether they are in millimetres of the file's own space rather than in voxels
 * @param fileAxes whether they count in the axes of the file rather than in those of the slices
 * @param model a bundle's id; empty for the default
 * @param rules a rule set's name; empty for the configured one
 * @param window empty for the image's own
 * @param labels of the boxes; empty for 1 to N
 * @param names of the boxes; empty for none
 */
record BoxesRequest(
        DrawnBoxes boxes,
        boolean millimetres,
        boolean fileAxes,
        Optional<String> model,
        Optional<String> rules,
        Optional<IntensityWindow> window,
        List<Integer> labels,
        List<String> names) {
    /** 65,535 boxes of six numbers, written generously. */
    static final long LONGEST = 8 << 20;

    private static final Set<String> KEYS =
            Set.of("boxes", "unit", "axes", "model", "rules", "window", "labels", "names");

    /** @throws org.medficientsam.casefile.InvalidCaseException if it is not JSON, or says something else than it may */
    static BoxesRequest read(CaseContent.Received body, ObjectMapper json) throws IOException {
        try (InputStream in = body.file("").open()) {
            return of(json.readTree(in));
        } catch (JsonProcessingException e) {
            throw malformed("body", "JSON", "something else");
        }
    }

    private static BoxesRequest of(JsonNode tree) {
        if (!tree.isObject()) throw malformed("body", "a JSON object with boxes", "none");
        for (Iterator<String> names = tree.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!KEYS.contains(name))
                throw malformed(
                        "body", "of " + String.join(", ", KEYS.stream().sorted().toList()), "another key");
        }
        return new BoxesRequest(
                BoxesText.of(tree.path("boxes")),
                choice(tree, "unit", "voxel", "mm"),
                choice(tree, "axes", "slices", "file"),
                text(tree, "model"),
                text(tree, "rules"),
                text(tree, "window").map(IntensityWindow::parse),
                list(tree, "labels", "a list of whole numbers", JsonNode::isInt, JsonNode::intValue),
                list(tree, "names", "a list of texts", JsonNode::isTextual, JsonNode::textValue));
    }

    private static <T> List<T> list(
            JsonNode tree, String name, String expected, Predicate<JsonNode> fits, Function<JsonNode, T> value) {
        JsonNode node = tree.path(name);
        if (node.isMissingNode() || node.isNull()) return List.of();
        List<T> list = new ArrayList<>();
        if (!node.isArray()) throw malformed(name, expected, "other JSON");
        for (JsonNode each : node) {
            if (!fits.test(each)) throw malformed(name, expected, "other JSON");
            list.add(value.apply(each));
        }
        return list;
    }

    private static boolean choice(JsonNode tree, String name, String usual, String other) {
        String word = text(tree, name).orElse(usual);
        if (!word.equals(usual) && !word.equals(other)) throw malformed(name, usual + " or " + other, "another word");
        return word.equals(other);
    }

    private static Optional<String> text(JsonNode tree, String name) {
        JsonNode node = tree.path(name);
        if (node.isMissingNode() || node.isNull()) return Optional.empty();
        if (!node.isTextual()) throw malformed(name, "a text", "other JSON");
        return Optional.of(node.textValue());
    }

    KeptCase on(KeptImages.Loan loan) {
        if (millimetres) return KeptCase.inFileAxes(loan, loan.image().image().fromMillimetres(boxes), window);
        return fileAxes ? KeptCase.inFileAxes(loan, boxes, window) : KeptCase.of(loan, boxes, window);
    }
}
