package roster.door.web.console;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import roster.core.key.AccessTokens;
import roster.core.key.ApplicationKeys;
import roster.model.Caller;
import roster.model.Permission;
import roster.model.Role;
import roster.model.User;
import roster.support.TestOrg;
import roster.support.TestUser;

/// The keys of [ConsoleOrg], of all kinds: used today, never used, expired; of a person and of a service account.
final class ConsoleKeys {
    final User.Id account;
    final UUID apiKey;
    final UUID applicationKey;
    final UUID token;
    private final TestOrg org;

    /// @param hard names that are hard to show
    ConsoleKeys(TestOrg org, List<String> hard, Role.Id role) {
        this.org = org;
        var key = org.roster().program().key;
        var owner = org.newServiceAccount("deploy@service.example", List.of(role.toString()));
        account = owner.id();
        apiKey = org.write(tx -> key.apiKeys.issue(tx, hard.getFirst() + " <b>ci</b>")).id();
        org.write(tx -> key.apiKeys.issue(tx, "spare")); // so that neither of the others is the last one
        applicationKey = org.write(tx -> key.applicationKeys.issue(tx, owner,
            new ApplicationKeys.Wish("terraform-" + hard.getLast(), Optional.of(List.of("audit_logs_read"))))).id();
        token = ofService(owner, "deploy", Optional.empty());
        var expired = ofService(owner, "old deploy", Optional.of(Instant.now().plus(Duration.ofDays(2))));
        withToken(org.founder());
        org.roster().sql("UPDATE access_tokens SET expires_at = roster_now() - interval '1 day' WHERE id = ?", expired);
        org.roster().sql("UPDATE application_keys SET last_used_at = roster_now() WHERE id = ?", applicationKey);
        org.roster().sql("UPDATE api_keys SET last_used_at = roster_now() - interval '100 days' WHERE id = ?", apiKey);
    }

    private UUID ofService(User owner, String name, Optional<Instant> end) {
        return org.write(tx -> org.roster().program().key.accessTokens.issueFor(tx, owner,
            new AccessTokens.Wish(name, List.of("audit_logs_read"), end))).token().id().value();
    }

    /// A user who has made a token for themselves.
    TestUser withToken(TestUser user) {
        var caller = new Caller(Caller.Kind.USER, org.id(), Optional.of(user.user().id()), user.email(),
            Caller.Credentials.NONE, Set.of(Permission.USER_APP_KEYS, new Permission("dashboards_read")), 0, 0,
            List.of(),
            "request", Optional.empty());
        org.roster().db().write(caller, tx -> org.roster().program().key.accessTokens.issueOwn(tx,
            new AccessTokens.Wish("laptop", List.of("dashboards_read"),
                Optional.of(Instant.now().plus(Duration.ofDays(30))))));
        return user;
    }

    /// Addresses that say in their query what they are about.
    List<String> pages() {
        return List.of("/console/keys/api?use=90d", "/console/keys/application?q=terraform&owner=" + account,
            "/console/keys/tokens?use=never&sort=-created_at", "/console/keys/tokens?q=xyzzy",
            "/console/service-accounts?q=okta", "/console/service-accounts?q=xyzzy&status=disabled",
            "/console/keys/tokens/new?owner=" + account + "&at=account", "/console/people/" + account + "/disable",
            "/console/people/" + account + "/roles/edit");
    }
}
