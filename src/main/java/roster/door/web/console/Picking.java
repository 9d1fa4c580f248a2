package roster.door.web.console;

import java.util.Locale;
import java.util.Optional;
import roster.model.Id;
import roster.model.Problem.BadParameter;
import roster.model.Refused;
import roster.model.Role;

/// For what a role is chosen from the list, where there are too many for a menu.
///
/// @param purpose as the address has it
/// @param other the role that was chosen already; empty: none
record Picking(Purpose purpose, String other) {
    enum Purpose {
        FIRST("Choose the first role"),
        SECOND("Choose the second role"),
        NEW("Choose the role to start from"),
        PEOPLE("Choose the role whose people to list");

        private final String title;

        Purpose(String title) {
            this.title = title;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @throws Refused with [BadParameter]
    static Optional<Picking> of(ListAddress address) {
        var other = address.value("with").orElse("");
        if (!other.isEmpty() && Id.parse(other).isEmpty()) {
            throw new Refused(new BadParameter("with"));
        }
        return address.value("for").map(word -> {
            for (var purpose : Purpose.values()) {
                if (purpose.word().equals(word)) {
                    return new Picking(purpose, other);
                }
            }
            throw new Refused(new BadParameter("for"));
        });
    }

    /// The list in which one is chosen.
    ListAddress address() {
        return ListAddress.of(RolePages.PATH, RolePages.ORDER).with("for", purpose.word()).with("with", other);
    }

    String title() {
        return purpose.title;
    }

    /// The page that asked, with what was chosen.
    Optional<String> chosen(Link link, Role.Id role) {
        return switch (purpose) {
            case FIRST -> link.to(RoleComparePages.address(role.toString(), other));
            case SECOND -> link.to(RoleComparePages.address(other, role.toString()));
            case NEW -> link.to(RoleEditPages.startingFrom(role));
            case PEOPLE -> RolesShown.people(link, role);
        };
    }

    /// The page that asked, without.
    Optional<String> back(Link link) {
        return switch (purpose) {
            case FIRST -> link.to(RoleComparePages.address("", other));
            case SECOND -> link.to(RoleComparePages.address(other, ""));
            case NEW -> link.to(RoleEditPages.NEW);
            case PEOPLE -> link.to(PeoplePages.PATH);
        };
    }
}
