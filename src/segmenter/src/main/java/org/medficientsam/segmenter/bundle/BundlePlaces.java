package org.medficientsam.segmenter.bundle;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The folders that may hold bundles, in the order in which they are asked: the one that was named, which then is the only one;
 * {@code models/bundles} beside the program's jar or above it; {@code models/bundles} in the working directory.
 */
public final class BundlePlaces {
    /** The environment variable that names a folder. */
    public static final String VARIABLE = "MEDFICIENTSAM_BUNDLES";

    private static final String NAME = "models/bundles";

    private record Place(String name, Path folder) {}

    private final List<Place> places;
    private final String remedy;

    private BundlePlaces(List<Place> places, String remedy) {
        this.places = List.copyOf(places);
        this.remedy = remedy;
    }

    /**
     * @param named by an option or a setting
     * @param namedBy what that option or setting is called, for messages
     * @param program a class of the jar beside which bundles may lie
     */
    public static BundlePlaces of(
            Optional<Path> named, String namedBy, Map<String, String> environment, Class<?> program) {
        if (named.isPresent()) return new BundlePlaces(List.of(new Place(namedBy, named.get())), "");
        String variable = environment.getOrDefault(VARIABLE, "");
        if (!variable.isEmpty()) return new BundlePlaces(List.of(new Place(VARIABLE, Path.of(variable))), "");
        List<Place> places = new ArrayList<>();
        ProgramFolder.find(program, NAME)
                .ifPresent(folder -> places.add(new Place(NAME + " beside the program", folder)));
        places.add(new Place(NAME + " in the working directory", Path.of(NAME)));
        return new BundlePlaces(places, "; %s or %s name another folder".formatted(namedBy, VARIABLE));
    }

    /** The first place that is a folder; the last one if none is. */
    public Path folder() {
        return places.stream()
                .map(Place::folder)
                .filter(Files::isDirectory)
                .findFirst()
                .orElse(places.get(places.size() - 1).folder());
    }

    /**
     * The folder of a bundle.
     *
     * @throws InvalidBundleException naming the places that were asked, if none holds it
     */
    public Path bundle(String id) {
        for (Place place : places)
            if (Files.isDirectory(place.folder().resolve(id)))
                return place.folder().resolve(id);
        List<String> names = places.stream().map(Place::name).toList();
        throw new InvalidBundleException(
                "model %s must be a folder in %s, found none%s".formatted(id, String.join(" or ", names), remedy));
    }
}
