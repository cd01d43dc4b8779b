package org.medficientsam.eval.dataset;

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
 * @param images and {@code truths}: folders below it, for layouts {@code challenge} and {@code pictures}
 * @param modality of every case; null if the file names tell
 * @param cases expected per modality; empty if not known
 * @param groups which cases are of one patient, volume or video
 * @param page where a person reads about it and gets it
 * @param get how to come by it, in words
 */
record CatalogueEntry(
        String id,
        String title,
        Layout layout,
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

    /** How its files are arranged. */
    enum Layout {
        /** Nothing to get: the harness draws the cases. */
        GENERATED,
        /** One folder of npz with imgs, boxes (spacing), one of npz with gts, same names. */
        CHALLENGE,
        /** One npz per case with imgs, boxes, gts (spacing), in folders of any depth. */
        COMBINED,
        /** A folder of pictures, a folder of masks, names alike; made into npz before the first run. */
        PICTURES,
        /** The same of NIfTI files; each value of a mask is a label. */
        NIFTI
    }

    /** What a generated data set is drawn from. */
    record Phantoms(long seed, int casesPerModality) {}

    /** How masks are named and read, and which values of an image become black and white. */
    record Masks(String suffix, MaskLabels labels, IntensityWindow window) {}
}
