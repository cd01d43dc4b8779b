package org.medficientsam.eval.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import me.tongfei.progressbar.ProgressBar;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.Progress;

/** A folder of cases that are made, once: again only if what they are made of has changed. */
final class GeneratedFolder {

    /** Beside the cases, a line each. */
    private static final String NOTES = "notes.txt";

    private GeneratedFolder() {}

    /** Makes the cases. */
    interface Maker {
        /**
         * @param step to be called per file
         * @return how many cases were made
         */
        int make(Runnable step) throws IOException;
    }

    /** @throws IllegalArgumentException if not one image became a case */
    static Dataset of(ImageFolder images, String id, Path generated, Consumer<String> warnings) throws IOException {
        Path folder = generated.resolve(id);
        List<String> told = new ArrayList<>();
        try {
            make(folder, images.recipe(), images.count(), step -> {
                int cases = images.write(folder, step, told::add);
                Files.write(folder.resolve(NOTES), told);
                return cases;
            });
        } finally {
            // After the bar, whose line they would break; of cases that were made before, what was said then.
            (told.isEmpty() ? notes(folder) : told).forEach(warnings);
        }
        return Dataset.combined(id, folder, Modality::ofCase);
    }

    /** What was said when the cases of a folder were made: images left out and why, labels numbered anew; none of other folders. */
    static List<String> notes(Path folder) throws IOException {
        Path notes = folder.resolve(NOTES);
        return Files.exists(notes) ? Files.readAllLines(notes) : List.of();
    }

    /**
     * Makes the cases, unless they were made by this recipe before.
     *
     * @param recipe what is made of what, in words
     * @throws IllegalArgumentException if nothing was made
     */
    static void make(Path folder, String recipe, int steps, Maker maker) throws IOException {
        // Written last, so that half a set is made again.
        Path mark = folder.resolve("complete");
        if (Files.exists(mark) && Files.readString(mark).equals(recipe)) {
            return;
        }
        clear(folder);
        try (ProgressBar progress = Progress.bar("prepare", steps)) {
            if (maker.make(progress::step) == 0) {
                throw new IllegalArgumentException("no image with a mask of its name, for " + folder.getFileName());
            }
        }
        Files.writeString(mark, recipe);
    }

    /** Cases of another recipe; nothing but what was made here. */
    private static void clear(Path folder) throws IOException {
        if (Files.exists(folder.resolve("complete"))) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
