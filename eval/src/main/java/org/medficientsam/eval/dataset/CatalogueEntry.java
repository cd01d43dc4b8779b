package org.medficientsam.eval.dataset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medficientsam.eval.Modality;
import org.medficientsam.imagefile.intensity.IntensityWindow;

/**
 * A data set as datasets.yaml describes it; whether it is on this machine is another question.
 *
 * @param title for tables
 * @param folder where it is expected
 * @param images and {@code truths}: folders below it, for layouts that have two
 * @param modality of every case; null if the file names tell
 * @param cases expected per modality; empty if not known
 * @param groups which cases are of one patient, volume or video
 * @param page where a person reads about it and gets it
 * @param get how to come by it, in words
 */
record CatalogueEntry(
        String id,
        String title,
        DatasetLayout layout,
        Path folder,
        String images,
        String truths,
        @Nullable Modality modality,
        Map<Modality, Integer> cases,
        CaseGroups groups,
        String licence,
        String page,
        String get,
        Phantoms phantoms,
        Masks masks) {

    /** What a generated data set is drawn from. */
    record Phantoms(long seed, int casesPerModality) {}

    /** How masks are named and read, and which values of an image become black and white. */
    record Masks(String suffix, MaskLabels labels, IntensityWindow window) {}

    /** Its own folder, there. */
    Path here() {
        return here(folder);
    }

    /**
     * A folder of it, there.
     *
     * @throws IllegalArgumentException saying how to come by the data set, if it is not
     */
    Path here(Path expected) {
        if (!Files.isDirectory(expected)) {
            throw new IllegalArgumentException("data set %s is not here: expected the folder %s. %s %s"
                    .formatted(id, expected, get, page)
                    .strip());
        }
        return expected;
    }

    /** Which modality a case of that name is of. */
    Modality modalityOf(String name) {
        return modality == null ? Modality.ofCase(name) : modality;
    }
}
