package org.medficientsam.eval.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medficientsam.casefile.npz.NpyArray;
import org.medficientsam.casefile.npz.Npz;
import org.medficientsam.eval.metric.ExpectedScores;
import org.medficientsam.eval.metric.ScoreTable;

class ScoreCommandTest {

    private static final byte[] SQUARE = {0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0};

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private final EvalConsole console = new EvalConsole();

    @BeforeEach
    void makeFolders() throws IOException {
        Files.createDirectories(folder.resolve("gts"));
        Files.createDirectories(folder.resolve("segs"));
    }

    private int score(String... more) {
        return console.execute(
                List.of(
                        "score",
                        "--gts=" + folder.resolve("gts"),
                        "--segs=" + folder.resolve("segs"),
                        "--out=" + scores()),
                more);
    }

    private Path scores() {
        return folder.resolve("scores.csv");
    }

    private void gts(String name, NpyArray array, Optional<NpyArray> spacing) throws IOException {
        Map<String, NpyArray> arrays = new LinkedHashMap<>(Map.of("gts", array));
        spacing.ifPresent(stored -> arrays.put("spacing", stored));
        Npz.write(folder.resolve("gts").resolve(name), arrays);
    }

    private void segs(String name, NpyArray array) throws IOException {
        Npz.write(folder.resolve("segs").resolve(name), Map.of("segs", array));
    }

    private void pair(String name, NpyArray truth, NpyArray prediction) throws IOException {
        gts(name, truth, Optional.empty());
        segs(name, prediction);
    }

    @Test
    void whateverIsWrongWithACaseIsARowThatScoresZeroAndIsNamed() throws IOException {
        NpyArray square = NpyArray.of(SQUARE, 4, 4);
        NpyArray cube = NpyArray.of(SQUARE, 1, 4, 4);
        pair("2D_a_good.npz", square, square);
        gts("2D_b_missing.npz", square, Optional.empty());
        gts("2D_c_damaged.npz", square, Optional.empty());
        Files.writeString(folder.resolve("segs/2D_c_damaged.npz"), "PK no zip at all");
        pair("2D_d_shape.npz", square, NpyArray.of(SQUARE, 2, 8));
        pair("2D_e_would_broadcast.npz", square, NpyArray.of(new byte[] {0, 1, 1, 0}, 1, 4));
        pair("2D_f_rank.npz", NpyArray.of(SQUARE, 1, 1, 4, 4), cube);
        pair("2D_g_float_truth.npz", NpyArray.of(new float[] {1, 0.5f}, 1, 2), NpyArray.of(new byte[] {1, 0}, 1, 2));
        gts("2D_h_no_segs_array.npz", square, Optional.empty());
        Npz.write(folder.resolve("segs/2D_h_no_segs_array.npz"), Map.of("mask", square));
        gts("3D_k_bad_spacing.npz", cube, Optional.of(NpyArray.of(new double[] {1, Double.NaN, 1}, 3)));
        segs("3D_k_bad_spacing.npz", cube);
        gts("3D_l_short_spacing.npz", cube, Optional.of(NpyArray.of(new double[] {1, 1}, 2)));
        segs("3D_l_short_spacing.npz", cube);
        pair("2D_m_empty.npz", NpyArray.of(new byte[0], 0, 4), NpyArray.of(new byte[0], 0, 4));
        segs("2D_n_extra.npz", square);
        Path details = folder.resolve("new/labels.csv");

        int exit = score("--details=" + details);

        assertThat(exit).isZero();
        List<String> rows = Files.readAllLines(scores());
        assertThat(rows).hasSize(12).startsWith("case,dsc,nsd", "2D_a_good.npz,1.0,1.0");
        assertThat(rows.subList(2, 12)).allMatch(row -> row.endsWith(".npz,0.0,0.0"));
        // What is wrong with an archive is for casefile to say.
        assertThat(console.err.toString().lines().map(line -> line.replaceFirst("(segs file: ).*", "$1...")))
                .containsExactly(
                        "2D_b_missing.npz scores zero: segs file is missing",
                        "2D_c_damaged.npz scores zero: segs file: ...",
                        "2D_d_shape.npz scores zero: segs must have the shape of gts, (4, 4), got (2, 8)",
                        "2D_e_would_broadcast.npz scores zero: segs must have the shape of gts, (4, 4), got (1, 4)",
                        "2D_f_rank.npz scores zero: gts must be (height, width) or (depth, height, width), got (1, 1, 4, 4)",
                        "2D_g_float_truth.npz scores zero: gts must be whole numbers, got 0.5",
                        "2D_h_no_segs_array.npz scores zero: segs file: ...",
                        "2D_m_empty.npz scores zero: gts must be (height, width) or (depth, height, width), got (0, 4)",
                        "3D_k_bad_spacing.npz scores zero: gts file: spacing must be three positive finite numbers, got [1.0, NaN, 1.0]",
                        "3D_l_short_spacing.npz scores zero: spacing must be (3,), got (2,)");
        assertThat(console.out.toString())
                .startsWith("11 cases, 10 failed and counted as zero, protocol cvpr24: mean DSC 0.0909");
        assertThat(Files.readAllLines(details))
                .hasSize(12)
                .contains("2D_b_missing.npz,cvpr24,failed,segs file is missing,,,,,,,,,,,,,,,")
                .anyMatch(row -> row.startsWith("2D_d_shape.npz,cvpr24,failed,\"segs must have the shape"));
    }

