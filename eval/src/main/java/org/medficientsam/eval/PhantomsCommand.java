package org.medficientsam.eval;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code phantoms}: writes synthetic cases with exact ground truth. */
@Command(
        name = "phantoms",
        mixinStandardHelpOptions = true,
        description = {
            "Writes seeded synthetic cases in the challenge's layout (imgs/ and gts/).",
            "For trying and testing: scores on them say nothing about patients."
        })
final class PhantomsCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder to write imgs/ and gts/ into.")
    @SuppressWarnings("NullAway.Init")
    private Path out;

    @Option(names = "--seed", defaultValue = "1", description = "Same seed, same bytes (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = {"--cases", "--count"},
            paramLabel = "N",
            defaultValue = "3",
            description = "Cases per modality (default: ${DEFAULT-VALUE}).")
    private int cases;

    @Option(
            names = "--modality",
            split = ",",
            paramLabel = "NAME",
            description =
                    "Only these: CT, MR, PET, US, X-Ray, Dermoscopy, Endoscopy, Fundus, Microscopy (default: all).")
    private List<String> modalities = List.of();

    @Override
    public Integer call() throws IOException {
        if (cases < 1) {
            throw new ParameterException(spec.commandLine(), "--cases must be at least 1, got " + cases);
        }
        List<Phantom> phantoms = chosen();
        PrintWriter printed = spec.commandLine().getOut();
        try (ProgressBar progress = Progress.bar("phantoms", (long) phantoms.size() * cases)) {
            write(out, seed, cases, phantoms, progress::step);
        }
        printed.printf("%d cases in %s%n", phantoms.size() * cases, out);
        printed.flush();
        return 0;
    }

    static void write(Path out, long seed, int casesEach, List<Phantom> phantoms, Runnable written) throws IOException {
        List<PhantomOrder> orders = phantoms.stream()
                .flatMap(phantom -> IntStream.range(0, casesEach).mapToObj(number -> new PhantomOrder(phantom, number)))
                .toList();
        try {
            orders.parallelStream().forEach(order -> {
                order.deliver(out, seed);
                written.run();
            });
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    private record PhantomOrder(Phantom phantom, int number) {
        void deliver(Path out, long seed) {
            try {
                PhantomCase.draw(phantom, seed, number).write(out);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    private List<Phantom> chosen() {
        if (modalities.isEmpty()) {
            return Phantom.ALL;
        }
        Set<Modality> wanted = new LinkedHashSet<>();
        for (String name : modalities) {
            Modality modality = Modality.named(name);
            if (!modality.inAverage()) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--modality must be one of %s, got '%s'".formatted(Modality.CHALLENGE, name));
            }
            wanted.add(modality);
        }
        return Phantom.ALL.stream()
                .filter(phantom -> wanted.contains(phantom.modality()))
                .toList();
    }
}
