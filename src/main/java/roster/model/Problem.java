package roster.model;

import java.util.List;
import java.util.Set;

/// Why a request was turned down: the facts only. `jsonapi.ErrorDocument` chooses status and wording.
public sealed interface Problem {
    /// Nothing there, or not in the caller's organisation: the two are never told apart.
    ///
    /// @param text `user not found`, or the id as it was sent and ` not found`
    record NotFound(String text) implements Problem {}

    /// The body does not say what it should: one fault or more, in the order of the body.
    record Invalid(List<Fault> faults) implements Problem {
        public Invalid {
            faults = List.copyOf(faults);
        }

        public Invalid(String field, String reason) {
            this(List.of(new Fault.Member(field, reason)));
        }
    }

    /// A request that is well formed but cannot be done, as an unknown role in it: one text a fault, in body order.
    record Unfit(List<String> texts) implements Problem {
        public Unfit {
            texts = List.copyOf(texts);
        }

        public Unfit(String text) {
            this(List.of(text));
        }
    }

    /// A query parameter with a value it cannot have.
    record BadParameter(String name) implements Problem {}

    record NotJson() implements Problem {}

    /// The request line, the target or a header is broken.
    record BadRequest() implements Problem {}

    record Conflict(String text) implements Problem {}

    /// The address and the body name different things.
    record Mismatch(String text) implements Problem {
        /// Of ids in path and body, as most operations word it.
        public static final Mismatch IDS = new Mismatch("UUID's in the URL and request body do not match");
    }

    /// No API key was sent.
    record NoApiKey() implements Problem {}

    /// Keys that are unknown, revoked, incomplete, or of a disabled user or organisation.
    record BadKeys() implements Problem {}

    /// Good keys, but not the permission.
    record Forbidden(Permission needed) implements Problem {}

    /// Something that only the person himself may see.
    record NotOneself() implements Problem {}

    /// The last Active human who holds `user_access_manage` would be gone.
    record LastAdministrator() implements Problem {}

    /// The client would change something that is no longer what he thinks it is.
    record Stale() implements Problem {}

    record NoSuchPath() implements Problem {}

    record WrongMethod(Set<String> allowed) implements Problem {}

    record WrongContentType() implements Problem {}

    record TooLarge() implements Problem {}

    /// The body did not arrive in time.
    record TooSlow() implements Problem {}

    record TooManyRequests(long resetSeconds) implements Problem {}

    /// Something that may be done only so often was done too often, by whatever number of requests.
    ///
    /// @param remaining how many more there is room for now; fewer than were asked for
    /// @param resetSeconds until there is room for what was asked for
    record LimitReached(String name, long limit, int periodSeconds, long remaining, long resetSeconds)
        implements Problem {}

    /// Not now: the database is away, or too busy.
    record Unavailable(long retrySeconds) implements Problem {}

    /// One thing that is wrong with a body.
    sealed interface Fault {
        /// `field` is the member's own name, without the path to it.
        record Member(String field, String reason) implements Fault {}

        /// A fault of the document's shape, at a JSON pointer.
        record Shape(String detail, String pointer) implements Fault {}
    }
}