    @Test
    void volumeIsTakenForOneByItsShapeWhateverItsName() throws IOException {
        NpyArray cube = NpyArray.of(SQUARE, 1, 4, 4);
        gts("CT_liver.npz", cube, Optional.of(NpyArray.of(new double[] {1, 1, 5}, 3)));
        segs("CT_liver.npz", cube);

        score();

        assertThat(Files.readAllLines(scores())).contains("CT_liver.npz,1.0,1.0");
        assertThat(console.err.toString()).isEmpty();
    }

    @Test
    void withoutSpacingDscIsScoredAndNsdIsUndefinedAndCounted() throws IOException {
        NpyArray cube = NpyArray.of(SQUARE, 1, 4, 4);
        pair("3D_a_no_spacing.npz", cube, cube);
        pair("2D_b.npz", NpyArray.of(SQUARE, 4, 4), NpyArray.of(SQUARE, 4, 4));

        score();

        assertThat(Files.readAllLines(scores()))
                .containsExactly("case,dsc,nsd", "2D_b.npz,1.0,1.0", "3D_a_no_spacing.npz,1.0,");
        assertThat(console.err.toString())
                .contains("3D_a_no_spacing.npz: the gts file holds no spacing: NSD is undefined");
        assertThat(console.out.toString()).contains("mean DSC 1.0, mean NSD 1.0 (undefined in 1, left out)");
    }

    @Test
    void labelsThatAreNotOneToKAreWarnedOf() throws IOException {
        pair("2D_a.npz", NpyArray.of(new byte[] {2, 2, 0, 7}, 1, 4), NpyArray.of(new byte[] {1, 1, 0, 2}, 1, 4));

        score();

        assertThat(console.err.toString())
                .contains(
                        "2D_a.npz: labels of gts must be 1 to 2, got 2, 7; they are compared by number with those of segs");
        assertThat(console.out.toString()).contains("(undefined in 1, left out)");
    }

    @Test
    void wholeFloatsAreLabels() throws IOException {
        pair("2D_a.npz", NpyArray.of(new float[] {1, 0, 2}, 1, 3), NpyArray.of(new byte[] {1, 0, 2}, 1, 3));

        score();

        assertThat(Files.readAllLines(scores())).contains("2D_a.npz,1.0,1.0");
    }

    @Test
    void detailsHaveCountsAreasAndFullPrecisionPerLabel() throws IOException {
        pair("2D_a.npz", NpyArray.of(new byte[] {1, 1, 0, 2}, 1, 4), NpyArray.of(new byte[] {1, 0, 0, 2}, 1, 4));
        Path details = folder.resolve("labels.csv");

        score("--details=" + details, "--protocol=contour");

        double corner = Math.sqrt(0.5);
        assertThat(Files.readAllLines(scores()))
                .containsExactly("case,dsc,nsd,hd95,labels_missed,protocol", "2D_a.npz,0.8333,1.0,0.5,0,contour");
        List<String> rows = Files.readAllLines(details);
        assertThat(rows).hasSize(3);
        assertThat(rows.get(0))
                .isEqualTo("case,protocol,status,error,label,dsc,nsd,hd95,voxels_gt,voxels_seg,voxels_common,"
                        + "surfels_gt,surfels_gt_within,area_gt,area_gt_within,"
                        + "surfels_seg,surfels_seg_within,area_seg,area_seg_within");
        assertThat(rows.get(1)).startsWith("2D_a.npz,contour,scored,,1,0.6666666666666666,1.0,1.0,2,1,1,6,6,");
        assertThat(rows.get(2)).startsWith("2D_a.npz,contour,scored,,2,1.0,1.0,0.0,1,1,1,4,4," + 4 * corner);
    }

