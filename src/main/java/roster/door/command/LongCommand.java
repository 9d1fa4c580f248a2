package roster.door.command;

/// A command that takes long. It runs where it was typed, files and progress included, and asks for one piece of its work
/// after the other there where the database is: each is a transaction, so that it can be stopped between any two.
public interface LongCommand {
    /// Looks at what was typed.
    ///
    /// @throws picocli.CommandLine.ParameterException if it makes no sense
    default void check() {}

    /// @throws Failed if it cannot be done
    Outcome run(Pieces pieces, Screen screen);
}
