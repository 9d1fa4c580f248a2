package roster.base.scim;

/// How an attribute stands in a body.
public enum Sent {
    ABSENT,
    /// As null.
    NULL,
    /// As an empty array or object; of a manager, as empty text.
    EMPTY,
    VALUE
}
