package roster.door.command;

import java.io.InputStream;
import java.io.PrintStream;

/// Where a command reads from, and a long one writes to while it runs.
///
/// @param interactive whether standard error is a person's terminal: progress is a bar then, and lines elsewhere
public record Terminal(InputStream in, PrintStream out, PrintStream err, boolean interactive) {}
