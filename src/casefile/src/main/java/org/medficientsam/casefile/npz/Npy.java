package org.medficientsam.casefile.npz;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.Limits;

/** One array in a file of its own, as {@code numpy.save} writes it. */
public final class Npy {
    private Npy() {}

    /**
     * Reads it.
     *
     * @throws InvalidCaseException if it is no npy file of numbers, or larger than the limits
     */
    public static NpyArray read(byte[] npy, Limits limits) {
        try {
            NpyReader reader = new NpyReader("array", npy.length, npy.length, limits);
            return reader.read(new ByteArrayInputStream(npy), limits.maxArrayBytes())
                    .orElseThrow(() -> InvalidCaseException.malformed("array", "numbers", "none"));
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }
}
