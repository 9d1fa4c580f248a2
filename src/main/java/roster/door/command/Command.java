package roster.door.command;

/// A command that works on the database: beside a running server, it is the server that runs it.
interface Command {
    /// Looks at what was typed, where it was typed.
    ///
    /// @throws picocli.CommandLine.ParameterException if it makes no sense
    default void check() {}

    /// @throws Failed if it cannot be done
    /// @throws roster.model.Refused as the nouns do; the operator reads what a client of the API would
    void run(CommandContext context);
}
