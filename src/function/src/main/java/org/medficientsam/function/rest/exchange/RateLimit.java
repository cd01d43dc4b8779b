package org.medficientsam.function.rest.exchange;

import java.util.LinkedHashMap;
import java.util.Map;

/** So many requests a minute from each address; what was not used adds up to a minute's worth. */
final class RateLimit {
    /** Addresses that are remembered; of more those that were quiet for longest are forgotten. */
    private static final int MOST = 10_000;

    private final int perMinute;
    private final Map<String, Bucket> byAddress = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > MOST;
        }
    };

    private static final class Bucket {
        private double left;
        private long nanos;
    }

    RateLimit(int perMinute) {
        if (perMinute < 1) throw new IllegalArgumentException("a limit per minute must be positive, got " + perMinute);
        this.perMinute = perMinute;
    }

    int perMinute() {
        return perMinute;
    }

    synchronized boolean allows(String address) {
        return allows(address, System.nanoTime());
    }

    synchronized boolean allows(String address, long nanos) {
        Bucket bucket = filled(address, nanos);
        if (bucket.left < 1) return false;
        bucket.left--;
        return true;
    }

    /** Whether one more would be allowed; takes none. */
    synchronized boolean wouldAllow(String address) {
        return filled(address, System.nanoTime()).left >= 1;
    }

    private Bucket filled(String address, long nanos) {
        Bucket bucket = byAddress.computeIfAbsent(address, fresh -> {
            Bucket full = new Bucket();
            full.left = perMinute;
            full.nanos = nanos;
            return full;
        });
        bucket.left = Math.min(perMinute, bucket.left + (nanos - bucket.nanos) * 1e-9 / 60 * perMinute);
        bucket.nanos = nanos;
        return bucket;
    }
}
