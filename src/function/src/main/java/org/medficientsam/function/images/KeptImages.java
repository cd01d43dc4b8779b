package org.medficientsam.function.images;

import static org.medficientsam.casefile.InvalidCaseException.tooLarge;

import io.quarkus.runtime.configuration.MemorySize;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.medficientsam.function.admission.AdmissionControl;
import org.medficientsam.function.service.FunctionConfig;
import org.medficientsam.function.service.Problem;
import org.medficientsam.function.service.ProblemException;
import org.medficientsam.segmenter.KeptEmbeddings;

/**
 * The images that are kept, in memory alone. All they hold is lent by {@link AdmissionControl}. Where there is no room left, what was made
 * of images goes first, as it can be made again, then images; of the owner who holds most, and of those what was used longest ago. What a
 * request works on stays until the request is done.
 */
@ApplicationScoped
public class KeptImages implements AdmissionControl.Borrower {
    /** However small they are: to find who makes room all are looked at. */
    private static final int MOST = 4096;

    private final AdmissionControl admission;
    private final long memory;
    private final Duration idle;
    private final int perOwner;
    private final Map<String, KeptEntry> entries =
            new LinkedHashMap<>(16, 0.75f, true); // the one used longest ago first
    private long used;
    private final ImageIds ids = new ImageIds();
    private final ImageExpiry expiry;
    private boolean stopped;

    @Inject
    KeptImages(AdmissionControl admission, FunctionConfig function, ImagesConfig config) {
        this(
                admission,
                config.memory().map(MemorySize::asLongValue).orElse(function.memoryBytes() / 2),
                config.idle(),
                config.perOwner());
    }

    KeptImages(AdmissionControl admission, long memory, Duration idle, int perOwner) {
        this.admission = admission;
        this.memory = memory;
        this.idle = idle;
        this.perOwner = perOwner;
        this.expiry = new ImageExpiry(idle, this::expire);
        admission.borrowedBy(this);
    }

    /** Heap for all of them. */
    long memory() {
        return memory;
    }

    /** How long an image is kept that nobody asks for. */
    public Duration idle() {
        return idle;
    }

    /**
     * Keeps an image.
     *
     * @param owner the one who may ask for it
     * @param turn in which it was read, which this ends
     * @return its id, which cannot be guessed
     * @throws org.medficientsam.casefile.InvalidCaseException if it is larger than all images together may be
     * @throws ProblemException {@link Problem#BUSY} if what is kept is in use
     */
    public synchronized String add(String owner, KeptImage image, AdmissionControl.Turn turn) {
        List<KeptEntry> own = new ArrayList<>(
                entries.values().stream().filter(e -> e.owner.equals(owner)).toList());
        while (entries.size() >= MOST) makeRoomOrRefuse(null);
        for (KeptEntry oldest : own.subList(0, Math.max(0, own.size() - perOwner + 1))) remove(oldest);
        KeptEntry entry = new KeptEntry(ids.next(), owner, image);
        take(entry, turn);
        entries.put(entry.id, entry);
        expiry.start();
        return entry.id;
    }

    /** As {@link #add}, in use until the loan is closed, so that it cannot make room for another before its client knows its id. */
    public synchronized Loan keep(String owner, KeptImage image, AdmissionControl.Turn turn) {
        return borrow(owner, add(owner, image, turn));
    }

    /**
     * An image for one request, that is not kept.
     *
     * @param turn in which it was read, which this ends
     * @throws org.medficientsam.casefile.InvalidCaseException if it is larger than all images together may be
     * @throws ProblemException {@link Problem#BUSY} if what is kept is in use
     */
    public synchronized Loan hold(KeptImage image, AdmissionControl.Turn turn) {
        KeptEntry entry = new KeptEntry("", "", image);
        take(entry, turn);
        entry.removed = true; // at its only request's end
        return new Loan(entry);
    }

    private void take(KeptEntry entry, AdmissionControl.Turn turn) {
        if (stopped) throw new ProblemException(Problem.BUSY, "the service is stopping");
        long bytes = entry.image.bytes();
        if (bytes > memory)
            throw tooLarge(
                    "image", "one that takes at most %d MiB of memory".formatted(memory >> 20), (bytes >> 20) + " MiB");
        while (used + bytes > memory) makeRoomOrRefuse(entry);
        used += bytes;
        turn.closeLending(bytes);
    }

    private void makeRoomOrRefuse(@Nullable KeptEntry entry) {
        if (!makeRoom(entry, true))
            throw new ProblemException(Problem.BUSY, "the images that are kept are all in use; try again later");
    }

