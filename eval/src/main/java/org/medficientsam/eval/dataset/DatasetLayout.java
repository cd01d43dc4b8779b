package org.medficientsam.eval.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.phantom.Phantom;
import org.medficientsam.eval.phantom.PhantomFolder;

/** How a data set's files are arranged, as {@code layout:} in datasets.yaml calls it in lower case, and how it is opened. */
enum DatasetLayout {
    /** Nothing to get: the harness draws the cases, once per folder. */
    GENERATED {
        @Override
        Dataset open(CatalogueEntry entry, Path generated, Consumer<String> warnings) throws IOException {
            CatalogueEntry.Phantoms order = entry.phantoms();
            Path folder = generated.resolve("%s-%d-%d".formatted(entry.id(), order.seed(), order.casesPerModality()));
            GeneratedFolder.make(folder, "", Phantom.ALL.size() * order.casesPerModality(), step -> {
                PhantomFolder.write(folder, order.seed(), order.casesPerModality(), Phantom.ALL, step);
                return Phantom.ALL.size();
            });
            return Dataset.challenge(
                    entry.id(), folder, folder.resolve("imgs"), folder.resolve("gts"), Modality::ofCase);
        }
    },
    /** One folder of npz with imgs, boxes (spacing), one of npz with gts, same names. */
    CHALLENGE {
        @Override
        Dataset open(CatalogueEntry entry, Path generated, Consumer<String> warnings) throws IOException {
            Path folder = entry.here();
            return Dataset.challenge(
                    entry.id(),
                    folder,
                    entry.here(folder.resolve(entry.images())),
                    folder.resolve(entry.truths()),
                    entry::modalityOf);
        }
    },
    /** One npz per case with imgs, boxes, gts (spacing), in folders of any depth. */
    COMBINED {
        @Override
        Dataset open(CatalogueEntry entry, Path generated, Consumer<String> warnings) throws IOException {
            return Dataset.combined(entry.id(), entry.here(), entry::modalityOf);
        }
    },
    /** A folder of pictures, a folder of masks, names alike; made into npz before the first run. */
    PICTURES {
        @Override
        Dataset open(CatalogueEntry entry, Path generated, Consumer<String> warnings) throws IOException {
            return convert(entry, generated, warnings);
        }
    },
    /** The same of NIfTI files; each value of a mask is a label. */
    NIFTI {
        @Override
        Dataset open(CatalogueEntry entry, Path generated, Consumer<String> warnings) throws IOException {
            return convert(entry, generated, warnings);
        }

        @Override
        MaskLabels labels() {
            return MaskLabels.VALUES;
        }
    };

    /**
     * The data set of an entry.
     *
     * @param generated folder to make cases in
     * @param warnings told of what is left out and why
     * @throws IllegalArgumentException if it is not on this machine, or holds no case
     */
    abstract Dataset open(CatalogueEntry entry, Path generated, Consumer<String> warnings) throws IOException;

    /** How a mask's values become labels if the entry does not say. */
    MaskLabels labels() {
        return MaskLabels.WHOLE;
    }

    private static Dataset convert(CatalogueEntry entry, Path generated, Consumer<String> warnings) throws IOException {
        ImageFolder images = new ImageFolder(
                entry.here(entry.folder().resolve(entry.images())),
                entry.here(entry.folder().resolve(entry.truths())),
                entry.masks().suffix(),
                entry.masks().labels(),
                entry.modality(),
                entry.masks().window());
        return GeneratedFolder.of(images, entry.id(), generated, warnings);
    }
}
