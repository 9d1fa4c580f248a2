package roster.core.provisioning;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import roster.base.db.ByKeys;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.model.Email;
import roster.model.Org;
import roster.model.Role;
import roster.model.User;

/// Which people and roles a directory provisions, for those who look at them by another door: what it sends again replaces what
/// they change.
public final class DirectoryMarks {
    private static final String DIRECTORY = """
        CASE WHEN d.email NOT LIKE '%%%s' THEN COALESCE(NULLIF(d.name, ''), d.email) END AS directory
        """.formatted(Email.ANONYMOUS);

    /// Rows of those of whom a directory says something. Of a person who was enabled by another door after it deleted them, it
    /// says nothing yet.
    private static final String SAID = "(s.user_name IS NOT NULL OR s.changed_by IS NOT NULL)";

    /// @param directory what the user is called as whom it comes; none: that is not known
    /// @param deleted whether the directory has deleted the person
    public record Mark(Optional<String> directory, boolean deleted) {}

    /// A person whom a directory provisions.
    ///
    /// @param userName by which it knows them
    public record Person(User.Id id, String name, String userName, User.Status status) {}

    /// A role that a directory fills.
    public record Group(Role.Id id, String name, long members) {}

    DirectoryMarks() {}

    public Optional<Mark> ofUser(Tx tx, Org.Id org, User.Id user) {
        return Optional.ofNullable(ofUsers(tx, org, List.of(user)).get(user));
    }

    /// Those of these whom a directory provisions, or has deleted.
    public Map<User.Id, Mark> ofUsers(Tx tx, Org.Id org, Collection<User.Id> users) {
        return tx.query("SELECT s.user_id, s.hidden, " + DIRECTORY + ByKeys.from("scim_users", "user_id", "s")
            + "LEFT JOIN users d ON d.org_id = s.org_id AND d.id = s.changed_by WHERE " + SAID, List.copyOf(users), org)
            .list(row -> Map.entry(new User.Id(row.uuid("user_id")),
                new Mark(row.optionalText("directory"), row.bool("hidden"))))
            .stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    public Map<Role.Id, Mark> ofRoles(Tx tx, Org.Id org, Collection<Role.Id> roles) {
        return tx.query("SELECT g.role_id, " + DIRECTORY + """
              FROM scim_groups g LEFT JOIN users d ON d.org_id = g.org_id AND d.id = g.changed_by
             WHERE g.org_id = ? AND g.role_id = ANY (?::uuid[])
            """, org, List.copyOf(roles)).list(row -> Map.entry(new Role.Id(row.uuid("role_id")),
            new Mark(row.optionalText("directory"), false))).stream()
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /// How many people a directory provisions, those whom it deleted not counted.
    public long people(Tx tx, Org.Id org) {
        return tx.query("SELECT count(*) AS n FROM scim_users s WHERE s.org_id = ? AND NOT s.hidden AND " + SAID, org)
            .one(row -> row.number("n"));
    }

    public long groups(Tx tx, Org.Id org) {
        return tx.query("SELECT count(*) AS n FROM scim_groups WHERE org_id = ?", org).one(row -> row.number("n"));
    }

    /// A part of these people, by the names that the directory gave them; those to whom it gave none come last.
    public List<Person> people(Tx tx, Org.Id org, long skipped, int most) {
        return tx.query("""
            SELECT u.id, COALESCE(NULLIF(u.name, ''), u.email) AS name, COALESCE(s.user_name, u.email) AS user_name,
                   u.verified, u.disabled
              FROM (SELECT s.user_id, s.user_name, s.user_name_folded FROM scim_users s
                     WHERE s.org_id = ? AND NOT s.hidden AND\s""" + SAID + """
                     ORDER BY s.user_name_folded, s.user_id OFFSET ? LIMIT ?) s
              JOIN users u ON u.org_id = ? AND u.id = s.user_id
             ORDER BY s.user_name_folded, s.user_id
            """, org, skipped, most, org).list(DirectoryMarks::person);
    }

    private static Person person(Row row) {
        return new Person(new User.Id(row.uuid("id")), row.text("name"), row.text("user_name"),
            row.bool("disabled") ? User.Status.DISABLED
                : row.bool("verified") ? User.Status.ACTIVE : User.Status.PENDING);
    }

    /// A part of these roles, by name.
    public List<Group> groups(Tx tx, Org.Id org, long skipped, int most) {
        return tx.query("""
            SELECT r.id, r.name, COALESCE(m.members, 0) AS members
              FROM scim_groups g JOIN roles r ON r.org_id = g.org_id AND r.id = g.role_id
              LEFT JOIN role_member_sums m ON m.org_id = g.org_id AND m.role_id = g.role_id
             WHERE g.org_id = ? ORDER BY r.name_folded, r.id OFFSET ? LIMIT ?
            """, org, skipped, most)
            .list(row -> new Group(new Role.Id(row.uuid("id")), row.text("name"), row.number("members")));
    }
}
