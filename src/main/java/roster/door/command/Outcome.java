package roster.door.command;

/// How a command ended, and what it has to say.
///
/// @param exit 0 done, 1 failed, 2 used wrongly
/// @param out for standard output, lines and all
/// @param err for standard error, likewise
public record Outcome(int exit, String out, String err) {
    public static final int DONE = 0;
    public static final int FAILED = 1;
    public static final int USAGE = 2;

    /// @param message one line, without its end
    public static Outcome failed(String message) {
        return new Outcome(FAILED, "", "roster: " + message + "\n");
    }
}
