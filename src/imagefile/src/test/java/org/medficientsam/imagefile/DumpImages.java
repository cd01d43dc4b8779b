package org.medficientsam.imagefile;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.npz.NpyArray;
import org.medficientsam.casefile.npz.Npz;
import org.medficientsam.imagefile.image.Affine;
import org.medficientsam.imagefile.image.RawImage;
import org.medficientsam.imagefile.image.ReadLimits;
import org.medficientsam.imagefile.image.VoxelGrid;

/**
 * Reads the files or folders named in a list, one a line, and writes OUT/N.npz of each, N counting from 0: {@code values} float64
 * (k, j, i, channels) and {@code affine} (3, 4), or OUT/N.txt with why it was refused. For readers.py, which compares them with what
 * Python's readers give.
 */
final class DumpImages {
    private DumpImages() {}

    /** @param arguments the list, and the folder OUT */
    public static void main(String... arguments) throws IOException {
        List<String> paths = Files.readAllLines(Path.of(arguments[0]));
        Path out = Files.createDirectories(Path.of(arguments[1]));
        PrintStream progress = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (int i = 0; i < paths.size(); i++) {
            try {
                dump(ImageFiles.read(Path.of(paths.get(i)), ReadLimits.LOCAL).raw(), out.resolve(i + ".npz"));
            } catch (InvalidCaseException e) {
                Files.writeString(out.resolve(i + ".txt"), e.getMessage());
            }
        }
        progress.printf("%d files%n", paths.size());
    }

    private static void dump(RawImage image, Path out) throws IOException {
        VoxelGrid grid = image.grid();
        double[] values = new double[image.voxels().count()];
        int at = 0;
        for (int k = 0; k < grid.size(2); k++)
            for (int j = 0; j < grid.size(1); j++)
                for (int i = 0; i < grid.size(0); i++)
                    for (int c = 0; c < image.channels(); c++) values[at++] = image.value(i, j, k, c);
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("values", NpyArray.of(values, grid.size(2), grid.size(1), grid.size(0), image.channels()));
        Affine affine = grid.affineOrScaling();
        double[] rows = new double[12];
        for (int i = 0; i < 12; i++) rows[i] = affine.get(i / 4, i % 4);
        arrays.put("affine", NpyArray.of(rows, 3, 4));
        arrays.put("placed", NpyArray.of(new byte[] {(byte) (grid.affine().isPresent() ? 1 : 0)}, 1));
        Npz.write(out, arrays);
    }
}
