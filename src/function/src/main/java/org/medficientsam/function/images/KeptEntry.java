package org.medficientsam.function.images;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An image in {@link KeptImages}, whose lock guards it. */
final class KeptEntry {
    final String id;
    final String owner;
    final KeptImage image;
    long made; // bytes beside the image's own
    int users;
    long lastNanos = System.nanoTime();
    boolean removed;

    /** @param id empty for an image that is held for one request alone */
    KeptEntry(String id, String owner, KeptImage image) {
        this.id = id;
        this.owner = owner;
        this.image = image;
    }

    private long bytes() {
        return image.bytes() + made;
    }

    /**
     * Those that nobody uses, in the order in which they make room: those of the owner who holds most first, and of one owner in the
     * order they come in.
     *
     * @param except one that is not to be among them
     */
    static List<KeptEntry> free(Collection<KeptEntry> entries, @Nullable KeptEntry except) {
        Map<String, Long> byOwner = new HashMap<>();
        for (KeptEntry each : entries) byOwner.merge(each.owner, each.bytes(), Long::sum);
        return entries.stream()
                .filter(each -> each.users == 0 && each != except)
                .sorted(Comparator.comparingLong(each -> -byOwner.getOrDefault(each.owner, 0L)))
                .toList();
    }
}
