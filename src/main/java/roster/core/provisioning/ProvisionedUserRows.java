package roster.core.provisioning;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import roster.base.db.ByKeys;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.base.json.Json;
import roster.base.scim.Attributes;
import roster.core.user.Users;
import roster.model.Id;
import roster.model.Org;
import roster.model.Role;
import roster.model.Text;
import roster.model.User;

/// The SQL of the `scim_users` table, and of what else directories read of users.
final class ProvisionedUserRows {
    private static final String COLUMNS = "SELECT " + Users.COLUMNS + """
        , s.user_name, s.external_id, s.email_sent, s.attributes::text AS attributes, s.changed_at,
        COALESCE(s.hidden, false) AS hidden,
        (SELECT json_agg(json_build_array(r.name, m.scim_type, m.scim_primary) ORDER BY r.name_folded, r.id)::text
           FROM role_members m JOIN roles r ON r.org_id = m.org_id AND r.id = m.role_id
          WHERE m.org_id = u.org_id AND m.user_id = u.id) AS memberships
        """;

    private static final String SAID = " LEFT JOIN scim_users s ON s.org_id = u.org_id AND s.user_id = u.id ";

    private static final String SELECT = COLUMNS + "FROM users u" + SAID;

    /// Of users whose ids a query finds: each is looked up by its key. OFFSET 0 keeps PostgreSQL to this: where most organisations
    /// are small, it would rather look through all users of one.
    private static final String SELECT_SOME = COLUMNS + """
        FROM (%s OFFSET 0) found
       CROSS JOIN LATERAL (SELECT * FROM users WHERE org_id = ? AND id = found.id OFFSET 0) u""" + SAID;

    /// The ids of people by their addresses, for the same reason one by one.
    private static final String BY_ADDRESS = """
        SELECT e.id FROM unnest(?::text[]) AS named (address)
         CROSS JOIN LATERAL (SELECT id FROM users
                              WHERE org_id = ? AND email = named.address AND NOT service_account OFFSET 0) e""";

    /// Of so many people together the managers are looked for.
    private static final int MANAGED_AT_ONCE = 500;

    private static final String OLDEST_FIRST = " ORDER BY u.created_at, u.id";

    Optional<ProvisionedUser> find(Tx tx, Org.Id org, User.Id id) {
        return list(tx, SELECT + "WHERE u.org_id = ? AND u.id = ? AND " + ShownUsers.JOINED, org, id).stream()
            .findFirst();
    }

    /// The same, also if they are deleted over SCIM.
    Optional<ProvisionedUser> withHidden(Tx tx, Org.Id org, User.Id id) {
        return list(tx, SELECT + "WHERE u.org_id = ? AND u.id = ? AND NOT u.service_account", org, id).stream()
            .findFirst();
    }

    /// Those who are known by a name. Directories give each name once; a user whom another door made is known by their e-mail,
    /// and may so come to have one that was given.
    List<ProvisionedUser> withUserName(Tx tx, Org.Id org, String userName) {
        return withUserNameLater(tx, org, userName).get();
    }

    /// The same, asked for with the statement that follows.
    Supplier<List<ProvisionedUser>> withUserNameLater(Tx tx, Org.Id org, String userName) {
        var folded = Text.folded(userName);
        var found = tx.later(ProvisionedUserRows::user, SELECT_SOME.formatted("""
            SELECT user_id AS id FROM scim_users WHERE org_id = ? AND user_name_folded = ? AND NOT hidden
             UNION\s""" + BY_ADDRESS)
            + "WHERE (s.user_name_folded = ? OR s.user_name IS NULL) AND " + ShownUsers.JOINED + OLDEST_FIRST,
            org, folded, PersonKey.addresses(userName), org, org, folded);
        return () -> managed(tx, org, found.get());
    }

    List<ProvisionedUser> withExternalId(Tx tx, Org.Id org, String externalId) {
        return list(tx, SELECT + "WHERE s.org_id = ? AND s.external_id = ? AND " + ShownUsers.JOINED + OLDEST_FIRST,
            org,
            externalId);
    }

