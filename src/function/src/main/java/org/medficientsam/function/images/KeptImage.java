package org.medficientsam.function.images;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.medficientsam.casefile.ImageArray;
import org.medficientsam.casefile.Limits;
import org.medficientsam.imagefile.MedicalImage;
import org.medficientsam.imagefile.image.RawImage;
import org.medficientsam.imagefile.image.Voxels;
import org.medficientsam.imagefile.intensity.AppliedWindow;
import org.medficientsam.imagefile.intensity.EightBit;
import org.medficientsam.imagefile.intensity.IntensityWindow;
import org.medficientsam.segmenter.KeptEmbeddings;

/**
 * An image as it was read, and what was made of it: 8 bits through each window that was asked for, and the embeddings of those. What was
 * made can be made again, so it goes first when memory is short.
 */
public final class KeptImage {
    /** Objects around the arrays. */
    private static final long OVERHEAD = 16 << 10;

    /** Whose bounds are remembered: each is four numbers. */
    private static final int MOST_WINDOWS = 256;

    /** What was made of the image through one window. */
    record Through(EightBit eight, long bytes, KeptEmbeddings embeddings) {}

    private final MedicalImage image;
    private final String form;
    private final IntensityWindow window;
    private final long bytes;
    private final Map<String, Through> made = new HashMap<>(); // by window
    private final Map<Object, Progress> underWay = new ConcurrentHashMap<>();
    private final Map<String, AppliedWindow> applied = new ConcurrentHashMap<>(); // by window
    private double @Nullable [] range;

    /**
     * How far a segmentation is.
     *
     * @param total 0 until the first step is done
     */
    public record Progress(State state, int done, int total) {
        /** None is under way. */
        public static final Progress NONE = new Progress(State.NONE, 0, 0);
    }

    /** What a segmentation is doing. */
    public enum State {
        NONE,
        /** Others have their turn. */
        WAITING,
        WORKING;

        @JsonValue
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @param form what the file was, in a word
     * @param window that requests get which name none
     */
    KeptImage(MedicalImage image, String form, IntensityWindow window) {
        this.image = image;
        this.form = form;
        this.window = window;
        RawImage raw = image.raw();
        Voxels voxels = raw.voxels();
        this.bytes = OVERHEAD
                + (long) voxels.count() * voxels.type().bytes()
                + raw.alpha().map(alpha -> (long) alpha.length).orElse(0L);
    }

    /** As its file has it. */
    public MedicalImage image() {
        return image;
    }

    /** What the file was, in a word: nifti, dicom, png and so on. */
    public String form() {
        return form;
    }

    /** That requests get which name none. */
    public IntensityWindow window() {
        return window;
    }

    /** What a careful reader should tell. */
    public List<String> notes() {
        return image.notes();
    }

    /** Smallest and largest value. */
    public synchronized double[] range() {
        double[] known = range;
        if (known == null) known = image.range();
        range = known;
        return known.clone();
    }

    /**
     * What a window does to its values; the image's own if none is named.
     *
     * @throws org.medficientsam.casefile.InvalidCaseException if it does not suit the image
     */
    public AppliedWindow applied(Optional<IntensityWindow> wanted) {
        IntensityWindow through = wanted.orElse(window);
        if (applied.size() > MOST_WINDOWS) applied.clear();
        return applied.computeIfAbsent(through.key(), key -> image.applied(through));
    }

    /** Heap of the image itself. */
    long bytes() {
        return bytes;
    }

    /** Heap of its 8 bits. */
    private long eightBytes() {
        RawImage raw = image.raw();
        return (long) raw.grid().voxels() * raw.channels();
    }

    /**
     * In 8 bits.
     *
     * @param wanted window; empty for the image's own
     * @param room for what is kept of it; what there is no room for is made again each time
     * @throws org.medficientsam.casefile.InvalidCaseException if the window does not suit the image
     */
    Through through(Optional<IntensityWindow> wanted, Limits limits, KeptEmbeddings.Room room) {
        IntensityWindow through = wanted.orElse(window);
        synchronized (made) {
            Through there = made.get(through.key());
            if (there != null) return there;
        }
        EightBit eight = image.through(through, limits);
        long extra = isOwn(eight.image()) ? 0 : eightBytes();
        boolean kept = room.take(extra);
        Through fresh = new Through(eight, kept ? extra : 0, new KeptEmbeddings(room));
        if (!kept) return fresh;
        Through first;
        synchronized (made) {
            first = made.putIfAbsent(through.key(), fresh);
        }
        if (first == null) return fresh;
        room.give(extra);
        return first;
    }

    /** Heap that making its 8 bits takes; 0 if they are there. */
    long missingBytes(Optional<IntensityWindow> wanted) {
        synchronized (made) {
            return made.containsKey(wanted.orElse(window).key()) ? 0 : eightBytes();
        }
    }

    private boolean isOwn(ImageArray eight) {
        return image.raw()
                .voxels()
                .uint8Array()
                .filter(own -> own == eight.data())
                .isPresent();
    }

    /** Lets go what was made of it. */
    void forgetMade(KeptEmbeddings.Room room) {
        List<Through> all;
        synchronized (made) {
            all = List.copyOf(made.values());
            made.clear();
        }
        for (Through through : all) {
            room.give(through.bytes());
            through.embeddings().close();
        }
    }

    /** Hears how far a segmentation of it is. */
    void heard(Object request, State state, int done, int total) {
        underWay.put(request, new Progress(state, done, total));
    }

    void ended(Object request) {
        underWay.remove(request);
    }

    /** How far the segmentation is that has most left; one that has a turn comes before those that wait. */
    public Progress progress() {
        return underWay.values().stream()
                .max(Comparator.comparing(Progress::state).thenComparingInt(each -> each.total() - each.done()))
                .orElse(Progress.NONE);
    }
}
