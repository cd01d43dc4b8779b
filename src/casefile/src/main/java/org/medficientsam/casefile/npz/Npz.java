package org.medficientsam.casefile.npz;

import static org.medficientsam.casefile.InvalidCaseException.malformed;
import static org.medficientsam.casefile.InvalidCaseException.tooLarge;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.Limits;

/**
 * Named arrays in a zip archive, as {@code numpy.savez} and {@code savez_compressed} write them.
 * <ul>
 *   <li>Read: stored or deflated, zip64, data descriptors, npy versions 1 to 3, C and Fortran order, both byte orders.</li>
 *   <li>Written: deflated, npy version 1, C order, little-endian, fixed timestamps: the same arrays make the same bytes.</li>
 *   <li>Entries that are not {@code .npy} are passed over, as are arrays that were not asked for; those cost nothing.</li>
 * </ul>
 */
public final class Npz {
    private static final String SUFFIX = ".npy";

    private final Map<String, NpyArray> arrays;
    private final Set<String> stored;

    private Npz(Map<String, NpyArray> arrays, Set<String> stored) {
        this.arrays = arrays;
        this.stored = stored;
    }

    /**
     * Buffers the stream, up to {@link Limits#maxStreamBytes()}, and reads that.
     *
     * @param wanted the arrays to read; none means all
     * @throws InvalidCaseException if it is not a well-formed npz, or larger than the limits
     */
    public static Npz read(InputStream in, Limits limits, String... wanted) throws IOException {
        byte[] npz = in.readNBytes(limits.maxStreamBytes());
        if (npz.length == limits.maxStreamBytes() && in.read() >= 0)
            throw tooLarge("npz", "at most " + limits.maxStreamBytes() + " bytes", "more");
        return read(npz, limits, wanted);
    }

    /**
     * Reads a file where it lies.
     *
     * @param wanted the arrays to read; none means all
     * @throws InvalidCaseException if it is not a well-formed npz, or larger than the limits
     */
    public static Npz read(Path file, Limits limits, String... wanted) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            return read(ByteSource.of(channel), limits, Set.of(wanted));
        }
    }

    /**
     * @param wanted the arrays to read; none means all
     * @throws InvalidCaseException if it is not a well-formed npz, or larger than the limits
     */
    public static Npz read(byte[] npz, Limits limits, String... wanted) {
        try {
            return read(ByteSource.of(npz), limits, Set.of(wanted));
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }

    private static Npz read(ByteSource source, Limits limits, Set<String> wanted) throws IOException {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        Set<String> stored = new LinkedHashSet<>();
        long left = limits.maxTotalBytes();
        for (ZipDirectory.Entry entry : ZipDirectory.read(source, limits)) {
            if (!entry.name().endsWith(SUFFIX)) continue;
            String name = entry.name().substring(0, entry.name().length() - SUFFIX.length());
            stored.add(name);
            if (!wanted.isEmpty() && !wanted.contains(name)) continue;
            Optional<NpyArray> array = NpyReader.read(entry, name, source, left, limits);
            if (array.isEmpty()) continue;
            arrays.put(name, array.get());
            left -= array.get().bytes().length;
        }
        return new Npz(arrays, stored);
    }

    /** The arrays that were read, in the archive's order. */
    public Set<String> names() {
        return Collections.unmodifiableSet(arrays.keySet());
    }

    /** Whether an array of that name is stored, read or not. */
    public boolean isStored(String name) {
        return stored.contains(name);
    }

    /** The array of that name, if it is there. */
    public Optional<NpyArray> find(String name) {
        return Optional.ofNullable(arrays.get(name));
    }

    /** @throws InvalidCaseException if there is none of that name */
    public NpyArray get(String name) {
        return find(name).orElseThrow(() -> malformed(name, "an array in the npz", found()));
    }

    /** The stored names for a message, as far as they are plain. */
    String found() {
        String names = stored.stream()
                .filter(name -> name.matches("\\w{1,32}"))
                .limit(8)
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "no such name" : "only " + names;
    }

    /** Writes the arrays in the map's order and leaves the stream open. */
    public static void write(OutputStream out, Map<String, NpyArray> arrays) throws IOException {
        try (NpzWriter writer = new NpzWriter(out)) {
            for (Map.Entry<String, NpyArray> array : arrays.entrySet()) {
                NpyArray value = array.getValue();
                writer.write(array.getKey(), value.dtype(), value.shape(), data -> data.write(value.bytes()));
            }
        }
    }

    /** Writes the arrays to a file, in the map's order. */
    public static void write(Path file, Map<String, NpyArray> arrays) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            write(out, arrays);
        }
    }

    /** Names and shapes, no values. */
    @Override
    public String toString() {
        return arrays.values().stream().map(NpyArray::toString).collect(Collectors.joining(", ", "npz {", "}"));
    }
}