    /// Those who have an address: the one that Roster knows them by, or another one that a directory said, which has an index
    /// of its own.
    List<ProvisionedUser> withAddress(Tx tx, Org.Id org, String typed) {
        var addresses = PersonKey.addresses(typed);
        return list(tx, SELECT_SOME.formatted(BY_ADDRESS + """
             UNION
            SELECT o.user_id
              FROM (SELECT org_id, user_id FROM scim_users
                     WHERE other_emails IS NOT NULL
                       AND roster_texts_of(org_id, other_emails) && roster_texts_of(?, ?::text[]) OFFSET 0) o
             WHERE o.org_id = ?""") + "WHERE " + ShownUsers.JOINED + OLDEST_FIRST, addresses, org, org, addresses, org,
            org);
    }

    /// Those of these whom SCIM shows, in no order.
    List<ProvisionedUser> all(Tx tx, Org.Id org, Collection<UUID> ids) {
        return ids.isEmpty() ? List.of() : list(tx, SELECT_SOME.formatted("SELECT id FROM unnest(?::uuid[]) AS id")
            + "WHERE " + ShownUsers.JOINED, List.copyOf(ids), org);
    }

    /// The same as [#each], with the names of managers.
    void eachManaged(Tx tx, Org.Id org, Optional<Role.Id> role, Consumer<ProvisionedUser> reader) {
        var some = new ArrayList<ProvisionedUser>();
        each(tx, org, role, user -> {
            some.add(user);
            if (some.size() == MANAGED_AT_ONCE) {
                managed(tx, org, some).forEach(reader);
                some.clear();
            }
        });
        managed(tx, org, some).forEach(reader);
    }

    /// All whom SCIM shows, or those of them who have a role, a few at a time, in no order: without the names of managers.
    void each(Tx tx, Org.Id org, Optional<Role.Id> role, Consumer<ProvisionedUser> reader) {
        var all = SELECT + "WHERE u.org_id = ? AND " + ShownUsers.JOINED;
        var some = role.isEmpty() ? tx.query(all, org) : tx.query(all + """
             AND u.id IN (SELECT user_id FROM role_members WHERE org_id = ? AND role_id = ?)
            """, org, org, role.get());
        some.each(row -> reader.accept(user(row)));
    }

    /// With the names of their managers.
    List<ProvisionedUser> managed(Tx tx, Org.Id org, List<ProvisionedUser> users) {
        var managers = new HashMap<UUID, String>();
        var ids = users.stream().flatMap(one -> one.manager().flatMap(Id::parse).stream()).distinct().toList();
        if (!ids.isEmpty()) {
            tx.query("SELECT u.id, COALESCE(NULLIF(u.name, ''), u.email) AS shown"
                + ByKeys.from("users", "id", "u") + SAID + "WHERE " + ShownUsers.JOINED, ids, org)
                .each(row -> managers.put(row.uuid("id"), row.text("shown")));
        }
        return users.stream().map(one -> one.managedBy(one.manager().flatMap(Id::parse).map(managers::get))).toList();
    }

    private List<ProvisionedUser> list(Tx tx, String sql, Object... values) {
        var found = tx.query(sql, values).list(ProvisionedUserRows::user);
        return found.isEmpty() ? found : managed(tx, found.getFirst().user().org(), found);
    }

    static ProvisionedUser user(Row row) {
        var user = Users.user(row);
        var said = row.optionalText("attributes").map(json -> new Said(row.optionalText("user_name"),
            row.optionalText("external_id"), row.optionalText("email_sent"), attributes(json))).orElse(Said.NOTHING);
        return new ProvisionedUser(user, said, row.optionalInstant("changed_at"), row.bool("hidden"),
            row.optionalText("memberships").map(json -> memberships(user.roles(), json)).orElse(List.of()),
            Optional.empty());
    }

