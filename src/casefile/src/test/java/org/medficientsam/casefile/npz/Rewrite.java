package org.medficientsam.casefile.npz;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.medficientsam.casefile.Limits;

/** Reads an npz and writes it again, for src/test/resources/numpy/check_rewritten.py to compare. */
final class Rewrite {
    private Rewrite() {}

    public static void main(String[] args) throws IOException {
        Npz npz = Npz.read(Path.of(args[0]), Limits.LOCAL);
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        npz.names().forEach(name -> arrays.put(name, npz.get(name)));
        Npz.write(Path.of(args[1]), arrays);
    }
}
