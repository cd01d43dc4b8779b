package org.medficientsam.segmenter.window;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.medficientsam.casefile.Box;

/** Which windows an image is looked at through, and which boxes in each. */
public final class WindowPlan {
    private final WindowRule rule;
    private final List<? extends Box> boxes;
    private final int height;
    private final int width;

    /**
     * What is decoded together.
     *
     * @param boxes indices
     */
    public record Look(Window window, List<Integer> boxes) {}

    private WindowPlan(WindowRule rule, List<? extends Box> boxes, int height, int width) {
        this.rule = rule;
        this.boxes = boxes;
        this.height = height;
        this.width = width;
    }

    /** One look at all of the picture. */
    public static List<Look> whole(List<? extends Box> boxes, int height, int width) {
        return List.of(new Look(
                Window.whole(height, width),
                IntStream.range(0, boxes.size()).boxed().toList()));
    }

    /**
     * First the whole picture, if a box needs it, then the windows. Every box is in one look.
     *
     * @param boxes of a picture of that height and width, and inside it
     * @param inputSize side of the network's picture
     */
    public static List<Look> of(WindowRule rule, List<? extends Box> boxes, int height, int width, int inputSize) {
        double pixels = (double) Math.max(height, width) / inputSize; // in one of the network's
        if (pixels <= rule.shrunk() || rule.most() == 0) return whole(boxes, height, width);
        return new WindowPlan(rule, boxes, height, width).looks(rule.small() * pixels);
    }

    private List<Look> looks(double smallBelow) {
        List<Integer> small = IntStream.range(0, boxes.size())
                .boxed()
                .filter(i -> WindowRule.longerSide(boxes.get(i)) < smallBelow)
                .sorted(Comparator.comparingDouble(i -> -rule.side(boxes.get(i))))
                .toList();
        for (double larger = 1; ; larger *= 2) {
            Optional<List<Look>> windows = windows(small, larger);
            if (windows.isPresent()) return withWhole(windows.get());
        }
    }

    /** Windows so many times as large as they should be; empty if they are too many. */
    private Optional<List<Look>> windows(List<Integer> small, double larger) {
        List<Look> looks = new ArrayList<>();
        // A window that shows almost as much as the picture is no help.
        double largest = Math.max(height, width) / rule.shrunk();
        List<Integer> left = new ArrayList<>(small);
        left.removeIf(i -> larger * rule.side(boxes.get(i)) > largest);
        while (!left.isEmpty()) {
            if (looks.size() == rule.most()) return Optional.empty();
            Box first = boxes.get(left.get(0)); // the largest
            double side = larger * rule.side(first);
            Window window = Window.round(first, (int) Math.ceil(side), height, width);
            List<Integer> shown = new ArrayList<>(List.of(left.remove(0)));
            left.removeIf(i -> {
                boolean joins = larger * rule.side(boxes.get(i)) * rule.shared() >= side
                        && window.shows(boxes.get(i), height, width);
                if (joins) shown.add(i);
                return joins;
            });
            looks.add(new Look(window, shown.stream().sorted().toList()));
        }
        return Optional.of(looks);
    }

    private List<Look> withWhole(List<Look> windows) {
        boolean[] shown = new boolean[boxes.size()];
        for (Look look : windows) for (int i : look.boxes()) shown[i] = true;
        List<Integer> others =
                IntStream.range(0, boxes.size()).boxed().filter(i -> !shown[i]).toList();
        List<Look> all = new ArrayList<>();
        if (!others.isEmpty()) all.add(new Look(Window.whole(height, width), others));
        all.addAll(windows);
        return all;
    }
}
