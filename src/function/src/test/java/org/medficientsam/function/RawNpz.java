package org.medficientsam.function;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes any archive, right or wrong, with the JDK alone: npy headers are text, and the zip is whatever was added. */
final class RawNpz {
    private record Entry(String name, byte[] bytes) {}

    private final List<Entry> entries = new ArrayList<>();

    /** Adds an array with the header {@code numpy.save} writes for this dtype and shape, whatever the data. */
    public RawNpz array(String name, String descr, String shape, byte[] data) {
        return header(name, "{'descr': '%s', 'fortran_order': False, 'shape': %s, }".formatted(descr, shape), data);
    }

    /** Adds an array with any header. */
    public RawNpz header(String name, String header, byte[] data) {
        byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer npy = ByteBuffer.allocate(12 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        npy.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0})
                .putInt(text.length)
                .put(text)
                .put(data);
        return entry(name + ".npy", npy.array());
    }

    /** Adds (N, columns) float64. */
    public RawNpz boxes(int columns, double... corners) {
        return doubles("boxes", "(%d, %d)".formatted(corners.length / columns, columns), corners);
    }

    public RawNpz doubles(String name, String shape, double... values) {
        ByteBuffer data = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
        data.asDoubleBuffer().put(values);
        return array(name, "<f8", shape, data.array());
    }

    public RawNpz entry(String name, byte[] bytes) {
        entries.add(new Entry(name, bytes));
        return this;
    }

    public byte[] zip() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (int i = 0; i < entries.size(); i++) {
                // The JDK refuses a name twice, so a number stands in for each and is patched afterwards.
                zip.putNextEntry(new ZipEntry(placeholder(i)));
                zip.write(entries.get(i).bytes);
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return renamed(out.toByteArray());
    }

    private String placeholder(int index) {
        return "%d".formatted(index) + "#".repeat(entries.get(index).name.length() - 1);
    }

    private byte[] renamed(byte[] zip) {
        String text = new String(zip, StandardCharsets.ISO_8859_1);
        for (int i = 0; i < entries.size(); i++) {
            text = text.replace(placeholder(i), entries.get(i).name);
        }
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
