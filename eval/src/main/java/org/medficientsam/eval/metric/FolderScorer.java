package org.medficientsam.eval.metric;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Scores a folder of predictions against a folder of ground truth, file by file of one name. */
public final class FolderScorer {

    private final Path gts;
    private final Path segs;
    private final MetricProtocol protocol;
    private final List<String> names;

    /**
     * @throws IllegalArgumentException if one of them is no folder, or there is no ground truth
     * @throws IOException if a folder cannot be listed
     */
    public FolderScorer(Path gts, Path segs, MetricProtocol protocol) throws IOException {
        requireFolder("gts", gts);
        requireFolder("segs", segs);
        this.gts = gts;
        this.segs = segs;
        this.protocol = protocol;
        try (Stream<Path> files = Files.list(gts)) {
            names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".npz"))
                    .sorted()
                    .toList();
        }
        if (names.isEmpty()) {
            throw new IllegalArgumentException("no *.npz in the gts folder " + gts);
        }
    }

    /** The cases: what the ground truth holds. Predictions of other names are not looked at. */
    public List<String> names() {
        return names;
    }

    /** @param scored called after each case */
    public ScoreTable score(Runnable scored) {
        CaseScorer scorer = new CaseScorer(gts, segs, protocol);
        SortedMap<String, CaseScores> cases = new TreeMap<>();
        // One case at a time, its labels in parallel: the largest case sets the memory that is needed.
        for (String name : names) {
            cases.put(name, scorer.score(name));
            scored.run();
        }
        return new ScoreTable(protocol, cases);
    }

    private static void requireFolder(String role, Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("the %s folder does not exist: %s".formatted(role, folder));
        }
    }
}
