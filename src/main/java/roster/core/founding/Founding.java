package roster.core.founding;

import java.util.List;
import java.util.Optional;
import roster.base.db.WriteTx;
import roster.core.key.ApiKeys;
import roster.core.key.ApplicationKeys;
import roster.core.key.Keys;
import roster.core.org.Orgs;
import roster.core.role.Roles;
import roster.core.user.NewUsers;
import roster.core.user.Users;
import roster.model.Org;
import roster.model.Role;
import roster.model.User;

/// Creates organisations: with the managed roles, one Active administrator, and their keys.
public final class Founding {
    /// The names of the keys that an organisation begins with.
    public static final String API_KEY = "First API key";
    public static final String APPLICATION_KEY = "First application key";

    /// The wanted properties of a new organisation. Keys that are not preset are generated.
    public record Wishes(String orgName, String adminEmail, Optional<String> apiKey, Optional<String> applicationKey) {
        @Override
        public String toString() {
            return "Wishes[" + orgName + ", " + adminEmail + "]";
        }
    }

    /// @param apiKey,applicationKey in plain text; the application key's is not stored
    public record Founded(Org org, User admin, Keys.Issued apiKey, Keys.Issued applicationKey) {}

    private final Orgs orgs;
    private final Roles roles;
    private final Users users;
    private final NewUsers newUsers;
    private final ApiKeys apiKeys;
    private final ApplicationKeys applicationKeys;

    public Founding(Orgs orgs, Roles roles, Users users, NewUsers newUsers, ApiKeys apiKeys,
        ApplicationKeys applicationKeys) {
        this.orgs = orgs;
        this.roles = roles;
        this.users = users;
        this.newUsers = newUsers;
        this.apiKeys = apiKeys;
        this.applicationKeys = applicationKeys;
    }

    /// Creates the organisation of the write's caller ([roster.base.db.Database#createOrg]).
    ///
    /// @throws roster.model.Refused for a bad name, address or preset key
    public Founded found(WriteTx tx, Wishes wishes) {
        return found(tx, wishes, Optional.empty(), false);
    }

    /// The same with the administrator's name, and whether their address is proved elsewhere.
    Founded found(WriteTx tx, Wishes wishes, Optional<String> adminName, boolean proved) {
        var org = orgs.create(tx, wishes.orgName());
        roles.createManaged(tx);
        var adminRole = roles.managed(tx, org.id(), Role.Managed.ADMIN);
        var pending = newUsers.create(tx, wishes.adminEmail(), adminName, Optional.empty(),
            List.of(adminRole.id().toString()));
        // There is no user yet to invite them, so they are Active at once. That does not prove their address.
        var admin = users.verify(tx, pending, "user.verified", proved);
        var apiKey = apiKeys.issue(tx, API_KEY, wishes.apiKey().orElseGet(() -> ApiKeys.newSecret(tx)));
        var applicationKey = applicationKeys.issue(tx, admin,
            new ApplicationKeys.Wish(APPLICATION_KEY, Optional.empty()),
            wishes.applicationKey().orElseGet(() -> ApplicationKeys.newSecret(tx)));
        return new Founded(org, admin, apiKey, applicationKey);
    }
}
