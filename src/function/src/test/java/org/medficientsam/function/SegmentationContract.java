package org.medficientsam.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medficientsam.casefile.LabelMap;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.CaseNpz;
import org.medficientsam.casefile.npz.LabelMapNpz;
import org.medficientsam.casefile.npz.Npz;
import org.medficientsam.function.service.Problem;
import org.medficientsam.segmenter.Segmenter;
import org.medficientsam.segmenter.SegmenterOptions;

/** What every door into the application keeps, be it in this process, the packaged jar or the zip that Lambda runs. */
public abstract class SegmentationContract {
    private static final String SEGS = "segs";
    public static final Path ROOT = Path.of(System.getProperty("repository.root"));
    /** The bundle that is taken when none is named, and the only one in function.zip. */
    public static final String DEFAULT_MODEL = System.getProperty("shipped.bundle");

    public static final Path BUNDLE = ROOT.resolve("models/bundles").resolve(DEFAULT_MODEL);

    protected abstract Door door();

    static Stream<Arguments> samples() {
        return Stream.of(arguments("image", SampleCase.image()), arguments("volume", SampleCase.volume()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("samples")
    void segsAreThoseOfTheLibrary(String name, byte[] npz) throws IOException {
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        try (Segmenter segmenter = Segmenter.open(BUNDLE, SegmenterOptions.defaults())) {
            LabelMapNpz.write(
                    segmenter.segment(CaseNpz.read(npz, Limits.DEFAULT)).labels(), expected);
        }

        Door.Reply reply = door().segment(npz);

        assertThat(reply.segsNpz()).isEqualTo(expected.toByteArray());
    }

    @Test
    void resultSaysWhatWasFoundByWhichModelAndHow() {
        JsonNode result = door().segment(SampleCase.volume(), Map.of("case", "3D_sample.npz", "model", DEFAULT_MODEL))
                .json();

        assertThat(result.path("case").asText()).isEqualTo("3D_sample.npz");
        assertThat(result.path("model").path("id").asText()).isEqualTo(DEFAULT_MODEL);
        assertThat(result.path("model").path("sha256").asText()).matches("[0-9a-f]{64}");
        assertThat(result.path("model").path("precision").asText()).isEqualTo("int8");
        assertThat(result.path("rules").asText()).isEqualTo("steady");
        assertThat(result.path("labels")).hasSize(2);
        JsonNode label = result.path("labels").path(1);
        assertThat(label.path("label").asInt()).isEqualTo(2);
        assertThat(label.path("box")).extracting(JsonNode::asDouble).containsExactly(2., 2., 0., 12., 12., 5.);
        assertThat(label.path("voxels").isIntegralNumber()).isTrue();
        assertThat(label.path("iou").asDouble()).isBetween(0.05, 1.);
        assertThat(result.path("timingsMs").fieldNames())
                .toIterable()
                .containsExactly("read", "resize", "encode", "decode", "mask", "write");
        assertThat(result.path("timingsMs").path("encode").asDouble()).isPositive();
        assertThat(result.path("slicesEncoded").asInt()).isBetween(6, 12);
        assertThat(result.path("boxesDecoded").asInt()).isPositive();
        assertThat(result.path("peakRssBytes").asLong()).isGreaterThan(50 << 20);
    }

    @Test
    void rulesCanBeChosen() {
        Door.Reply reply = door().segment(SampleCase.volume(), Map.of("rules", "medficientsam-original"));

        assertThat(reply.json().path("rules").asText()).isEqualTo("medficientsam-original");
        assertThat(reply.segsNpz())
                .isNotEqualTo(door().segment(SampleCase.volume()).segsNpz());
    }

    @Test
    void wholeNumbersOfOneByteAreTakenAsTheyAreWhateverTheirType() {
        Door.Reply reply = door().segment(SampleCase.rescaledImage(1, 0));

        assertThat(reply.json().has("window")).isFalse();
        assertThat(reply.segsNpz()).isEqualTo(door().segment(SampleCase.image()).segsNpz());
    }

    @Test
    void otherNumbersGoThroughAWindowThatTheAnswerNames() {
        byte[] npz = SampleCase.rescaledImage(8, -1000);
        LabelMap expected = labels(door().segment(SampleCase.image()));

        Door.Reply asked = door().segment(npz, Map.of("window", "20,2040"));
        assertThat(asked.json().path("window").asText()).isEqualTo("centre 20, width 2040, -1000 to 1040");
        assertThat(differing(labels(asked), expected)).isLessThan(20);
        Door.Reply automatic = door().segment(npz);
        assertThat(automatic.json().path("window").asText()).startsWith("ct-soft, -160 to 240");
    }

    @ParameterizedTest
    @ValueSource(strings = {"liver", "40", "40,0", "40,NaN", "40,400,1"})
    void unknownWindowIsRefused(String window) {
        Door.Reply reply = door().segment(SampleCase.rescaledImage(8, -1000), Map.of("window", window));

        assertProblem(reply, Problem.MALFORMED);
        assertThat(reply.json().path("field").asText()).isEqualTo("window");
    }

    private static LabelMap labels(Door.Reply reply) {
        return LabelMapNpz.from(Npz.read(reply.segsNpz(), Limits.DEFAULT).get(SEGS));
    }

    private static long differing(LabelMap a, LabelMap b) {
        return IntStream.range(0, a.labels().length)
                .filter(i -> a.labels()[i] != b.labels()[i])
                .count();
    }

    @ParameterizedTest
    @EnumSource
    void badCaseGetsOneClearErrorAndTheNextIsServed(BadCase bad) {
        Door.Reply reply = door().segment(bad.npz());

        assertProblem(reply, bad.problem());
        assertThat(reply.json().path("field").asText()).endsWith(bad.field);
        assertThat(reply.json().path("detail").asText())
                .startsWith(reply.json().path("field").asText())
                .contains(" must be ", ", got ")
                .containsPattern(bad.found);
        assertThat(door().segment(SampleCase.image()).refused()).isFalse();
    }

    @ParameterizedTest
    @MethodSource
    void unknownModelIsRefused(String id) {
        Door.Reply reply = door().segment(SampleCase.image(), Map.of("model", id));

        assertProblem(reply, Problem.UNKNOWN_MODEL);
        assertThat(reply.json().path("detail").asText()).contains(DEFAULT_MODEL, "got");
    }

    static Stream<String> unknownModelIsRefused() {
        return Stream.of("nanu", "../bundles/nano", "..", "nano/", "x".repeat(1000));
    }

    @Test
    void unknownRulesAreRefused() {
        Door.Reply reply = door().segment(SampleCase.image(), Map.of("rules", "none"));

        assertProblem(reply, Problem.UNKNOWN_RULES);
        assertThat(reply.json().path("detail").asText()).contains("medficientsam-original", "got none");
    }

    private static void assertProblem(Door.Reply reply, Problem problem) {
        assertThat(reply.refused()).isTrue();
        assertThat(reply.json().path("type").asText()).isEqualTo(problem.type());
        assertThat(reply.json().path("title").asText()).isEqualTo(problem.title());
        assertThat(reply.json().path("status").asInt()).isEqualTo(problem.status());
        assertThat(reply.json().path("requestId").asText()).isNotEmpty();
        assertThat(reply.raw())
                .doesNotContain(
                        "\tat ", "java.", "Exception", "<html", ROOT.toString(), System.getProperty("java.home"));
    }

    static Stream<Arguments> validBoxes() {
        return Stream.of(
                arguments("one pixel", SampleCase.image(10, 8, 4, 5, 4, 5), 1, new int[] {8, 10}),
                arguments("one line", SampleCase.image(10, 8, 0, 5, 9, 5), 1, new int[] {8, 10}),
                arguments("x_max = W, y_max = H", SampleCase.image(10, 8, 0, 0, 10, 8), 1, new int[] {8, 10}),
                arguments("partly outside", SampleCase.image(10, 8, -5, -5, 100, 100), 1, new int[] {8, 10}),
                arguments("one slice", SampleCase.volume(12, 10, 4, 2, 2, 2, 9, 8, 2), 1, new int[] {4, 10, 12}),
                arguments("z_max = D", SampleCase.volume(12, 10, 4, 2, 2, 0, 9, 8, 4), 1, new int[] {4, 10, 12}),
                arguments("volume of one slice", SampleCase.volume(12, 10, 1, 2, 2, 0, 9, 8, 0), 1, new int[] {1, 10, 12
                }),
                arguments("one pixel in all", SampleCase.image(1, 1, 0, 0, 0, 0), 1, new int[] {1, 1}),
                arguments("no box", SampleCase.image(10, 8), 0, new int[] {8, 10}),
                arguments("no box in a volume", SampleCase.volume(12, 10, 4), 0, new int[] {4, 10, 12}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("validBoxes")
    void edgeBoxesAreServed(String name, byte[] npz, int boxes, int[] shape) {
        Door.Reply reply = door().segment(npz);

        assertThat(reply.refused()).isFalse();
        assertThat(reply.json().path("labels")).hasSize(boxes);
        var segs = Npz.read(reply.segsNpz(), Limits.DEFAULT).get(SEGS);
        assertThat(segs.dtype().name()).isEqualToIgnoringCase("uint16");
        assertThat(segs.shape()).isEqualTo(shape);
        for (short label : LabelMapNpz.from(segs).labels()) {
            assertThat((int) label).isBetween(0, boxes);
        }
    }
}
