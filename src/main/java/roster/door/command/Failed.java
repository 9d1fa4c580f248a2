package roster.door.command;

/// A command cannot do what it was asked to do. The message is one line for the operator.
public final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1;

    Failed(String message) {
        super(message, null, false, false);
    }
}
