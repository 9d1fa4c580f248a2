package roster.core.provisioning;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.scim.ResourceType;
import roster.base.scim.SortOrder;
import roster.model.Org;

/// The SQL by which lists of people are put in order: what the [ListKeys] of an order are made of, and no more.
final class PeopleOrderRows {
    private static final String FROM =
        " FROM users u LEFT JOIN scim_users s ON s.org_id = u.org_id AND s.user_id = u.id WHERE u.org_id = ? AND ";

    private static final String CREATION = "u.id, u.created_at";

    /// What [ProvisionedUserRows#user] reads, without roles and the directory's document.
    private static final String PERSON = """
        u.org_id, u.id, u.email, u.handle, u.name, u.title, u.verified, u.disabled, u.service_account, u.created_at,
        u.modified_at, u.last_login_at, u.login_methods, u.second_factor, '{}'::uuid[] AS role_ids, s.user_name,
        s.external_id, s.email_sent, s.changed_at, COALESCE(s.hidden, false) AS hidden, NULL AS memberships""";

    private static final String DOCUMENT = ", s.attributes::text AS attributes";
    private static final String NO_DOCUMENT = ", CASE WHEN s.user_id IS NOT NULL THEN '{}' END AS attributes";

    private PeopleOrderRows() {}

    private static String columns(Optional<SortOrder> order) {
        return order.map(some -> PERSON + (ProvisionedUser.isInDocument(attribute(some)) ? DOCUMENT : NO_DOCUMENT))
            .orElse(CREATION);
    }

    private static String attribute(SortOrder order) {
        return order.attribute().attribute().name();
    }

    private static byte[] key(Optional<SortOrder> order, Row row) {
        return order.isEmpty() ? key(row.uuid("id"), row.instant("created_at"))
            : key(order, ProvisionedUserRows.user(row));
    }

    private static byte[] key(UUID id, Instant createdAt) {
        return ListKeys.of(Optional.empty(), ResourceType.USER, Map.of(), createdAt, id);
    }

    static byte[] key(Optional<SortOrder> order, ProvisionedUser user) {
        return ListKeys.of(order, ResourceType.USER, order.map(some -> user.sortable(attribute(some))).orElse(Map.of()),
            user.user().createdAt(), user.id().value());
    }

    /// How many SCIM shows.
    static long count(Tx tx, Org.Id org) {
        return tx.query("SELECT count(*) AS n" + FROM + ShownUsers.JOINED, org).one(row -> row.number("n"));
    }

    /// Passes on the keys of all whom SCIM shows, in no order.
    static void each(Tx tx, Org.Id org, Optional<SortOrder> order, Consumer<byte[]> reader) {
        tx.query("SELECT " + columns(order) + FROM + ShownUsers.JOINED, org)
            .each(row -> reader.accept(key(order, row)));
    }

    /// @param isShown whether SCIM shows the user
    record Changed(byte[] key, boolean isShown) {}

    /// Users who changed after a version, whether or not SCIM shows them.
    ///
    /// @param most returns at most this many, any of them
    static List<Changed> changedSince(Tx tx, Org.Id org, Optional<SortOrder> order, long version, int most) {
        return tx.query("SELECT " + columns(order) + ", (" + ShownUsers.JOINED + ") AS shown" + FROM
            + "u.version > ? LIMIT ?", org, version, most)
            .list(row -> new Changed(key(order, row), row.bool("shown")));
    }

    /// All whom SCIM shows, the oldest first, read anew each time.
    record BySql(Tx tx, Org.Id org) implements Ordered {
        @Override
        public long count() {
            return PeopleOrderRows.count(tx, org);
        }

        @Override
        public long rank(byte[] key) {
            if (key.length == 0 || !ListKeys.isOf(ResourceType.USER, key)) {
                return key.length == 0 ? 0 : count();
            }
            return tx.query("SELECT count(*) AS n" + FROM + ShownUsers.JOINED + " AND (u.created_at, u.id) <= (?, ?)",
                org, ListKeys.createdAt(key), ListKeys.id(key)).one(row -> row.number("n"));
        }

        @Override
        public List<byte[]> keys(long from, int most) {
            return most == 0 ? List.of() : tx.query("SELECT " + CREATION + FROM + ShownUsers.JOINED
                + " ORDER BY u.created_at, u.id OFFSET ? LIMIT ?", org, from, most)
                .list(row -> key(row.uuid("id"), row.instant("created_at")));
        }
    }
}