    private static Attributes attributes(String json) {
        return json.equals("{}") ? Attributes.NONE : Attributes.of(Json.parse(json.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Membership> memberships(List<Role.Id> roles, String json) {
        var told = Json.parse(json.getBytes(StandardCharsets.UTF_8));
        var memberships = new ArrayList<Membership>();
        for (var i = 0; i < roles.size(); i++) {
            var one = told.get(i);
            memberships.add(new Membership(roles.get(i), one.get(0).asString(),
                one.get(1).isNull() ? Optional.empty() : Optional.of(one.get(1).asString()),
                one.get(2).isNull() ? Optional.empty() : Optional.of(one.get(2).asBoolean())));
        }
        return List.copyOf(memberships);
    }

    /// Stores what a directory says of a user.
    void store(WriteTx tx, User.Id user, Said said) {
        store(tx, user, said, false);
    }

    /// Stores that a directory has deleted a user, and nothing else of what it said.
    void hide(WriteTx tx, User.Id user) {
        store(tx, user, Said.NOTHING, true);
    }

    private static void store(WriteTx tx, User.Id user, Said said, boolean hidden) {
        tx.later("""
            INSERT INTO scim_users (org_id, user_id, user_name, user_name_folded, external_id, email_sent, other_emails,
                                    attributes, changed_at, changed_by, hidden, version)
            VALUES (?, ?, ?, ?, ?, ?, ?::text[], ?::jsonb, ?, ?, ?, ?)
            ON CONFLICT (org_id, user_id) DO UPDATE
               SET user_name = excluded.user_name, user_name_folded = excluded.user_name_folded,
                   external_id = excluded.external_id, email_sent = excluded.email_sent,
                   other_emails = excluded.other_emails, attributes = excluded.attributes,
                   changed_at = excluded.changed_at,
                   changed_by = excluded.changed_by, hidden = excluded.hidden, version = excluded.version
            """, tx.org(), user, said.userName(), said.userName().map(Text::folded), said.externalId(),
            said.emailSent(), Optional.of(said.otherAddresses()).filter(some -> !some.isEmpty()),
            said.attributes().toString(), tx.now(), tx.caller().user(), hidden,
            tx.version());
        touch(tx, user);
    }

    /// Shows users again whom another door enabled after they were deleted.
    void show(WriteTx tx, Collection<User.Id> users) {
        tx.later("""
            UPDATE scim_users SET hidden = false, changed_at = ?, changed_by = NULL, version = ?
             WHERE org_id = ? AND user_id = ANY (?::uuid[]) AND hidden
            """, tx.now(), tx.version(), tx.org(), List.copyOf(users));
    }

    /// Stores what a directory says of a role of a user.
    void label(WriteTx tx, User.Id user, Membership membership) {
        tx.later("""
            UPDATE role_members SET scim_type = ?, scim_primary = ?, version = ?
             WHERE org_id = ? AND user_id = ? AND role_id = ?
            """, membership.type(), membership.primary(), tx.version(), tx.org(), user, membership.role());
        touch(tx, user);
    }

    /// Caches read the user again.
    private static void touch(WriteTx tx, User.Id user) {
        tx.later("UPDATE users SET version = ? WHERE org_id = ? AND id = ?", tx.version(), tx.org(), user);
    }

    /// Of these texts, those that mean a role: its id, else its name, in any case.
    Map<String, Membership> roles(Tx tx, Org.Id org, Collection<String> texts) {
        if (texts.isEmpty()) {
            return Map.of();
        }
        var ids = texts.stream().flatMap(text -> Id.parse(text).stream()).distinct().toList();
        return RolesByText.matching(texts, tx.query("SELECT r.id, r.name" + ByKeys.from("roles", "id", "r") + """
             UNION
            SELECT r.id, r.name FROM unnest(?::text[]) AS named (name)
             CROSS JOIN LATERAL (SELECT id, name FROM roles WHERE org_id = ? AND name_folded = named.name OFFSET 0) r
            """, ids, org, RolesByText.names(texts), org)
            .list(row -> RolesByText.membership(new Role.Id(row.uuid("id")), row.text("name"))));
    }
}
