package roster.door.command;

import java.io.PrintStream;

/// Where a long command writes while it runs.
///
/// @param interactive whether standard error is a person's terminal: progress is a bar then, and lines elsewhere
public record Terminal(PrintStream out, PrintStream err, boolean interactive) {}
