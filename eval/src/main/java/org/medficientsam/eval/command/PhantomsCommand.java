package org.medficientsam.eval.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.Progress;
import org.medficientsam.eval.phantom.Phantom;
import org.medficientsam.eval.phantom.PhantomFolder;
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
    private CommandSpec spec;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder to write imgs/ and gts/ into.")
    private Path out;

    @Option(
            names = "--seed",
            defaultValue = "1",
            paramLabel = "N",
            description = "Same seed, same bytes (default: ${DEFAULT-VALUE}).")
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
            PhantomFolder.write(out, seed, cases, phantoms, progress::step);
        }
        printed.printf("%d cases in %s%n", phantoms.size() * cases, out);
        printed.flush();
        return 0;
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
