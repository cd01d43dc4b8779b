import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Writes the completion script of {@code bin/medficientsam}, whose commands live in different jars:
 * {@code java -cp JARS Completion.java FILE SEGMENT-CLASS EVAL-CLASS}.
 */
public final class Completion {
    private Completion() {}

    public static void main(String... arguments) throws Exception {
        CommandLine program = new CommandLine(CommandSpec.create().name("medficientsam"));
        program.addSubcommand("segment", command(arguments[1]));
        program.addSubcommand("eval", command(arguments[2]));
        for (String name : new String[] {"serve", "install", "completion", "help"})
            program.addSubcommand(name, CommandSpec.create());
        Files.writeString(Path.of(arguments[0]), AutoComplete.bash("medficientsam", program));
    }

    private static Object command(String name) throws ReflectiveOperationException {
        Constructor<?> constructor = Class.forName(name).getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
    }
}
