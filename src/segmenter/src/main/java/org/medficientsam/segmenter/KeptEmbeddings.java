package org.medficientsam.segmenter;

import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.medficientsam.segmenter.onnx.EmbeddingValues;
import org.medficientsam.segmenter.picture.Interpolation;
import org.medficientsam.segmenter.window.Window;

/**
 * Embeddings of one image that outlive the request that made them, so that its next box costs the decoder alone. A run asks here before
 * it encodes and hands over what it encoded; what comes out is the same to the bit as without. They belong to one array of pixels, which
 * the caller sees to; bundle, resize, slice and window are told apart here.
 *
 * <p>Numbers on the heap: a segmenter may be closed while they are held. Who makes it bounds it: {@link Room} is asked for every byte,
 * and where it has none left, what was used longest ago goes. Safe to use from several threads.
 */
public final class KeptEmbeddings implements AutoCloseable {
    /** Where bytes come from and go back to. Called without any lock held. */
    public interface Room {
        /** Whether so many bytes could be had; they are then taken. */
        boolean take(long bytes);

        /** Gives bytes back. */
        void give(long bytes);
    }

    /**
     * Which embedding.
     *
     * @param bundle hash of the bundle
     * @param inputSize side of the network's picture
     * @param volume whether it is a slice of a volume, which are encoded on one thread each
     * @param z slice; 0 of an image
     * @param window part of the slice that was shown
     */
    record Key(String bundle, Interpolation interpolation, int inputSize, boolean volume, int z, Window window) {}

    private final Room room;
    private final Map<Key, EmbeddingValues> held =
            new LinkedHashMap<>(16, 0.75f, true); // the one used longest ago first
    private final Set<Key> making = new HashSet<>();
    private long bytes;
    private boolean closed;

    /** @param room for all it holds */
    public KeptEmbeddings(Room room) {
        this.room = room;
    }

    synchronized Optional<EmbeddingValues> find(Key key) {
        return Optional.ofNullable(held.get(key));
    }

    /**
     * Waits while another makes the same one, so that it is made once. From here on others wait until its {@link #end}.
     *
     * @throws SegmentationStoppedException if the thread is interrupted, which it still is then
     */
    synchronized void begin(Key key) {
        try {
            while (making.contains(key)) wait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SegmentationStoppedException();
        }
        making.add(key);
    }

    synchronized void end(Key key) {
        making.remove(key);
        notifyAll();
    }

    /** Keeps it if there is room for it, or for it in the place of others. */
    void put(Key key, EmbeddingValues embedding) {
        while (!room.take(embedding.bytes())) {
            Optional<EmbeddingValues> oldest = removeOldest();
            if (oldest.isEmpty()) return;
            room.give(oldest.get().bytes());
        }
        if (!hold(key, embedding)) room.give(embedding.bytes());
    }

    private synchronized boolean hold(Key key, EmbeddingValues embedding) {
        if (closed || held.putIfAbsent(key, embedding) != null) return false;
        bytes += embedding.bytes();
        return true;
    }

    private synchronized Optional<EmbeddingValues> removeOldest() {
        Iterator<EmbeddingValues> oldest = held.values().iterator();
        if (!oldest.hasNext()) return Optional.empty();
        EmbeddingValues embedding = oldest.next();
        oldest.remove();
        bytes -= embedding.bytes();
        return Optional.of(embedding);
    }

    /** How many there are. */
    public synchronized int count() {
        return held.size();
    }

    /** Heap that they hold. */
    public synchronized long bytes() {
        return bytes;
    }

    /** Lets all go; later ones are kept again. */
    public void clear() {
        room.give(removeAll(false));
    }

    /** Lets all go and keeps no more; again is harmless. */
    @Override
    public void close() {
        room.give(removeAll(true));
    }

    private synchronized long removeAll(boolean last) {
        long freed = bytes;
        held.clear();
        bytes = 0;
        closed |= last;
        return freed;
    }
}
