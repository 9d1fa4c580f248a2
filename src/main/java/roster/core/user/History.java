package roster.core.user;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.db.Where;
import roster.base.json.Json;
import roster.core.permission.Catalogue;
import roster.core.role.Roles;
import roster.model.Id;
import roster.model.Org;
import roster.model.Permission;
import roster.model.Problem.NotFound;
import roster.model.Refused;
import roster.model.Role;
import roster.model.User;
import tools.jackson.databind.JsonNode;

/// The history of users, read from the audit trail.
public final class History {
    /// Who did something, and when.
    ///
    /// @param by the acting user; none for the command line
    /// @param version,entry the place of the entry in the trail
    public record Cause(Instant at, String byName, Optional<UUID> by, String requestId, long version, int entry) {}

    /// A user as they were at a moment.
    ///
    /// @param facts what the trail says about them, as [User#facts] without roles
    /// @param roles ids, of roles that may have been deleted since
    /// @param last the latest change before that moment
    public record UserAsOf(User.Id id, Map<String, Object> facts, Set<UUID> roles, Cause last) {}

    /// A role by which a user holds a permission.
    ///
    /// @param membership when and by whom they got the role; none where the trail does not reach back so far
    /// @param grant when and by whom the role was granted the permission; none for a managed role
    public record Reason(Role role, Optional<Cause> membership, Optional<Cause> grant) {}

    /// Whether and why a user holds a permission.
    ///
    /// @param everyone whether all users hold it
    public record Reasons(User user, Permission permission, boolean everyone, List<Reason> roles) {
        /// Whether they hold it now: disabled users hold nothing.
        public boolean held() {
            return !user.disabled() && (everyone || !roles.isEmpty());
        }
    }

    private static final List<String> FACTS =
        List.of("email", "handle", "name", "title", "verified", "disabled", "service_account");

    private final Users users;
    private final Roles roles;
    private final Catalogue catalogue;

    public History(Users users, Roles roles, Catalogue catalogue) {
        this.users = users;
        this.roles = roles;
        this.catalogue = catalogue;
    }

