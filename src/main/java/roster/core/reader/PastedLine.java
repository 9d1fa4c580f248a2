package roster.core.reader;

import java.util.List;
import java.util.Optional;
import roster.model.Email;

/// One person of a text, as they were read.
///
/// @param number from 1, without lines that are blank
/// @param source the line as it can be pasted again, without control characters
/// @param email as it was typed, an address of a person; none if there is a fault
/// @param name,title as they were typed, not checked
/// @param roles names of roles, not checked
public record PastedLine(int number, String source, Optional<String> email, Optional<String> name,
    Optional<String> title, List<String> roles, Optional<Fault> fault) {
    /// The longest line of one person, in characters.
    public static final int MAX = 2000;

    public PastedLine {
        roles = List.copyOf(roles);
    }

    /// Why there is no address in a line.
    public sealed interface Fault {
        /// Nothing in it looks like one.
        record NoAddress() implements Fault {}

        /// A comma stands where a dot should be.
        ///
        /// @param after the part of the domain before it
        record CommaForDot(String after) implements Fault {}

        /// What looks like one is none that mail can go to.
        record BadAddress(String typed) implements Fault {}

        /// It is longer than [#MAX].
        record TooLong(int characters) implements Fault {}
    }

    /// The domain of the address, if it has no dot. Such an address is valid, and often one whose end is missing.
    public Optional<String> domainWithoutDot() {
        return email.flatMap(Email::folded).map(address -> address.substring(address.indexOf('@') + 1))
            .filter(domain -> domain.indexOf('.') < 0);
    }

    PastedLine numbered(int other) {
        return new PastedLine(other, source, email, name, title, roles, fault);
    }

    PastedLine from(String otherSource) {
        return new PastedLine(number, otherSource, email, name, title, roles, fault);
    }

    static PastedLine faulty(String source, Optional<String> name, List<String> roles, Fault fault) {
        return new PastedLine(0, source, Optional.empty(), name, Optional.empty(), roles, Optional.of(fault));
    }
}
