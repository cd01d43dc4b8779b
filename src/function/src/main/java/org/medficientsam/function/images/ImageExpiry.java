package org.medficientsam.function.images;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Looks now and then for images that nobody asks for, from the first image on. */
final class ImageExpiry {
    private final long millis;
    private final Runnable check;
    private @Nullable ScheduledExecutorService checks;

    /** @param idle how long an image is kept that nobody asks for */
    ImageExpiry(Duration idle, Runnable check) {
        this.millis = Math.max(50, Math.min(idle.toMillis() / 4, 30_000));
        this.check = check;
    }

    synchronized void start() {
        if (checks != null) return;
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "image-expiry");
            thread.setDaemon(true);
            return thread;
        });
        started.scheduleWithFixedDelay(check, millis, millis, TimeUnit.MILLISECONDS);
        checks = started;
    }

    synchronized void stop() {
        ScheduledExecutorService started = checks;
        if (started != null) started.shutdownNow();
    }
}
