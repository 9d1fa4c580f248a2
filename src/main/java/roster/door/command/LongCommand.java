package roster.door.command;

/// A command that takes long. It runs in the process that was started for it, files and progress included, and asks for one
/// step of its work after the other where the database is open. Each step is a transaction, so that the command can be
/// stopped between any two.
public interface LongCommand {
    /// Checks the arguments.
    ///
    /// @throws picocli.CommandLine.ParameterException if they make no sense
    default void check() {}

    /// @throws Failed if it cannot be done
    Outcome run(BulkClient client, Terminal terminal);
}
