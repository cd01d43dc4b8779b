package org.medficientsam.segmenter.command;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The arguments of most single cases, read without picocli: to look at its own annotations takes that a fifth of the processor time of a whole
 * start. What is not as plain as this, or wrong, is left to picocli, which alone has words for it.
 *
 * @param models folder of the bundles
 */
record PlainArguments(Path input, Path output, Optional<String> model, Optional<Path> models, boolean quiet) {
    private static final Map<String, String> NAMES = Map.of(
            "-o",
            "--output",
            "--output",
            "--output",
            "--model",
            "--model",
            "--models",
            "--models",
            "-q",
            "--quiet",
            "--quiet",
            "--quiet");

    /** Nothing if there is more to them than this. */
    static Optional<PlainArguments> parse(String... arguments) {
        Map<String, String> options = new HashMap<>();
        Optional<String> input = Optional.empty();
        for (int i = 0; i < arguments.length; i++) {
            String argument = arguments[i];
            String name = NAMES.getOrDefault(argument, "");
            if (name.isEmpty()) {
                if (!isPlain(argument) || input.isPresent()) return Optional.empty();
                input = Optional.of(argument);
                continue;
            }
            String value = "";
            if (!name.equals("--quiet")) {
                if (++i == arguments.length || !isPlain(arguments[i])) return Optional.empty();
                value = arguments[i];
            }
            if (options.put(name, value) != null) return Optional.empty();
        }
        if (input.isEmpty() || !options.containsKey("--output")) return Optional.empty();
        try {
            return Optional.of(new PlainArguments(
                    Path.of(input.get()),
                    Path.of(options.getOrDefault("--output", "")),
                    Optional.ofNullable(options.get("--model")),
                    Optional.ofNullable(options.get("--models")).map(Path::of),
                    options.containsKey("--quiet")));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** What begins with these is an option, or a file of arguments. */
    private static boolean isPlain(String argument) {
        return !argument.isEmpty() && argument.charAt(0) != '-' && argument.charAt(0) != '@';
    }
}
