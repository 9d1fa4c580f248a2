package roster.core.bulk;

import java.util.Locale;
import java.util.Optional;
import roster.model.Problem;
import roster.model.User;

/// What became of one item.
///
/// @param reason none if it is done
/// @param detail what the reason is about, such as the name of a role; may be empty
/// @param user who was created
public record Result(Outcome outcome, Optional<Reason> reason, String detail, Optional<User.Id> user) {
    public enum Outcome {
        DONE, SKIPPED, REFUSED;

        /// As it is stored, and as in addresses.
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Why something was not done.
    public enum Reason {
        /// It is so already.
        ALREADY,
        /// There is no such person, or invitation, any more.
        NOT_HERE,
        /// A member needs no invitation.
        MEMBER,
        /// None of their invitations can be accepted.
        NOTHING_OPEN,
        /// The invitation was accepted or cancelled, or has expired.
        NOT_OPEN,
        /// The disabled cannot be invited.
        DISABLED,
        SERVICE_ACCOUNT,
        LAST_ADMINISTRATOR,
        /// The maker may not do this; the detail is a role that they cannot give, or the permission.
        NOT_ALLOWED,
        /// There is no such role any more.
        NO_ROLE,
        /// Another user has the address.
        TAKEN,
        /// What is stored is refused; the detail says why.
        INVALID;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static final Result DONE = new Result(Outcome.DONE, Optional.empty(), "", Optional.empty());

    static Result created(User.Id user) {
        return new Result(Outcome.DONE, Optional.empty(), "", Optional.of(user));
    }

    static Result skipped(Reason reason) {
        return new Result(Outcome.SKIPPED, Optional.of(reason), "", Optional.empty());
    }

    static Result refused(Reason reason, String detail) {
        return new Result(Outcome.REFUSED, Optional.of(reason), detail, Optional.empty());
    }

    static Result refused(Problem problem) {
        return switch (problem) {
            case Problem.LastAdministrator _ -> refused(Reason.LAST_ADMINISTRATOR, "");
            case Problem.Forbidden(var needed) -> refused(Reason.NOT_ALLOWED, needed.name());
            case Problem.NotFound _ -> skipped(Reason.NOT_HERE);
            case Problem.Conflict(var text) -> refused(Reason.TAKEN, text);
            case Problem.Unfit(var texts) -> refused(Reason.INVALID, String.join(" ", texts));
            case Problem.Invalid(var faults) -> refused(Reason.INVALID, faults.stream().map(fault -> switch (fault) {
                case Problem.Fault.Member(var field, var reason) -> field + ": " + reason;
                case Problem.Fault.Shape(var detail, var _) -> detail;
            }).findFirst().orElse(""));
            default -> refused(Reason.INVALID, problem.getClass().getSimpleName());
        };
    }
}
