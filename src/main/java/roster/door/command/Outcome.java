package roster.door.command;

/// How a command ended, and what it prints.
///
/// @param exit 0 success, 1 failure, 2 usage error
/// @param out for standard output, line ends included
/// @param err for standard error, likewise
public record Outcome(int exit, String out, String err) implements SocketAnswer {
    public static final int DONE = 0;
    public static final int FAILED = 1;
    public static final int USAGE = 2;

    /// @param message one line, without its end
    public static Outcome failed(String message) {
        return new Outcome(FAILED, "", "roster: " + message + "\n");
    }

    /// The same after something was printed.
    Outcome after(String printed) {
        return new Outcome(exit, printed + out, err);
    }
}