    @Test
    void typesAreMixedFreelyAndComparedByValue() throws IOException {
        pair("2D_a.npz", NpyArray.of(new byte[] {1, 1}, 1, 2), NpyArray.of(new short[] {1, 257}, 1, 2));
        pair("2D_b.npz", NpyArray.of(new long[] {1, -1}, 1, 2), NpyArray.of(new double[] {1, -1}, 1, 2));
        pair("2D_c.npz", NpyArray.of(new byte[] {1, (byte) 255}, 1, 2), NpyArray.of(new int[] {1, 255}, 1, 2));

        score();

        assertThat(Files.readAllLines(scores()))
                // 255 labels, of which 253 are on neither side.
                .containsExactly("case,dsc,nsd", "2D_a.npz,0.6667,1.0", "2D_b.npz,1.0,1.0", "2D_c.npz,,0.0");
    }

    @Test
    void emptyOrAbsentFoldersAreOneClearError() {
        assertThat(score()).isEqualTo(1);
        assertThat(console.err.toString())
                .isEqualTo("error: no *.npz in the gts folder " + folder.resolve("gts") + "\n");
        assertThat(scores()).doesNotExist();
        assertThat(score("--segs=" + folder.resolve("nowhere"))).isNotZero();
    }

    @Test
    void unknownProtocolIsAUsageError() {
        assertThat(score("--protocol=dice")).isEqualTo(2);
        assertThat(console.err.toString()).contains("cvpr24").contains("contour");
    }

    @Test
    void outputThatCannotBeWrittenIsToldBeforeTheWork() throws IOException {
        pair("2D_a.npz", NpyArray.of(SQUARE, 4, 4), NpyArray.of(SQUARE, 4, 4));
        Files.createDirectory(scores());

        assertThat(score()).isEqualTo(1);
        assertThat(console.err.toString()).isEqualTo("error: cannot write " + scores() + ": it is a folder\n");
    }

    /** Only Linux has a disk that is always full. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void fullDiskIsAClearErrorAndKeepsWhatWasThere() throws IOException {
        Path full = Path.of("/dev/full");
        pair("2D_a.npz", NpyArray.of(SQUARE, 4, 4), NpyArray.of(SQUARE, 4, 4));
        Files.createSymbolicLink(folder.resolve("labels.csv"), full);

        assertThat(score("--details=" + folder.resolve("labels.csv"))).isEqualTo(1);
        assertThat(console.err.toString()).contains("cannot write").contains("No space left on device");
        assertThat(Files.isSymbolicLink(folder.resolve("labels.csv"))).isTrue();
    }

    @Test
    void volumesTooLargeForTheHeapAreRowsToo() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx40m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EvalCommand.class.getName(),
                        "score",
                        "--gts=" + ExpectedScores.BENCH.gts(),
                        "--segs=" + ExpectedScores.BENCH.segs(),
                        "--out=" + scores())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();

        assertThat(process.waitFor()).isZero();
        assertThat(Files.readAllLines(scores()))
                .containsExactly(
                        "case,dsc,nsd",
                        "3D_bench_CT_13organs.npz,0.0,0.0",
                        "3D_bench_CT_thin_4labels.npz,0.0,0.0",
                        "3D_bench_MR_9labels.npz,0.0,0.0");
    }

    @ParameterizedTest
    @CsvSource({
        "0.81245, 0.8124",
        "0.76605, 0.766",
        "0.81255, 0.8126",
        "1, 1.0",
        "0, 0.0",
        "0.0001, 0.0001",
        "0.00004, 0.0",
        "12.5, 12.5",
        "NaN, ''",
        "Infinity, inf"
    })
    void figuresAreRoundedHalfToEvenAndSpeltAsPythonDoes(double value, String text) {
        assertThat(ScoreTable.fourPlaces(value)).isEqualTo(text);
    }
}
