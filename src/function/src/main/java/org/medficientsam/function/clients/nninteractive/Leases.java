package org.medficientsam.function.clients.nninteractive;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.medficientsam.function.clients.ClientsConfig;
import org.medficientsam.function.service.Problem;
import org.medficientsam.function.service.ProblemException;

/** What clients of nnInteractive have claimed: a token nobody can guess, and under it one volume. Ends in time, or with its client. */
@ApplicationScoped
class Leases {
    private static final int TOKEN_BYTES = 24;

    private final Volumes volumes;
    private final ClientsConfig.Leases config;
    private final Map<String, Lease> leases = new LinkedHashMap<>();
    private @Nullable SecureRandom random; // not before the first lease, as a snapshot would repeat it

    @Inject
    Leases(Volumes volumes, ClientsConfig config) {
        this.volumes = volumes;
        this.config = config.leases();
    }

    /** One client's. */
    static final class Lease {
        private final String owner;
        private @Nullable DrawnVolume volume;
        private @Nullable VoxelBox waiting;
        private volatile long seenNanos = System.nanoTime();
        private volatile long usedNanos = System.nanoTime();

        private Lease(String token) {
            this.owner = "nninteractive " + token;
        }

        /** As whom its volume is kept. */
        String owner() {
            return owner;
        }

        synchronized Optional<DrawnVolume> volume() {
            return Optional.ofNullable(volume);
        }

        synchronized void volume(@Nullable DrawnVolume another) {
            volume = another;
            waiting = null;
        }

        /** A box that is to be drawn when a prediction is asked for. */
        synchronized void await(@Nullable VoxelBox box) {
            waiting = box == null || waiting == null ? box : waiting.with(box);
        }

        synchronized Optional<VoxelBox> waiting() {
            return Optional.ofNullable(waiting);
        }
    }

    /**
     * Claims one.
     *
     * @return its token
     * @throws ProblemException {@link Problem#BUSY} if all are claimed
     */
    synchronized String claim() {
        expire();
        if (leases.size() >= config.most())
            throw new ProblemException(
                    Problem.BUSY, "all %d leases are claimed; try again later".formatted(config.most()));
        SecureRandom source = random;
        if (source == null) source = new SecureRandom();
        random = source;
        byte[] bytes = new byte[TOKEN_BYTES];
        source.nextBytes(bytes);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        leases.put(token, new Lease(token));
        return token;
    }

    /**
     * The lease of a token.
     *
     * @param used whether its person does something, rather than its client saying that it is there
     * @throws ProblemException {@link Problem#UNKNOWN_IMAGE} if there is none, or it has ended
     */
    synchronized Lease get(@Nullable String token, boolean used) {
        expire();
        Lease lease = token == null ? null : leases.get(token);
        if (lease == null) throw new ProblemException(Problem.UNKNOWN_IMAGE, "lease expired or unknown");
        lease.seenNanos = System.nanoTime();
        if (used) lease.usedNanos = lease.seenNanos;
        return lease;
    }

    /** Ends one; again is harmless. */
    void release(@Nullable String token) {
        Lease lease;
        synchronized (this) {
            lease = token == null ? null : leases.remove(token);
        }
        if (lease != null) lease.volume().ifPresent(volume -> volumes.remove(volume, lease.owner()));
    }

    /** Until it ends if nothing is done under it. */
    Duration remaining(Lease lease) {
        return config.idle().minusNanos(System.nanoTime() - lease.usedNanos);
    }

    /** How many are claimed. */
    synchronized int count() {
        return leases.size();
    }

    private void expire() {
        long now = System.nanoTime();
        List<Map.Entry<String, Lease>> old = leases.entrySet().stream()
                .filter(each -> now - each.getValue().usedNanos > config.idle().toNanos()
                        || now - each.getValue().seenNanos > config.silent().toNanos())
                .toList();
        for (Map.Entry<String, Lease> each : old) {
            leases.remove(each.getKey());
            Lease lease = each.getValue();
            lease.volume().ifPresent(volume -> volumes.remove(volume, lease.owner()));
        }
    }
}
