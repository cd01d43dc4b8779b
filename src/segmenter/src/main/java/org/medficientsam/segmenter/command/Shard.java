package org.medficientsam.segmenter.command;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * One of several equal parts of a list, for array jobs: every {@code count}-th item, beginning with the {@code number}-th.
 *
 * @param number from 1 to {@code count}
 */
record Shard(int number, int count) {
    static final Shard WHOLE = new Shard(1, 1);

    private static final Pattern TEXT = Pattern.compile("(\\d{1,6})/(\\d{1,6})");

    Shard {
        if (count < 1 || number < 1 || number > count) throw wrong(number + "/" + count);
    }

    /**
     * @param text {@code i/n}
     * @throws IllegalArgumentException if it is something else
     */
    static Shard parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) throw wrong(text);
        return new Shard(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)));
    }

    private static IllegalArgumentException wrong(String found) {
        return new IllegalArgumentException("shard must be i/n with 1 <= i <= n, got " + found);
    }

    <T> List<T> of(List<T> items) {
        return IntStream.range(0, items.size())
                .filter(i -> i % count == number - 1)
                .mapToObj(items::get)
                .toList();
    }

    @Override
    public String toString() {
        return number + "/" + count;
    }
}
