package org.medficientsam.segmenter.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Arguments mean the same whether picocli reads them or not. */
class PlainArgumentsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "case.npz -o segs.npz",
                "-o segs.npz case.npz",
                "case.npz --output segs.npz -q",
                "--quiet case.npz --output out/segs.npz",
                "case.npz -o segs.npz --model micro-int8 --models /models",
                "--models models/bundles --model nano -q -o labels.png picture.png",
                "folder/ -o out/ --models=x", // not plain, below
                "folder -o out -q",
                "../case.npz -o ./segs.npz"
            })
    void plainArgumentsAreReadAsPicocliReadsThem(String line) {
        String[] arguments = line.split(" ");
        SegmentCommand byPicocli = new SegmentCommand();
        new CommandLine(byPicocli).parseArgs(arguments);

        PlainArguments.parse(arguments)
                .ifPresentOrElse(
                        plain -> assertThat(fields(new SegmentCommand(plain))).isEqualTo(fields(byPicocli)),
                        () -> assertThat(line).contains("="));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "case.npz",
                "-o segs.npz",
                "case.npz -o",
                "case.npz other.npz -o segs.npz",
                "case.npz -o segs.npz -o other.npz",
                "case.npz -o segs.npz -q --quiet",
                "case.npz -osegs.npz",
                "case.npz --output=segs.npz",
                "case.npz -o segs.npz --window ct-soft",
                "case.npz -o segs.npz --help",
                "case.npz -o --quiet",
                "-- case.npz -o segs.npz",
                "@arguments -o segs.npz",
                "case.npz -o @segs.npz",
                "case.npz -o segs.npz --modell nano"
            })
    void whatIsNotPlainIsLeftToPicocli(String line) {
        assertThat(PlainArguments.parse(line.split(" "))).isEmpty();
    }

    @Test
    void emptyArgumentAndOneThatIsNoPathAreLeftToPicocli() {
        assertThat(PlainArguments.parse("case.npz", "-o", "")).isEmpty();
        assertThat(PlainArguments.parse("case\0.npz", "-o", "segs.npz")).isEmpty();
    }

    private static Map<String, @Nullable Object> fields(SegmentCommand command) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (Field field : SegmentCommand.class.getDeclaredFields())
            if (field.isAnnotationPresent(Option.class) || field.isAnnotationPresent(Parameters.class))
                try {
                    field.setAccessible(true);
                    values.put(field.getName(), field.get(command));
                } catch (IllegalAccessException e) {
                    throw new AssertionError(e);
                }
        assertThat(values).hasSizeGreaterThan(12);
        return values;
    }
}
