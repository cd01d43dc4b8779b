package org.medficientsam.eval.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.dataset.CatalogueEntry.Masks;
import org.medficientsam.eval.dataset.CatalogueEntry.Phantoms;
import org.medficientsam.imagefile.intensity.IntensityWindow;

/** datasets.yaml, whose head documents its keys. A fault is one line: where, which key, what was expected, what is there. */
public final class DatasetCatalog {

    private static final String LOCAL = "path:";
    private static final Set<String> KEYS = Set.of(
            "title",
            "layout",
            "path",
            "images",
            "truths",
            "modality",
            "cases",
            "group",
            "licence",
            "page",
            "get",
            "note",
            "seed",
            "casesPerModality",
            "maskSuffix",
            "labels",
            "window");

    private final Map<String, CatalogueEntry> entries;

    private DatasetCatalog(Map<String, CatalogueEntry> entries) {
        this.entries = entries;
    }

    Map<String, CatalogueEntry> entries() {
        return entries;
    }

    /**
     * The data set of that name, or of a folder ({@code path:DIR}).
     *
     * @param generated folder to make cases in, of phantoms and of pictures
     * @param warnings told where the number of cases is not the expected one
     * @throws IllegalArgumentException if there is none of that name, or it is not on this machine
     */
    public static Dataset resolve(String name, Path catalogue, Path generated, Consumer<String> warnings)
            throws IOException {
        if (name.startsWith(LOCAL)) {
            return FolderLayout.auto(Path.of(name.substring(LOCAL.length()))).open(generated, warnings);
        }
        DatasetCatalog catalog = read(catalogue);
        CatalogueEntry entry = catalog.entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("no data set '%s' in %s; it has %s, and path:DIR takes a folder"
                    .formatted(name, catalogue, String.join(", ", catalog.entries.keySet())));
        }
        Dataset dataset = entry.layout().open(entry, generated, warnings).grouped(entry.groups());
        entry.cases().forEach((modality, expected) -> {
            int found = dataset.counts().getOrDefault(modality, 0);
            if (found != expected) {
                warnings.accept("%s: %s should have %d cases, found %d".formatted(name, modality, expected, found));
            }
        });
        return dataset;
    }

    /** @throws IllegalArgumentException with the line, if it does not follow the schema */
    static DatasetCatalog read(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        YamlMap root = YamlMap.read(file);
        root.allow(Set.of("datasets"));
        Map<String, CatalogueEntry> entries = new LinkedHashMap<>();
        YamlMap datasets = root.map("datasets");
        for (String id : datasets.keys()) {
            datasets.require(
                    id.matches("[a-z0-9][a-z0-9.-]*"), id, "a name of lower-case letters, digits, dots and hyphens");
            entries.put(id, entry(id, datasets.map(id), folder));
        }
        return new DatasetCatalog(entries);
    }

    private static CatalogueEntry entry(String id, YamlMap keys, @Nullable Path base) {
        keys.allow(KEYS);
        DatasetLayout layout = choice(keys, "layout", DatasetLayout.values());
        Path folder = Path.of(keys.text("path", "data/" + id));
        return new CatalogueEntry(
                id,
                keys.text("title"),
                layout,
                base == null ? folder : base.resolve(folder).normalize(),
                keys.text("images", "imgs"),
                keys.text("truths", "gts"),
                keys.has("modality") ? Modality.named(keys.text("modality")) : null,
                cases(keys),
                groups(keys),
                keys.text("licence"),
                keys.text("page", ""),
                keys.text("get", ""),
                new Phantoms(keys.number("seed", 1), Math.toIntExact(keys.number("casesPerModality", 1))),
                new Masks(
                        keys.text("maskSuffix", ""),
                        keys.has("labels") ? choice(keys, "labels", MaskLabels.values()) : layout.labels(),
                        window(keys)));
    }

    private static CaseGroups groups(YamlMap keys) {
        try {
            return keys.has("group") ? CaseGroups.by(keys.text("group")) : CaseGroups.NONE;
        } catch (IllegalArgumentException invalid) {
            throw keys.fault("group", "a regular expression");
        }
    }

    private static IntensityWindow window(YamlMap keys) {
        try {
            return IntensityWindow.parse(keys.text("window", "auto"));
        } catch (InvalidCaseException | IllegalArgumentException unknown) {
            throw keys.fault("window", "CENTRE,WIDTH or a preset such as ct-soft");
        }
    }

    private static Map<Modality, Integer> cases(YamlMap keys) {
        Map<Modality, Integer> cases = new TreeMap<>(Modality.TABLE_ORDER);
        if (keys.has("cases")) {
            YamlMap counts = keys.map("cases");
            for (String name : counts.keys()) {
                cases.put(Modality.named(name), Math.toIntExact(counts.number(name, 0)));
            }
        }
        return cases;
    }

    private static <E extends Enum<E>> E choice(YamlMap keys, String key, E[] choices) {
        String chosen = keys.text(key);
        for (E choice : choices) {
            if (lower(choice).equals(chosen)) {
                return choice;
            }
        }
        throw keys.fault(
                key, "one of " + Stream.of(choices).map(DatasetCatalog::lower).collect(Collectors.joining(", ")));
    }

    private static String lower(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }
}
