package roster.model;

/// What a client still has to do, after it has shown a first factor, before it is let in.
public enum SecondStep {
    NONE,
    /// The user has a second factor: it must be shown.
    SHOW,
    /// The organisation asks for a second factor, and the user has none.
    ENROL
}
