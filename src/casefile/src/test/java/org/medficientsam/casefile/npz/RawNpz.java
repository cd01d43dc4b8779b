package org.medficientsam.casefile.npz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Makes archives that our own writer refuses to make: any header before any data, zipped by the JDK. */
final class RawNpz {
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    /** Adds an array with the header {@code numpy.save} would write for this dtype and shape. */
    RawNpz array(String name, String descr, String shape, byte[] data) {
        return entry(
                name + ".npy",
                npy("{'descr': '%s', 'fortran_order': False, 'shape': %s, }".formatted(descr, shape), data));
    }

    RawNpz array(String name, String descr, String shape, int dataBytes) {
        return array(name, descr, shape, new byte[dataBytes]);
    }

    RawNpz doubles(String name, String shape, double... values) {
        ByteBuffer data = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
        data.asDoubleBuffer().put(values);
        return array(name, "<f8", shape, data.array());
    }

    RawNpz entry(String name, byte[] bytes) {
        entries.put(name, bytes);
        return this;
    }

    byte[] zip() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** npy version 2 with the given header text, so that it may be of any length. */
    static byte[] npy(String header, byte[] data) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer npy = ByteBuffer.allocate(12 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        npy.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0})
                .putInt(text.length)
                .put(text)
                .put(data);
        return npy.array();
    }
}
