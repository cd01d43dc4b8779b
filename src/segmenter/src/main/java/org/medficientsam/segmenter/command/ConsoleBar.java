package org.medficientsam.segmenter.command;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A progress bar with the time left, on standard error; or none. */
public final class ConsoleBar implements AutoCloseable {
    static final ConsoleBar NONE = new ConsoleBar(null);

    private static final int UPDATE_MS = 250;
    private static final int WIDTH = 100;

    private final @Nullable ProgressBar bar;

    private ConsoleBar(@Nullable ProgressBar bar) {
        this.bar = bar;
    }

    /** @param total 0 if it will be told with the first step */
    static ConsoleBar open(String task, String unit, int total) {
        return new ConsoleBar(new ProgressBarBuilder()
                .setTaskName(task)
                .setUnit(" " + unit, 1)
                .setInitialMax(total)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(UPDATE_MS)
                .setConsumer(new ConsoleProgressBarConsumer(System.err, WIDTH))
                .build());
    }

    /** The bar itself follows the steps of a case. */
    boolean steps(int done, int total) {
        if (bar != null) bar.maxHint(total).stepTo(done);
        return true;
    }

    /** The bar counts cases; the steps of one are told beside it. */
    boolean within(int done, int total) {
        if (bar != null && total > 1) bar.setExtraMessage("%d/%d".formatted(done, total));
        return true;
    }

    void say(String message) {
        if (bar != null) bar.setExtraMessage(message);
    }

    void step() {
        if (bar != null) bar.step();
    }

    @Override
    public void close() {
        if (bar != null) bar.close();
    }
}
