package roster.core.user;

import java.util.Optional;
import roster.model.Email;
import roster.model.Problem.Invalid;
import roster.model.Refused;
import roster.model.Text;
import roster.model.User;

/// What may stand in the name, title and e-mail address of a user.
public final class UserText {
    private static final String NO_ADDRESS = "Not a valid email address.";

    private UserText() {}

    /// What is wrong with a name, if anything. It may be empty; else something of it can be seen.
    public static Optional<String> nameFault(String name) {
        if (Text.isLonger(name, User.NAME_MAX)) {
            return Optional.of("Longer than maximum length %d.".formatted(User.NAME_MAX));
        }
        if (name.indexOf('<') >= 0 || name.indexOf('>') >= 0) {
            return Optional.of("Must not contain < or >.");
        }
        return name.isEmpty() || Text.isVisible(name) ? Optional.empty() : Optional.of(Text.INVISIBLE);
    }

    /// What is wrong with the name that users give themselves, if anything: it must not be empty.
    public static Optional<String> ownNameFault(String name) {
        return name.isEmpty() ? Optional.of("Shorter than minimum length 1.") : nameFault(name);
    }

    /// What is wrong with a title, if anything.
    public static Optional<String> titleFault(String title) {
        return Text.isLonger(title, User.TITLE_MAX)
            ? Optional.of("Longer than maximum length %d.".formatted(User.TITLE_MAX)) : Optional.empty();
    }

    /// What is wrong with an address, if anything: those of anonymised users are given to no other.
    static Optional<String> addressFault(String folded) {
        return Email.isAnonymous(folded) ? Optional.of(NO_ADDRESS) : Optional.empty();
    }

    /// A person's address, folded.
    ///
    /// @throws Refused with [Invalid] for what is no address of a person
    static String folded(String email) {
        return Email.folded(email).orElseThrow(UserText::noAddress);
    }

    /// The address of a service account, folded.
    ///
    /// @throws Refused with [Invalid] for what is no address at all
    static String ofServiceAccount(String email) {
        return Email.ofServiceAccount(email).orElseThrow(UserText::noAddress);
    }

    static Refused noAddress() {
        return new Refused(new Invalid("email", NO_ADDRESS));
    }

    /// @throws Refused with [Invalid] for the field if it has a fault
    static void check(String field, Optional<String> fault) {
        fault.ifPresent(reason -> {
            throw new Refused(new Invalid(field, reason));
        });
    }
}
