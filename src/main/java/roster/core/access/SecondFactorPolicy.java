package roster.core.access;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import roster.base.db.Tx;
import roster.model.Org;
import roster.model.Permission;

/// Of whom an organisation asks for a second factor: its setting `roster_second_factor`. Users who have one are always
/// asked for it. Reads the row of the setting itself, as it comes before all nouns.
public enum SecondFactorPolicy {
    OFF,
    /// Of those who may give access to others, or change the organisation.
    ADMINISTRATORS,
    EVERYONE;

    /// As the contract names the setting.
    public static final String SETTING = "roster_second_factor";

    /// The setting of the organisation `o`.
    static final String SQL =
        "(SELECT c.value #>> '{}' FROM org_configs c WHERE c.org_id = o.id AND c.name = '" + SETTING + "')";

    private static final Set<Permission> OF_ADMINISTRATORS =
        Set.of(Permission.USER_ACCESS_MANAGE, Permission.ORG_MANAGEMENT);

    /// As the setting has it.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<SecondFactorPolicy> named(String text) {
        return Arrays.stream(values()).filter(one -> one.text().equals(text)).findFirst();
    }

    static SecondFactorPolicy stored(Optional<String> text) {
        return text.flatMap(SecondFactorPolicy::named).orElse(OFF);
    }

    /// The policy of an organisation, asked for with the statement that follows.
    public static Supplier<SecondFactorPolicy> ofLater(Tx tx, Org.Id org) {
        var found = tx.later(row -> row.optionalText("policy"), "SELECT " + SQL + " AS policy FROM orgs o WHERE o.id = ?",
            org);
        return () -> stored(found.get().getFirst());
    }

    /// Whether it asks users for a second factor who hold these permissions.
    public boolean asks(Set<Permission> held) {
        return switch (this) {
            case OFF -> false;
            case ADMINISTRATORS -> OF_ADMINISTRATORS.stream().anyMatch(held::contains);
            case EVERYONE -> true;
        };
    }
}
