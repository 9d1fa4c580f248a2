package roster.core.provisioning;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.core.key.KeyActs;
import roster.core.key.ListedKey.Owner;
import roster.core.permission.Catalogue;
import roster.core.provisioning.DirectoryRequests.Client;
import roster.core.role.Roles;
import roster.core.user.NewUsers;
import roster.core.user.Users;
import roster.model.Caller;
import roster.model.Org;
import roster.model.Permission;
import roster.model.Problem.Forbidden;
import roster.model.Refused;
import roster.model.Role;
import roster.model.User;

/// Lets directories in: a service account that can do what SCIM needs and nothing else, and a token of it. A token of a person
/// would end when the directory disables them.
public final class DirectoryAccess {
    /// What callers of SCIM need, all of it.
    public static final List<Permission> NEEDED =
        List.of(Permission.USER_ACCESS_INVITE, Permission.USER_ACCESS_MANAGE);

    /// What users need to let one in.
    private static final List<Permission> TO_LET_IN =
        Stream.concat(NEEDED.stream(), Stream.of(Permission.SERVICE_ACCOUNT_WRITE)).toList();

    private static final List<String> SCOPES = NEEDED.stream().map(Permission::name).toList();

    private static final String ROLE = "Provisioning";
    private static final int KEYS_MAX = 20;

    private final Users users;
    private final NewUsers newUsers;
    private final Roles roles;
    private final KeyActs keys;
    private final Catalogue catalogue;
    private final DirectoryRequests requests;

    DirectoryAccess(Users users, NewUsers newUsers, Roles roles, KeyActs keys, Catalogue catalogue,
        DirectoryRequests requests) {
        this.users = users;
        this.newUsers = newUsers;
        this.roles = roles;
        this.keys = keys;
        this.catalogue = catalogue;
        this.requests = requests;
    }

    /// @param name of the service account, and of its token
    /// @param email of those who look after it, as it was typed
    public record Wish(String name, String email, Optional<Instant> expiresAt) {}

    /// A key with which directories call, or could.
    ///
    /// @param seen its last request; none: it was not used over SCIM lately
    public record Key(String name, Owner owner, Optional<Instant> expiresAt, Optional<Client> seen) {}

    public static boolean isAllowed(Caller caller) {
        return TO_LET_IN.stream().allMatch(caller::holds);
    }

    /// @throws Refused with [Forbidden] for the first permission that is missing
    public static void mustBeAllowed(Caller caller) {
        TO_LET_IN.stream().filter(permission -> !caller.holds(permission)).findFirst().ifPresent(missing -> {
            throw new Refused(new Forbidden(missing));
        });
    }

    /// Makes a service account and its token, and the role that it needs unless there is one: all or none of them. Doing it
    /// again finds them made.
    ///
    /// @param account the id that the service account is to have
    /// @throws Refused as [#mustBeAllowed], [NewUsers#createServiceAccount] and [KeyActs#make] do
    public KeyActs.Made letIn(WriteTx tx, User.Id account, KeyActs.Draft token, Wish wish) {
        mustBeAllowed(tx.caller());
        var owner = users.find(tx, tx.org(), account).orElseGet(() -> newUsers.createServiceAccount(tx,
            new NewUsers.Wish(wish.email(), Optional.of(wish.name()), Optional.empty(), List.of()),
            List.of(role(tx).toString()), account));
        return keys.make(tx, token, owner, new KeyActs.Wish(wish.name(), Optional.of(SCOPES), wish.expiresAt()));
    }

    /// The oldest role with just these permissions, else a new one.
    private Role.Id role(WriteTx tx) {
        var all = roles.changedSince(tx, tx.org(), 0);
        return all.stream().filter(role -> role.managed().isEmpty() && role.permissions().equals(Set.copyOf(NEEDED)))
            .min(Comparator.comparing(Role::createdAt).thenComparing(role -> role.id().toString())).map(Role::id)
            .orElseGet(() -> roles.create(tx, freeName(tx), NEEDED.stream()
                .map(permission -> catalogue.find(permission).orElseThrow().id().toString()).toList(), true, List.of())
                .id());
    }

    private String freeName(WriteTx tx) {
        return Stream.iterate(1, number -> number + 1).map(number -> number == 1 ? ROLE : ROLE + " " + number)
            .filter(name -> roles.withName(tx, tx.org(), name).isEmpty()).findFirst().orElseThrow();
    }

    /// Tokens that may call SCIM, and other keys that did lately: those that asked last first. At most 20.
    public List<Key> keys(Tx tx, Org.Id org) {
        var clients = requests.clients(tx, org).stream().collect(Collectors.toMap(Client::key, Function.identity()));
        return tx.query("""
            SELECT k.id, k.name, k.expires_at, u.id AS owner_id, u.name AS owner_name, u.email AS owner_email,
                   u.service_account AS owner_service
              FROM (SELECT id, name, user_id, expires_at FROM access_tokens
                     WHERE org_id = ? AND revoked_at IS NULL AND (scopes @> ? OR id = ANY (?::uuid[]))
                     UNION ALL
                    SELECT id, name, user_id, NULL FROM application_keys WHERE org_id = ? AND id = ANY (?::uuid[])) k
              JOIN users u ON u.org_id = ? AND u.id = k.user_id AND NOT u.disabled
             ORDER BY k.id = ANY (?::uuid[]) DESC, k.name, k.id LIMIT ?
            """, org, SCOPES, List.copyOf(clients.keySet()), org, List.copyOf(clients.keySet()), org,
            List.copyOf(clients.keySet()), KEYS_MAX).list(row -> key(row, clients)).stream()
            .sorted(Comparator.comparing((Key key) -> key.seen().map(Client::at).orElse(Instant.EPOCH)).reversed())
            .toList();
    }

    private static Key key(Row row, Map<UUID, Client> clients) {
        return new Key(row.text("name"), new Owner(new User.Id(row.uuid("owner_id")), row.optionalText("owner_name"),
            row.text("owner_email"), row.bool("owner_service")), row.optionalInstant("expires_at"),
            Optional.ofNullable(clients.get(row.uuid("id"))));
    }
}
