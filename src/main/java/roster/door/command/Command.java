package roster.door.command;

import java.util.Optional;

/// A short command on the database. If a server has the database open, the server runs it.
interface Command {
    /// Checks the arguments, in the process that was started for the command.
    ///
    /// @throws picocli.CommandLine.ParameterException if they make no sense
    default void check() {}

    /// A file that the process that was started for the command reads, as the server may not be allowed to; `-` is its
    /// standard input.
    default Optional<String> input() {
        return Optional.empty();
    }

    /// @throws Failed if it cannot be done
    /// @throws roster.model.Refused as the nouns do; the operator reads the message that the API would send
    void run(CommandContext context);
}
