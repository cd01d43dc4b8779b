package org.medficientsam.eval.command;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.dataset.Dataset;
import org.medficientsam.eval.dataset.FolderLayout;
import org.medficientsam.imagefile.intensity.IntensityWindow;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How a folder of images and masks that no catalogue describes is to be read. */
final class LayoutOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--modality",
            paramLabel = "NAME",
            description = "Of every image (default: as the files' names tell, e.g. 2D_US_001.png).")
    private @Nullable String modality;

    @Option(
            names = "--mask-suffix",
            paramLabel = "TEXT",
            description =
                    "What a mask's name has after its image's (default: _mask, _seg, _gt or _label, if one is found).")
    private @Nullable String suffix;

    @Option(
            names = "--labels",
            paramLabel = "HOW",
            description =
                    "Of masks: whole (one object), values (each value one), components (each connected piece one);"
                            + " default: values of NIfTI, whole of pictures.")
    private @Nullable String labels;

    @Option(
            names = "--window",
            paramLabel = "WINDOW",
            defaultValue = "auto",
            description = "CENTRE,WIDTH or auto, dicom, percentile, mr, ct-soft, ct-lung, ct-brain, ct-bone (default:"
                    + " ${DEFAULT-VALUE}: 8 bits as stored, CT through soft tissue, all else by percentiles).")
    private String window;

    /** @param generated folder to make cases in */
    Dataset open(Path folder, Path generated) throws IOException {
        FolderLayout layout = new FolderLayout(
                folder,
                suffix,
                labels,
                modality == null ? null : Modality.named(modality),
                IntensityWindow.parse(window));
        return layout.open(generated, command.commandLine().getErr()::println);
    }
}
