package org.medficientsam.segmenter.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Where a command reads and writes, looked at before the model runs for nothing. */
record Places(Path input, Path output, Optional<Path> overlay) {
    /** @throws WrongUsage if a name is empty, or there is no input */
    void checkNames() {
        // A variable of a script that is not set would mean the working directory.
        if (input.toString().isEmpty()) throw new WrongUsage("input must be a file or a folder, got an empty name");
        if (output.toString().isEmpty()) throw new WrongUsage("output must be a file or a folder, got an empty name");
        if (!Files.exists(input))
            throw new WrongUsage("input %s does not exist".formatted(CasePaths.shown(input.toString())));
    }

    /**
     * @param ofMany whether results are folders, as the input is one of cases
     * @throws WrongUsage if a result would take the place of the input, of another or of what is no file, or cannot be made
     */
    void check(boolean ofMany) {
        if (!Files.isDirectory(input) && !Files.isRegularFile(input))
            throw new WrongUsage("input must be a regular file or a folder");
        checkTarget("output", output, ofMany);
        if (overlay.isEmpty()) return;
        checkTarget("overlay", overlay.get(), ofMany);
        if (!ofMany && !CasePaths.name(overlay.get()).toLowerCase(Locale.ROOT).endsWith(".png"))
            throw new WrongUsage("overlay must be named .png, got another ending");
        if (isSame(output, overlay.get())) throw new WrongUsage("overlay must not be the output");
    }

    private void checkTarget(String name, Path target, boolean ofMany) {
        if (!ofMany && Files.exists(target) && !Files.isRegularFile(target))
            throw new WrongUsage(
                    name + " must be a regular file where something is there already, as only that is replaced");
        if (ofMany && Files.exists(target) && !Files.isDirectory(target))
            throw new WrongUsage(name + " must be a folder, as the input is one");
        if (isSame(input, target)) throw new WrongUsage(name + " must not be the input");
        if (!CasePaths.isWritableFolder(
                ofMany ? target : target.toAbsolutePath().resolveSibling("")))
            throw new WrongUsage(name + " must lie in a folder that can be written, got one that cannot");
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return CasePaths.isSame(one, other);
        } catch (IOException e) {
            throw new WrongUsage("output cannot be looked up");
        }
    }
}
