package roster.model;

import java.util.List;
import java.util.Set;

/// Why a request was refused: the facts only. `jsonapi.ErrorDocument` chooses status and wording.
public sealed interface Problem {
    /// The object does not exist, or belongs to another organisation. Answers never tell the two apart.
    ///
    /// @param text `user not found`, or the id as sent followed by ` not found`
    record NotFound(String text) implements Problem {}

    /// The body is invalid.
    ///
    /// @param faults one or more, in the order of the body
    record Invalid(List<Fault> faults) implements Problem {
        public Invalid {
            faults = List.copyOf(faults);
        }

        public Invalid(String field, String reason) {
            this(List.of(new Fault.Member(field, reason)));
        }
    }

    /// The body is well formed but cannot be processed, for example because it names an unknown role.
    ///
    /// @param texts one per fault, in the order of the body
    record Unfit(List<String> texts) implements Problem {
        public Unfit {
            texts = List.copyOf(texts);
        }

        public Unfit(String text) {
            this(List.of(text));
        }
    }

    /// A request of SCIM that cannot be carried out as it was sent: 400.
    ///
    /// @param detail names the attribute and what is wrong with it; never a secret
    record BadScim(ScimType type, String detail) implements Problem {}

    /// A query parameter has an invalid value.
    record BadParameter(String name) implements Problem {}

    record NotJson() implements Problem {}

    /// The request line, the target or a header is malformed.
    record BadRequest() implements Problem {}

    record Conflict(String text) implements Problem {}

    /// The path and the body name different objects.
    record Mismatch(String text) implements Problem {
        /// The ids in path and body differ, in the wording of most operations.
        public static final Mismatch IDS = new Mismatch("UUID's in the URL and request body do not match");
    }

    /// What was asked for existed, and was erased for good.
    record Gone(String text) implements Problem {}

    /// No API key was sent.
    record NoApiKey() implements Problem {}

    /// The keys are unknown, revoked or incomplete, or belong to a disabled user or organisation, or may not be used from where
    /// the client is.
    ///
    /// @param elsewhere whether they are good, but not from this network
    record BadKeys(boolean elsewhere) implements Problem {
        public BadKeys() {
            this(false);
        }
    }

    /// The page needs a session, and the browser has none that is good.
    record NotSignedIn() implements Problem {}

    /// The session has shown one factor, and must do this before it is good for anything else.
    record StepMissing(SecondStep step) implements Problem {}

    /// The session is not fresh: a factor must be shown again.
    record NotFresh() implements Problem {}

    /// A form came from another site, or from a page that was shown before the user signed in differently.
    record ForeignForm() implements Problem {}

    /// The request was sent to a name that is not ours.
    record WrongHost() implements Problem {}

    /// The keys are valid, but the caller lacks the permission.
    record Forbidden(Permission needed) implements Problem {}

    /// Only the user the data belongs to may read it.
    record NotOneself() implements Problem {}

    /// Users may not reset their own second factors.
    record OwnFactors() implements Problem {}

    /// The organisation would be left without an active person who holds `user_access_manage`.
    record LastAdministrator() implements Problem {}

    /// The object has changed since the client read it.
    record Stale() implements Problem {}

    record NoSuchPath() implements Problem {}

    record WrongMethod(Set<String> allowed) implements Problem {}

    /// The protocol has it, and this server has not.
    record NotImplemented() implements Problem {}

    record WrongContentType() implements Problem {}

    /// The body is compressed.
    record Encoded() implements Problem {}

    record TooLarge() implements Problem {}

    /// The body did not arrive in time.
    record TooSlow() implements Problem {}

    record TooManyRequests(long resetSeconds) implements Problem {}

    /// A limit on actions, rather than on requests, would be exceeded.
    ///
    /// @param remaining actions possible now; fewer than the request asked for
    /// @param resetSeconds until all that the request asked for is possible
    record LimitReached(String name, long limit, int periodSeconds, long remaining, long resetSeconds)
        implements Problem {}

    /// The database is unreachable or overloaded.
    record Unavailable(long retrySeconds) implements Problem {}

    /// One fault in a body.
    sealed interface Fault {
        /// A member has an invalid value.
        ///
        /// @param field name of the member, without the path to it
        record Member(String field, String reason) implements Fault {}

        /// The structure of the document is wrong.
        ///
        /// @param pointer JSON pointer to the place
        record Shape(String detail, String pointer) implements Fault {}
    }
}
