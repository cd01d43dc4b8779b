package org.medficientsam.function.service;

import static org.medficientsam.casefile.InvalidCaseException.invalidPrompt;
import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.medficientsam.casefile.LabelMap;
import org.medficientsam.segmenter.CaseOptions;
import org.medficientsam.segmenter.Segmentation;

/**
 * What is wanted of a segmentation.
 *
 * @param form in which it is answered
 * @param threshold probability above which a pixel is in a mask
 * @param labels of the boxes, in their order; empty for 1 to N
 * @param names of the boxes, in their order, for forms that have names; empty for none
 */
public record Wanted(AnswerForm form, double threshold, List<Integer> labels, List<String> names) {
    private static final int LONGEST_NAME = 256;

    /**
     * Copies the lists.
     *
     * @throws org.medficientsam.casefile.InvalidCaseException if the threshold is not above 0 and below 1, a label not in 1..65535, or a
     *     name too long
     */
    public Wanted {
        if (!(threshold > 0 && threshold < 1)) throw malformed("threshold", "above 0 and below 1", "" + threshold);
        labels = List.copyOf(labels);
        names = List.copyOf(names);
        for (int label : labels)
            if (label < 1 || label > LabelMap.MAX_LABEL) throw invalidPrompt("labels", "in 1..65535", "" + label);
        for (String name : names)
            if (name.length() > LONGEST_NAME)
                throw malformed("names", "of at most %d characters".formatted(LONGEST_NAME), "" + name.length());
    }

    /** That form, and nothing out of the ordinary. */
    public static Wanted of(AnswerForm form) {
        return new Wanted(form, CaseOptions.HALF, List.of(), List.of());
    }

    /** @throws org.medficientsam.casefile.InvalidCaseException if there are labels or names, but not as many as boxes */
    void check(int boxes) {
        if (!labels.isEmpty() && labels.size() != boxes)
            throw invalidPrompt("labels", "as many as boxes, " + boxes, "" + labels.size());
        if (!names.isEmpty() && names.size() != boxes)
            throw invalidPrompt("names", "as many as boxes, " + boxes, "" + names.size());
    }

    Segmentation numbered(Segmentation segmentation) {
        return labels.isEmpty() ? segmentation : segmentation.relabelled(labels);
    }

    /** Names by label; of boxes that share a label the first one's. */
    Map<Integer, String> namesByLabel() {
        Map<Integer, String> byLabel = new TreeMap<>();
        for (int i = 0; i < names.size(); i++)
            byLabel.putIfAbsent(labels.isEmpty() ? i + 1 : labels.get(i), names.get(i));
        return byLabel;
    }
}
