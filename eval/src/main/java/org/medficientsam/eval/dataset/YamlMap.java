package org.medficientsam.eval.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** A YAML mapping that still knows its lines, for errors that a person can follow. */
final class YamlMap {

    private final String file;
    private final String at;
    private final int line;
    private final Map<String, Node> values = new LinkedHashMap<>();

    private YamlMap(String file, String at, Node node) {
        this.file = file;
        this.at = at;
        this.line = lineOf(node);
        if (!(node instanceof MappingNode mapping)) {
            throw new IllegalArgumentException(
                    "%s:%d: %s must be a mapping, got %s".formatted(file, line, name(), describe(node)));
        }
        for (NodeTuple tuple : mapping.getValue()) {
            String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
            if (values.put(key, tuple.getValueNode()) != null) {
                throw new IllegalArgumentException(
                        "%s:%d: %s is there twice".formatted(file, lineOf(tuple.getKeyNode()), path(key)));
            }
        }
    }

    static YamlMap read(Path file) throws IOException {
        String name = file.getFileName().toString();
        try {
            Optional<Node> root =
                    new Compose(LoadSettings.builder().setLabel(name).build()).composeString(Files.readString(file));
            return new YamlMap(
                    name,
                    "",
                    root.orElseThrow(() -> new IllegalArgumentException(name + " must be a mapping, got nothing")));
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            throw new IllegalArgumentException("%s:%d: not valid YAML: %s".formatted(name, line, e.getProblem()), e);
        } catch (YamlEngineException e) {
            throw new IllegalArgumentException("%s: not valid YAML: %s".formatted(name, e.getMessage()), e);
        }
    }

    Set<String> keys() {
        return values.keySet();
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    /** Refuses keys that mean nothing, as they are typing errors. */
    void allow(Set<String> known) {
        for (Map.Entry<String, Node> entry : values.entrySet()) {
            if (!known.contains(entry.getKey())) {
                throw new IllegalArgumentException("%s:%d: %s is not a known key; known are %s"
                        .formatted(
                                file,
                                lineOf(entry.getValue()),
                                path(entry.getKey()),
                                String.join(", ", new TreeSet<>(known))));
            }
        }
    }

    void require(boolean holds, String key, String expected) {
        if (!holds) {
            throw fault(key, expected);
        }
    }

    /** For a value that is not what was expected. */
    IllegalArgumentException fault(String key, String expected) {
        @Nullable Node value = values.get(key);
        return new IllegalArgumentException("%s:%d: %s must be %s, got %s"
                .formatted(
                        file,
                        value == null ? line : lineOf(value),
                        path(key),
                        expected,
                        value == null ? "nothing" : describe(value)));
    }

    YamlMap map(String key) {
        @Nullable Node value = values.get(key);
        if (value == null) {
            throw fault(key, "a mapping");
        }
        return new YamlMap(file, path(key), value);
    }

    String text(String key) {
        @Nullable Node value = values.get(key);
        if (value instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
            return scalar.getValue().strip();
        }
        throw fault(key, "a text");
    }

    String text(String key, String otherwise) {
        return has(key) ? text(key) : otherwise;
    }

    /** A count of 0 or more. */
    long number(String key, long otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        String text = text(key);
        if (!text.matches("\\d{1,9}")) {
            throw fault(key, "a whole number from 0 to 999999999");
        }
        return Long.parseLong(text);
    }

    private String name() {
        return at.isEmpty() ? "the document" : at;
    }

    private String path(String key) {
        return at.isEmpty() ? key : at + "." + key;
    }

    private static int lineOf(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }

    private static String describe(Node node) {
        return switch (node.getNodeType()) {
            case SCALAR -> "'" + ((ScalarNode) node).getValue() + "'";
            case SEQUENCE -> "a list";
            case MAPPING -> "a mapping";
            default -> "an anchor";
        };
    }
}
