package roster.door.command;

import java.io.PrintStream;

/// Where a command that takes long writes while it runs.
///
/// @param terminal whether a person is looking
public record Screen(PrintStream out, PrintStream err, boolean terminal) {}
