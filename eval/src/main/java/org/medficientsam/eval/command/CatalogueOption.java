package org.medficientsam.eval.command;

import java.io.IOException;
import java.nio.file.Path;
import org.medficientsam.eval.dataset.Dataset;
import org.medficientsam.eval.dataset.DatasetCatalog;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where data sets are looked up by name. */
final class CatalogueOption {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--catalogue",
            paramLabel = "YAML",
            defaultValue = "${env:MEDFICIENTSAM_DATASETS:-datasets.yaml}",
            description = "The data sets (default: ${DEFAULT-VALUE}).")
    private Path catalogue;

    /**
     * @param name an entry, or {@code path:DIR}
     * @param generated folder to make cases in
     */
    Dataset open(String name, Path generated) throws IOException {
        return DatasetCatalog.resolve(
                name, catalogue, generated, command.commandLine().getErr()::println);
    }
}
