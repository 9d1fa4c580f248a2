package roster.base.settings;

/// A setting that is unknown or has a value it cannot have. The message says what to do, and shows no secret.
public final class WrongSetting extends RuntimeException {
    private static final long serialVersionUID = 1;

    public WrongSetting(String message) {
        super(message);
    }
}
