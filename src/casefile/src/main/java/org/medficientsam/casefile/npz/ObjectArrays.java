package org.medficientsam.casefile.npz;

import static org.medficientsam.casefile.InvalidCaseException.invalidPrompt;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The two object arrays that are met in cases and can be read without loading objects: the boxes of the challenge of 2025, a dict
 * of seven integers each, and a {@code spacing=None}.
 */
final class ObjectArrays {
    /** More than any case has: a dict takes some 60 bytes, a pickled None 200. */
    static final int MAX_BYTES = 16 << 20;

    /** In the order of a box of six columns; {@code z_mid} is the slice that the other four were drawn on. */
    private static final List<String> COLUMNS =
            List.of("z_mid_x_min", "z_mid_y_min", "z_min", "z_mid_x_max", "z_mid_y_max", "z_max");

    private static final Set<String> NAMES = Set.of("boxes", "spacing");

    private ObjectArrays() {}

    /** Whether an object array of this name is looked into at all. */
    static boolean isKnown(String name) {
        return NAMES.contains(name);
    }

    /**
     * The array that is meant.
     *
     * @return float64 (N, 6) for boxes; nothing for None
     * @throws org.medficientsam.casefile.InvalidCaseException if it is neither
     */
    static Optional<NpyArray> read(byte[] pickle, String name) {
        List<?> elements = Pickle.elements(pickle, name);
        if (elements.size() == 1 && elements.get(0) == Pickle.NONE) return Optional.empty();
        double[] values = new double[elements.size() * COLUMNS.size()];
        int at = 0;
        for (Object element : elements) {
            if (!name.equals("boxes") || !(element instanceof Map<?, ?> dict))
                throw invalidPrompt(
                        name,
                        "numbers, or dicts of z_min, z_max, z_mid and z_mid_x_min to z_mid_y_max",
                        "other objects");
            for (String column : COLUMNS) {
                Object value = dict.get(column);
                if (value == null)
                    throw invalidPrompt(
                            name,
                            "an (N, 6) array, or dicts with " + String.join(", ", COLUMNS),
                            "dicts without " + column);
                values[at++] = Pickle.integer(value, name);
            }
        }
        return Optional.of(NpyArray.of(values, elements.size(), COLUMNS.size()));
    }
}
