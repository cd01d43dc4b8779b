package org.medficientsam.eval.command;

import org.medficientsam.eval.Failures;
import org.medficientsam.eval.run.Run;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the harness; each subcommand is a class of its own. */
@Command(
        name = "medficientsam-eval",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Replays validation sets through MedficientSAM, scores the answers, prints the tables.",
        subcommands = {
            PhantomsCommand.class,
            RunCommand.class,
            ScoreCommand.class,
            ReportCommand.class,
            EvaluateCommand.class,
            BenchmarkCommand.class
        })
public final class EvalCommand {

    private EvalCommand() {}

    /** Ends with the exit status, of which each command's help tells. */
    public static void main(String[] arguments) {
        System.setProperty("java.awt.headless", "true");
        // A library of a library would say that nobody reads its log.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        System.exit(commandLine().execute(arguments));
    }

    /** The commands, not yet run; for tests, which run them in their own process. */
    public static CommandLine commandLine() {
        CommandLine commands = new CommandLine(new EvalCommand());
        commands.getCommandSpec().version(Run.version());
        commands.getSubcommands().values().forEach(one -> one.getCommandSpec().version(Run.version()));
        commands.setParameterExceptionHandler((wrong, arguments) -> {
            CommandLine command = wrong.getCommandLine();
            command.getErr().println("error: " + wrong.getMessage());
            CommandLine.UnmatchedArgumentException.printSuggestions(wrong, command.getErr());
            command.getErr()
                    .printf(
                            "what there is: %s --help%n",
                            command.getCommandSpec().qualifiedName());
            return command.getCommandSpec().exitCodeOnInvalidInput();
        });
        return commands.setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println("error: " + Failures.describe(failure));
            return command.getCommandSpec().exitCodeOnExecutionException();
        });
    }
}