    private record Entry(String action, UUID subject, Optional<JsonNode> before, Optional<JsonNode> after, long version,
        Cause cause) {
        private static Entry of(Row row) {
            return new Entry(row.text("action"), row.uuid("subject_id"),
                row.optionalText("before").map(Entry::json), row.optionalText("after").map(Entry::json),
                row.number("version"),
                new Cause(row.instant("at"), row.text("actor_name"), row.optionalUuid("actor_id"),
                    row.text("request_id"), row.number("version"), row.integer("entry")));
        }

        /// Whether its facts are those of the user. Others may have the same names: a passkey has a name as well.
        private boolean tellsOfUser() {
            return action.startsWith("user.");
        }

        private static JsonNode json(String text) {
            return Json.parse(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /// The version that an organisation had at a moment: that of its last entry by then. Times do not tell it alone, as the
    /// clock may have been ahead when entries before that one were written; and of a moment to come it is the current one.
    private static long versionAt(Tx tx, Org.Id org, Instant moment) {
        return tx.query("""
            SELECT CASE WHEN ?::timestamptz >= roster_now() THEN o.version
                        ELSE COALESCE((SELECT a.version FROM audit_entries a WHERE a.org_id = o.id AND a.at <= ?
                                        ORDER BY a.at DESC, a.version DESC LIMIT 1), 0) END AS version
              FROM orgs o WHERE o.id = ?
            """, moment, moment, org).one(row -> row.number("version"));
    }

    private static List<Entry> entries(Tx tx, Org.Id org, Id about, Optional<Long> until) {
        return entries(tx, Where.of("e.org_id = ? AND COALESCE(e.about, e.subject_id) = ?", org, about)
            .andIf(until, "e.version <= ?"));
    }

    private static List<Entry> entries(Tx tx, Where where) {
        return tx.query("""
            SELECT e.action, e.subject_id, e.before::text AS before, e.after::text AS after, e.version,
                   e.entry, e.at, e.actor_name, e.actor_id, e.request_id
              FROM audit_entries e""" + where.sql() + " ORDER BY e.version, e.entry", where.values().toArray())
            .list(Entry::of);
    }

    /// A user as they were. Of a user who was anonymised since, only what does not tell who they were.
    ///
    /// @param id as it was sent
    /// @throws Refused with [NotFound] if there is no such user, or was none then
    public UserAsOf asOf(Tx tx, Org.Id org, String id, Instant moment) {
        var user = users.named(tx, org, id);
        var facts = new LinkedHashMap<String, Object>();
        var held = new LinkedHashMap<UUID, Long>();
        Cause last = null;
        var version = versionAt(tx, org, moment);
        for (var entry : entries(tx, org, user.id(), Optional.of(version))) {
            if (entry.tellsOfUser()) {
                entry.after().ifPresent(after -> take(entry, after, facts, held));
            } else if (entry.action().equals("role.member_added")) {
                held.put(entry.subject(), entry.version());
            } else if (entry.action().equals("role.member_removed")) {
                held.remove(entry.subject());
            } else {
                continue; // about their invitations, keys and sign-ins, which are not shown
            }
            last = entry.cause();
        }
        if (last == null) {
            throw new Refused(new NotFound(id + " not found"));
        }
        var gone = deleted(tx, org, held.keySet(), version);
        gone.keySet().removeIf(role -> gone.get(role) < held.get(role));
        held.keySet().removeAll(gone.keySet());
        return new UserAsOf(user.id(), facts, new LinkedHashSet<>(held.keySet()), last);
    }

    private static void take(Entry entry, JsonNode after, Map<String, Object> facts, Map<UUID, Long> held) {
        FACTS.stream().filter(after::has).forEach(name -> facts.put(name, after.get(name)));
        if (after.has("roles")) {
            held.clear();
            after.get("roles").forEach(role -> held.put(UUID.fromString(role.asString()), entry.version()));
        }
    }

    /// The versions at which roles were deleted, for those that were by some version.
    private static Map<UUID, Long> deleted(Tx tx, Org.Id org, Set<UUID> roles, long until) {
        var gone = new LinkedHashMap<UUID, Long>();
        if (!roles.isEmpty()) {
            tx.query("""
                SELECT e.subject_id, e.version FROM audit_entries e
                 WHERE e.org_id = ? AND COALESCE(e.about, e.subject_id) = ANY (?::uuid[]) AND e.action = 'role.deleted'
                   AND e.version <= ?
                """, org, roles, until).each(row -> gone.put(row.uuid("subject_id"), row.number("version")));
        }
        return gone;
    }

    /// Why a user holds a permission now: each of their roles that holds it.
    ///
    /// @param id,permission as they were sent; the permission by name or id
    /// @throws Refused with [NotFound] for an unknown one of the two
    public Reasons explain(Tx tx, Org.Id org, String id, String permission) {
        var user = users.named(tx, org, id);
        var sought = named(permission);
        var entries = entries(tx, org, user.id(), Optional.empty());
        var reasons = new ArrayList<Reason>();
        for (var role : roles.all(tx, org, user.roles())) {
            if (role.permissions().contains(sought)) {
                reasons
                    .add(new Reason(role, membership(entries, role.id()), role.managed().isPresent() ? Optional.empty()
                        : grant(entries(tx, org, role.id(), Optional.empty()), sought)));
            }
        }
        return new Reasons(user, sought, Catalogue.EVERYONE.contains(sought), reasons);
    }

    /// When and by whom a user got each of the roles they have, as far as the trail reaches back.
    public Map<Role.Id, Cause> memberships(Tx tx, User user) {
        var entries = entries(tx, Where.of("""
            e.org_id = ? AND COALESCE(e.about, e.subject_id) = ?
            AND (e.action = 'role.member_added' OR e.action LIKE 'user.%')""", user.org(), user.id()));
        var since = new LinkedHashMap<Role.Id, Cause>();
        user.roles().forEach(role -> membership(entries, role).ifPresent(cause -> since.put(role, cause)));
        return since;
    }

    /// What roles are or were called, by their ids; those that the trail does not know are missing.
    public Map<UUID, String> roleNames(Tx tx, Org.Id org, Set<UUID> ids) {
        var names = new LinkedHashMap<UUID, String>();
        if (!ids.isEmpty()) {
            tx.query("""
                SELECT DISTINCT ON (e.subject_id) e.subject_id, e.subject_name FROM audit_entries e
                 WHERE e.org_id = ? AND COALESCE(e.about, e.subject_id) = ANY (?::uuid[]) AND e.subject_kind = 'role'
                 ORDER BY e.subject_id, e.version DESC, e.entry DESC
                """, org, List.copyOf(ids)).each(row -> names.put(row.uuid("subject_id"), row.text("subject_name")));
        }
        return names;
    }

    private Permission named(String sent) {
        return Id.parse(sent).flatMap(catalogue::find).map(Catalogue.Entry::permission)
            .or(() -> Optional.of(new Permission(sent))
                .filter(name -> catalogue.find(name).isPresent() || Catalogue.EVERYONE.contains(name)))
            .orElseThrow(() -> new Refused(new NotFound(sent + " not found")));
    }

    private static Optional<Cause> membership(List<Entry> entries, Role.Id role) {
        return entries.reversed().stream()
            .filter(entry -> entry.action().equals("role.member_added") && entry.subject().equals(role.value())
                || entry.tellsOfUser() && has(entry.after(), "roles", role.toString()))
            .findFirst().map(Entry::cause);
    }

    private static Optional<Cause> grant(List<Entry> ofRole, Permission permission) {
        return ofRole.reversed().stream()
            .filter(entry -> has(entry.after(), "permissions", permission.name())
                && !has(entry.before(), "permissions", permission.name()))
            .findFirst().map(Entry::cause);
    }

    private static boolean has(Optional<JsonNode> facts, String list, String text) {
        return facts.filter(all -> all.path(list).valueStream().anyMatch(one -> one.asString().equals(text)))
            .isPresent();
    }
}
