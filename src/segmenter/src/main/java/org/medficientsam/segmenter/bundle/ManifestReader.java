package org.medficientsam.segmenter.bundle;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.medficientsam.segmenter.bundle.ModelManifest.BundleFile;
import org.medficientsam.segmenter.bundle.ModelManifest.Embedding;
import org.medficientsam.segmenter.bundle.ModelManifest.Weights;
import org.medficientsam.segmenter.bundle.PropagationParameters.Profile;
import org.medficientsam.segmenter.bundle.PropagationParameters.Shape;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** The checks of SCHEMA.md, in its words. */
final class ManifestReader {
    private static final List<String> KEYS = List.of(
            "id",
            "architecture",
            "inputSize",
            "embedding",
            "maskSize",
            "precision",
            "rules",
            "parameters",
            "macs",
            "files",
            "licence",
            "weights",
            "scores");
    private static final String PROPAGATION = "propagation"; // beside KEYS, only where it belongs
    private static final List<String> ARCHITECTURES = List.of(
            "nano", "efficientvit-sam-l0", "efficientvit-sam-l1", "efficientvit-sam-l2", "litemedsam", "medsam");
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,63}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern FILE_OR_SPDX = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.+-]{0,63}");
    private static final String NAME_WORDS = "lower-case letters, digits, dots and hyphens";

    private ManifestReader() {}

    static ModelManifest read(String yaml) {
        Map<String, Object> root = mapping("manifest", load(yaml));
        exactly("", root, KEYS, List.of(PROPAGATION));
        Map<String, Object> weights = mapping("weights", root.get("weights"));
        exactly("weights.", weights, List.of("origin", "trainedOn"));
        ModelManifest manifest = new ModelManifest(
                matching("id", root.get("id"), NAME, NAME_WORDS),
                oneOf("architecture", root.get("architecture"), ARCHITECTURES),
                size("inputSize", root.get("inputSize")),
                embedding(mapping("embedding", root.get("embedding"))),
                size("maskSize", root.get("maskSize")),
                oneOf("precision", root.get("precision"), List.of("fp32", "int8")),
                matching("rules", root.get("rules"), NAME, NAME_WORDS),
                positive("parameters", root.get("parameters")),
                positive("macs", root.get("macs")),
                files(root.get("files")),
                matching(
                        "licence",
                        root.get("licence"),
                        FILE_OR_SPDX,
                        "an SPDX identifier or the name of a file in the bundle"),
                new Weights(origin(weights.get("origin")), trainedOn(weights.get("trainedOn"))),
                Collections.unmodifiableMap(mapping("scores", root.get("scores"))),
                root.containsKey(PROPAGATION)
                        ? Optional.of(propagation(mapping(PROPAGATION, root.get(PROPAGATION))))
                        : Optional.empty());
        requirePropagationWhereItBelongs(manifest);
        return manifest;
    }

    private static void requirePropagationWhereItBelongs(ModelManifest manifest) {
        boolean needed =
                manifest.has(ModelBundle.PROPAGATOR) || manifest.rules().equals("steady");
        boolean there = manifest.propagation().isPresent();
        if (needed && !there) throw new InvalidBundleException("missing key '%s'".formatted(PROPAGATION));
        if (there && !needed)
            throw new InvalidBundleException("propagation belongs to a bundle with a propagator or rules steady");
        if (there && manifest.propagation().get().inputSize().equals(OptionalInt.of(manifest.inputSize())))
            throw new InvalidBundleException("propagation.inputSize must differ from inputSize");
    }

    private static PropagationParameters propagation(Map<String, Object> propagation) {
        exactly("propagation.", propagation, List.of("profile", "trust", "shape"), List.of("inputSize"));
        Map<String, Object> profile = mapping("propagation.profile", propagation.get("profile"));
        exactly("propagation.profile.", profile, List.of("height", "exponent", "smallest"));
        Map<String, Object> shape = mapping("propagation.shape", propagation.get("shape"));
        exactly("propagation.shape.", shape, List.of("sides", "ends"));
        return new PropagationParameters(
                propagation.containsKey("inputSize")
                        ? OptionalInt.of(size("propagation.inputSize", propagation.get("inputSize")))
                        : OptionalInt.empty(),
                new Profile(
                        positive("propagation.profile.height", profile.get("height"), 2),
                        positive("propagation.profile.exponent", profile.get("exponent"), 4),
                        fromZero("propagation.profile.smallest", profile.get("smallest"), 1)),
                fromZero("propagation.trust", propagation.get("trust"), 1),
                new Shape(
                        fromZero("propagation.shape.sides", shape.get("sides"), 10),
                        fromZero("propagation.shape.ends", shape.get("ends"), 10)));
    }

    private static @Nullable Object load(String yaml) {
        try {
            return new Load(LoadSettings.builder().setLabel("manifest").build()).loadFromString(yaml);
        } catch (YamlEngineException e) {
            throw new InvalidBundleException("manifest is not valid YAML", e);
        }
    }

    private static Map<String, Object> mapping(String key, @Nullable Object value) {
        if (!(value instanceof Map<?, ?> map)) throw wrong(key, "a mapping", value);
        Map<String, Object> result = new LinkedHashMap<>();
        map.forEach((name, item) -> result.put(String.valueOf(name), item));
        return result;
    }

    private static void exactly(String prefix, Map<String, Object> mapping, Collection<String> keys) {
        exactly(prefix, mapping, keys, List.of());
    }

    private static void exactly(
            String prefix, Map<String, Object> mapping, Collection<String> keys, Collection<String> optional) {
        for (String key : keys)
            if (!mapping.containsKey(key))
                throw new InvalidBundleException("missing key '%s%s'".formatted(prefix, key));
        for (String key : mapping.keySet())
            if (!keys.contains(key) && !optional.contains(key))
                throw new InvalidBundleException("unknown key '%s%s'".formatted(prefix, key));
    }

    private static Embedding embedding(Map<String, Object> embedding) {
        exactly("embedding.", embedding, List.of("layout", "shape"));
        String layout = oneOf("embedding.layout", embedding.get("layout"), List.of("nchw", "tokens"));
        boolean nchw = layout.equals("nchw");
        List<Long> shape = new ArrayList<>();
        if (embedding.get("shape") instanceof List<?> axes)
            for (Object axis : axes)
                shape.add(axis instanceof Number number && isPositive(axis) ? number.longValue() : 0L);
        if (shape.size() != (nchw ? 4 : 3) || shape.contains(0L) || shape.get(0) != 1)
            throw wrong(
                    "embedding.shape",
                    (nchw ? "(1, C, h, w)" : "(1, h*w, C)") + " for layout " + layout,
                    embedding.get("shape"));
        return new Embedding(layout, List.copyOf(shape));
    }

    private static List<BundleFile> files(@Nullable Object value) {
        List<BundleFile> files = new ArrayList<>();
        Set<String> names = new TreeSet<>();
        if (value instanceof List<?> items)
            for (Object item : items) {
                String key = "files[" + files.size() + "]";
                Map<String, Object> entry = mapping(key, item);
                exactly(key + ".", entry, List.of("name", "sha256", "bytes"));
                String name = String.valueOf(entry.get("name"));
                names.add(name);
                files.add(new BundleFile(
                        name,
                        matching(key + ".sha256", entry.get("sha256"), SHA256, "64 lower-case hexadecimal digits"),
                        positive(key + ".bytes", entry.get("bytes"))));
            }
        Set<String> others = new TreeSet<>(names);
        boolean both = others.remove(ModelBundle.ENCODER) & others.remove(ModelBundle.DECODER);
        others.remove(ModelBundle.PROPAGATOR);
        if (!both || !others.isEmpty() || files.size() != names.size())
            throw wrong(
                    "files",
                    "%s, %s and at most %s".formatted(ModelBundle.ENCODER, ModelBundle.DECODER, ModelBundle.PROPAGATOR),
                    names.isEmpty() ? value : names);
        return List.copyOf(files);
    }

    private static String origin(@Nullable Object value) {
        if (!(value instanceof String text) || text.isBlank())
            throw wrong("weights.origin", "a non-empty string", value);
        return text;
    }

    private static List<String> trainedOn(@Nullable Object value) {
        List<String> names = new ArrayList<>();
        boolean valid = value instanceof List<?>;
        if (value instanceof List<?> items)
            for (Object item : items)
                if (item instanceof String name && !name.isEmpty()) names.add(name);
                else valid = false;
        if (!valid) throw wrong("weights.trainedOn", "a list of data set names", value);
        return List.copyOf(names);
    }

    private static String matching(String key, @Nullable Object value, Pattern pattern, String expected) {
        if (!(value instanceof String text) || !pattern.matcher(text).matches()) throw wrong(key, expected, value);
        return text;
    }

    private static String oneOf(String key, @Nullable Object value, List<String> allowed) {
        if (!(value instanceof String text) || !allowed.contains(text))
            throw wrong(key, "one of " + String.join(", ", allowed), value);
        return text;
    }

    private static int size(String key, @Nullable Object value) {
        long size = positive(key, value);
        if (size > Integer.MAX_VALUE) throw wrong(key, "a positive integer", value);
        return (int) size;
    }

    private static long positive(String key, @Nullable Object value) {
        if (!(value instanceof Number number) || !isPositive(value)) throw wrong(key, "a positive integer", value);
        return number.longValue();
    }

    /** The YAML reader picks the narrowest of Integer, Long and BigInteger; a float or a quoted number is none of them. */
    private static boolean isPositive(@Nullable Object value) {
        if (value instanceof BigInteger big) return big.signum() > 0 && big.bitLength() < Long.SIZE;
        return (value instanceof Integer || value instanceof Long) && ((Number) value).longValue() > 0;
    }

    /** In [0, most]. */
    private static double fromZero(String key, @Nullable Object value, int most) {
        double number = value instanceof Number found ? found.doubleValue() : Double.NaN;
        if (!(number >= 0 && number <= most)) throw wrong(key, "a number from 0 to " + most, value); // NaN, too
        return number;
    }

    /** In (0, most]. */
    private static double positive(String key, @Nullable Object value, int most) {
        double number = fromZero(key, value, most);
        if (number == 0) throw wrong(key, "a number from 0 to " + most, value);
        return number;
    }

    private static InvalidBundleException wrong(String key, String expected, @Nullable Object found) {
        String shown = String.valueOf(found);
        return new InvalidBundleException("%s must be %s, got %s"
                .formatted(key, expected, shown.length() <= 80 ? shown : shown.substring(0, 77) + "..."));
    }
}
