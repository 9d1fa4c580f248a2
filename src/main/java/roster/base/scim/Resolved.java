package roster.base.scim;

import java.util.Optional;

/// What a name that a client sent stands for.
sealed interface Resolved {
    record Known(AttributeName name) implements Resolved {}

    /// A URN alone: all of an extension, or of the resource itself.
    record Whole(Optional<Schema> extension) implements Resolved {}

    /// Something of the standard, or of an extension of others, that is accepted and not kept.
    record NotKept() implements Resolved {}

    record Unknown(String typed) implements Resolved {}

    /// No name at all.
    record Malformed() implements Resolved {}
}