    /**
     * An image for a request; it stays until the loan is closed.
     *
     * @throws ProblemException {@link Problem#UNKNOWN_IMAGE} if there is none of that id, or it is another owner's
     */
    public synchronized Loan borrow(String owner, String id) {
        expire();
        return new Loan(find(owner, id));
    }

    private KeptEntry find(String owner, String id) {
        KeptEntry entry = entries.get(id);
        if (entry == null || !entry.owner.equals(owner))
            throw new ProblemException(
                    Problem.UNKNOWN_IMAGE,
                    "the image must be one that this client posted; one that was not asked for in %d minutes is gone"
                            .formatted(idle.toMinutes()));
        entry.lastNanos = System.nanoTime();
        return entry;
    }

    /**
     * Lets an image go; requests that work on it are told by {@link Loan#isGone}.
     *
     * @throws ProblemException {@link Problem#UNKNOWN_IMAGE} if there is none of that id, or it is another owner's
     */
    public synchronized void remove(String owner, String id) {
        remove(find(owner, id));
    }

    private void remove(KeptEntry entry) {
        entries.remove(entry.id);
        entry.removed = true;
        if (entry.users == 0) free(entry);
    }

    private void free(KeptEntry entry) {
        entry.image.forgetMade(room(entry));
        give(entry.image.bytes());
    }

    private void give(long bytes) {
        used -= bytes;
        admission.takeBack(bytes);
    }

    private KeptEmbeddings.Room room(KeptEntry entry) {
        return new KeptEmbeddings.Room() {
            @Override
            public boolean take(long bytes) {
                return takeFor(entry, bytes);
            }

            @Override
            public void give(long bytes) {
                giveBackOf(entry, bytes);
            }
        };
    }

    private synchronized boolean takeFor(KeptEntry entry, long bytes) {
        if (entry.removed) return false;
        while (used + bytes > memory) if (!makeRoom(entry, false)) return false;
        if (!admission.lend(bytes)) return false;
        used += bytes;
        entry.made += bytes;
        return true;
    }

    private synchronized void giveBackOf(KeptEntry entry, long bytes) {
        entry.made -= bytes;
        give(bytes);
    }

    /**
     * Frees something that nobody uses.
     *
     * @param entry for whose sake
     * @param images whether an image may go, or only what was made of one
     * @return whether there was something
     */
    private boolean makeRoom(@Nullable KeptEntry entry, boolean images) {
        List<KeptEntry> free = KeptEntry.free(entries.values(), entry);
        Optional<KeptEntry> made = free.stream().filter(each -> each.made > 0).findFirst();
        if (made.isPresent()) {
            made.get().image.forgetMade(room(made.get()));
            return true;
        }
        if (!images || free.isEmpty()) return false;
        remove(free.get(0));
        return true;
    }

    @Override
    public synchronized void giveBack(long bytes) {
        long enough = used - bytes;
        while (used > enough && makeRoom(null, true)) {
            // makes room
        }
    }

    private synchronized void expire() {
        long now = System.nanoTime();
        List<KeptEntry> old = entries.values().stream()
                .filter(each -> each.users == 0 && now - each.lastNanos > idle.toNanos())
                .toList();
        old.forEach(this::remove);
    }

    /** Images that are kept. */
    public synchronized int count() {
        return entries.size();
    }

    /** Heap that they, what was made of them, and images of requests under way hold. */
    public synchronized long usedBytes() {
        return used;
    }

    @PreDestroy
    synchronized void stop() {
        stopped = true;
        expiry.stop();
        List.copyOf(entries.values()).forEach(this::remove);
    }

    /** An image in use. */
    public final class Loan implements AutoCloseable {
        private final KeptEntry entry;
        private boolean closed;

        private Loan(KeptEntry entry) { // under the lock
            this.entry = entry;
            entry.users++;
        }

        public String id() {
            return entry.id;
        }

        public KeptImage image() {
            return entry.image;
        }

        /** Whether it was let go meanwhile, so that nobody wants what is made of it. */
        public boolean isGone() {
            synchronized (KeptImages.this) {
                return entry.removed && !entry.id.isEmpty();
            }
        }

        KeptEmbeddings.Room room() {
            return KeptImages.this.room(entry);
        }

        /** Most that a request on it may hold beside all that is kept. */
        long memoryOfOthers() {
            return memory;
        }

        /** Lets others have its memory; again is harmless. */
        @Override
        public void close() {
            synchronized (KeptImages.this) {
                if (closed) return;
                closed = true;
                entry.users--;
                entry.lastNanos = System.nanoTime();
                if (entry.removed && entry.users == 0) free(entry);
            }
            admission.askBack();
        }
    }
}
