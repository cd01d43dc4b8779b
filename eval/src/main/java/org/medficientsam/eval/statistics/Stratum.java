package org.medficientsam.eval.statistics;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Figures of one stratum, such as a modality, and which of them belong together because they come from one patient, volume or
 * video. A group may have figures in several strata.
 */
public final class Stratum {

    private final double[] values;

    @Nullable
    private final List<String> groups;

    private Stratum(double[] values, @Nullable List<String> groups) {
        this.values = values;
        this.groups = groups;
    }

    /** Figures that are independent of one another. */
    public static Stratum of(double... values) {
        return new Stratum(values.clone(), null);
    }

    /**
     * @param groups of each value, the name of its group
     * @throws IllegalArgumentException if there is not one name per value
     */
    public static Stratum of(double[] values, List<String> groups) {
        if (groups.size() != values.length) {
            throw new IllegalArgumentException(
                    "groups must name %d values, got %d".formatted(values.length, groups.size()));
        }
        return new Stratum(values.clone(), List.copyOf(groups));
    }

    /** Each figure, as given. */
    public double[] values() {
        return values.clone();
    }

    /** How many figures. */
    public int size() {
        return values.length;
    }

    double value(int i) {
        return values[i];
    }

    /** Not one of a stratum without groups is equal to any other. */
    Object group(int i) {
        return groups == null ? new Object() : groups.get(i);
    }

    /** How many groups its figures are of. */
    public int groupCount() {
        return groups == null ? values.length : (int) groups.stream().distinct().count();
    }

    /** How many groups the figures of all these strata are of, one that is in several counted once. */
    public static int groupCount(List<Stratum> strata) {
        return (int) strata.stream()
                .flatMap(stratum -> IntStream.range(0, stratum.size()).mapToObj(stratum::group))
                .distinct()
                .count();
    }

    /** Places of the values in {@link #values}, group by group in order of their first. */
    List<int[]> places() {
        if (groups == null) {
            return IntStream.range(0, values.length)
                    .mapToObj(i -> new int[] {i})
                    .toList();
        }
        return groups.stream()
                .distinct()
                .map(group -> IntStream.range(0, values.length)
                        .filter(i -> groups.get(i).equals(group))
                        .toArray())
                .toList();
    }
}
