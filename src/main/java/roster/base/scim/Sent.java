package roster.base.scim;

/// How an attribute stands in a body.
public enum Sent {
    ABSENT,
    /// As null.
    NULL,
    /// As an empty array; of what has one value, as an empty object; of a manager, as empty text.
    EMPTY,
    VALUE
}
