package org.medficientsam.eval;

import java.io.PrintWriter;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** The progress bar of every command: count, speed, time left; on standard error, so that output can be piped. */
public final class Progress {
    /** What the terminal is asked for otherwise, by a native library that is unpacked to the temporary folder and stays there. */
    private static final int WIDTH = 78;

    private Progress() {}

    /** A bar that starts at 0. @param steps how many there are to take */
    public static ProgressBar bar(String task, long steps) {
        return new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(steps)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(System.console() == null ? 5000 : 500)
                .showSpeed()
                .setConsumer(new ConsoleProgressBarConsumer(System.err, WIDTH))
                .build();
    }

    /** Ends the line of a bar that is still open, so that what is said next has its own; the bar goes on below. */
    public static void leaveLine(PrintWriter err) {
        err.println();
        err.flush();
    }
}
