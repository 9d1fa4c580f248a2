package roster.core.audit;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import roster.base.db.Database;
import roster.base.db.NoteTx;
import roster.base.db.Row;
import roster.base.json.Json;
import roster.model.Email;
import roster.model.Id;
import roster.model.Org;
import tools.jackson.databind.node.ObjectNode;

/// Erases the personal data of anonymised users from the audit trail. What happened, when, and to which id stays, and the
/// seals can still be verified.
///
/// Reads the whole trail of the organisation, one stretch after the other, in transactions of its own. After an interruption
/// it can be run again, and erases what is left.
public final class Erasure {
    /// Members of details that identify a user.
    private static final Set<String> OF_USERS = Set.of("email", "handle", "name", "title");

    /// Members that identify a user in the details of something else.
    private static final Set<String> OF_OTHERS = Set.of("email", "handle", "recipient");

    /// Columns with a user's addresses.
    private static final List<String> TOLD = List.of("email_before", "email_after", "handle_before", "handle_after");

    /// Entries read by one query, and entries changed in one transaction.
    private static final int STRETCH = 100_000;
    private static final int AT_ONCE = 500;

    private final Database db;
    private final Seals seals;

    public Erasure(Database db, Seals seals) {
        this.db = db;
        this.seals = seals;
    }

    /// Whose data to erase.
    ///
    /// @param subjects ids of what belonged to them, such as invitations
    /// @param addresses that they had: folded e-mail addresses and handles
    private record People(Set<UUID> ids, Set<UUID> subjects, Set<String> addresses) {}

    private record Place(long version, int entry) {}

    /// Erases the data of users. Returns when nothing is left.
    ///
    /// @param known addresses that they had last
    /// @return the number of changed entries
    public int erase(Org.Id org, Collection<? extends Id> users, Collection<String> known) {
        if (users.isEmpty()) {
            return 0;
        }
        var people = people(org, users, known);
        // Their own entries come last: after an interruption they still tell which addresses to look for.
        return through(org, people, false) + through(org, people, true);
    }

    /// The addresses that a user has or had, as far as the trail still has them.
    ///
    /// @param known their current ones
    public List<String> addresses(Org.Id org, Id user, Collection<String> known) {
        return List.copyOf(people(org, List.of(user), known).addresses());
    }

    private People people(Org.Id org, Collection<? extends Id> users, Collection<String> known) {
        var people = new People(users.stream().map(Id::value).collect(Collectors.toSet()), new HashSet<>(),
            new HashSet<>());
        known.forEach(address -> add(people, address));
        db.readLong(tx -> {
            tx.query("""
                SELECT e.subject_id, e.before->>'email' AS email_before, e.after->>'email' AS email_after,
                       e.before->>'handle' AS handle_before, e.after->>'handle' AS handle_after
                  FROM audit_entries e
                 WHERE e.org_id = ? AND COALESCE(e.about, e.subject_id) = ANY (?::uuid[])
                   AND e.subject_kind IN ('user', 'invitation')
                """, org, people.ids()).each(row -> {
                people.subjects().add(row.uuid("subject_id"));
                TOLD.forEach(column -> row.optionalText(column).ifPresent(address -> add(people, address)));
            });
            return people;
        });
        return people;
    }

    private static void add(People people, String address) {
        if (address.indexOf('@') > 0 && !Email.isAnonymous(address)) {
            people.addresses().add(address.toLowerCase(Locale.ROOT));
        }
    }

    private static final String THEIRS = """
        (e.actor_id = ANY (?::uuid[]) OR COALESCE(e.about, e.subject_id) = ANY (?::uuid[]) OR e.subject_id = ANY (?::uuid[]))
        """;

    private static final String NAMES_THEM = """
        EXISTS (SELECT 1 FROM unnest(?::text[]) a (address)
                 WHERE strpos(lower(concat_ws(' ', e.subject_name, e.actor_name, e.before::text, e.after::text)), a.address) > 0)
        """;

    private static Object[] values(Org.Id org, Place from, Place to, People people, boolean own) {
        var values = List.of(org, from.version(), from.entry(), to.version(), to.entry(), people.ids(), people.ids(),
            people.subjects());
        return own ? values.toArray() : Stream.concat(values.stream(), Stream.of(people.addresses())).toArray();
    }

    private int through(Org.Id org, People people, boolean own) {
        var changed = 0;
        var from = new Place(0, 0);
        var next = end(org, from);
        while (next.isPresent()) {
            changed += stretch(org, people, own, from, next.get());
            from = next.get();
            next = end(org, from);
        }
        return changed;
    }

    /// The end of the stretch that begins here; empty at the end of the trail.
    private Optional<Place> end(Org.Id org, Place from) {
        return db.readLong(tx -> tx.query("""
            SELECT s.version, s.entry FROM (
                   SELECT e.version, e.entry FROM audit_entries e
                    WHERE e.org_id = ? AND (e.version, e.entry) > (?, ?) ORDER BY e.version, e.entry LIMIT ?) s
             ORDER BY s.version DESC, s.entry DESC LIMIT 1
            """, org, from.version(), from.entry(), STRETCH)
            .optional(row -> new Place(row.number("version"), row.integer("entry"))));
    }

    private int stretch(Org.Id org, People people, boolean own, Place from, Place to) {
        var places = db.readLong(tx -> tx.query("""
            SELECT e.version, e.entry FROM audit_entries e
             WHERE e.org_id = ? AND (e.version, e.entry) > (?, ?) AND (e.version, e.entry) <= (?, ?) AND
            """ + (own ? THEIRS : "NOT " + THEIRS + " AND " + NAMES_THEM) + " ORDER BY e.version, e.entry",
            values(org, from, to, people, own))
            .list(row -> new Place(row.number("version"), row.integer("entry"))));
        var changed = 0;
        for (int i = 0; i < places.size(); i += AT_ONCE) {
            var some = places.subList(i, Math.min(places.size(), i + AT_ONCE));
            changed += db.note(tx -> (int) some.stream().filter(place -> erase(tx, org, people, place)).count());
        }
        return changed;
    }

    private record Stored(Entry entry, byte[] salt, byte[] seal, Optional<Erased> erased, Optional<String> before,
        Optional<String> after) {
        private static Stored of(Row row) {
            return new Stored(Entry.of(row), row.bytes("salt"), row.bytes("seal"), Erased.of(row),
                row.optionalText("before"), row.optionalText("after"));
        }
    }

    private boolean erase(NoteTx tx, Org.Id org, People people, Place place) {
        var stored = tx.query("SELECT " + Entry.COLUMNS + """
            , COALESCE(e.salt, '') AS salt, COALESCE(e.seal, '') AS seal, e.erased::text AS erased
              FROM audit_entries e WHERE e.org_id = ? AND e.version = ? AND e.entry = ? FOR UPDATE
            """, org, place.version(), place.entry()).one(Stored::of);
        var gone = new TreeMap<String, String>();
        stored.entry().details().forEach((where, value) -> {
            if (!Erased.isMark(where, value) && !value.equals("null") && !value.contains(Email.ANONYMOUS)
                && isTheirs(stored.entry(), people, where, value)) {
                gone.put(where, value);
            }
        });
        if (gone.isEmpty()) {
            return false;
        }
        var erased = stored.seal().length == 0 ? Optional.<Erased>empty() : Optional.of(without(stored, gone));
        tx.update("""
            UPDATE audit_entries
               SET actor_name = ?, address = ?, subject_name = ?, before = ?::jsonb, after = ?::jsonb, salt = NULL,
                   erased = ?::jsonb
             WHERE org_id = ? AND version = ? AND entry = ?
            """, left(stored, gone, Entry.ACTOR_NAME), gone.containsKey(Entry.ADDRESS) ? null
            : stored.entry().details().get(Entry.ADDRESS), left(stored, gone, Entry.SUBJECT_NAME),
            marked(stored.before(), Entry.BEFORE, gone), marked(stored.after(), Entry.AFTER, gone),
            erased.map(Erased::json), org, place.version(), place.entry());
        return true;
    }

    private static boolean isTheirs(Entry entry, People people, String where, String value) {
        var acted = entry.actor().filter(people.ids()::contains).isPresent();
        var concerns = people.ids().contains(entry.about().orElse(entry.subjectId()))
            || people.subjects().contains(entry.subjectId());
        var member = where.substring(where.indexOf('.') + 1);
        var known = entry.subjectKind().equals("user") ? OF_USERS : OF_OTHERS;
        return acted && (where.equals(Entry.ACTOR_NAME) || where.equals(Entry.ADDRESS))
            || concerns && isPerson(entry) && where.equals(Entry.SUBJECT_NAME)
            || concerns && where.indexOf('.') > 0 && known.contains(member)
            || people.addresses().stream().anyMatch(value.toLowerCase(Locale.ROOT)::contains);
    }

    private static boolean isPerson(Entry entry) {
        return entry.subjectKind().equals("user") || entry.subjectKind().equals("invitation");
    }

    private Erased without(Stored stored, SortedMap<String, String> gone) {
        var digests = new TreeMap<String, byte[]>();
        var salts = new TreeMap<String, byte[]>();
        stored.entry().details().keySet().forEach(
            where -> salts.put(where, Seals.salt(stored.salt(), where)));
        stored.erased().ifPresent(earlier -> {
            digests.putAll(earlier.digests());
            salts.clear();
            salts.putAll(earlier.salts());
        });
        gone.forEach((where, value) -> digests.put(where, Seals.digest(salts.remove(where), value)));
        return new Erased(digests, salts, seals.sealErased(stored.seal(), digests, salts));
    }

    private static String left(Stored stored, SortedMap<String, String> gone, String where) {
        return gone.containsKey(where) ? Erased.MARK : stored.entry().details().get(where);
    }

    private static Optional<String> marked(Optional<String> json, String place, SortedMap<String, String> gone) {
        return json.map(text -> {
            var members = (ObjectNode) Json.parse(text.getBytes(StandardCharsets.UTF_8));
            members.propertyNames().stream().filter(name -> gone.containsKey(place + name)).toList()
                .forEach(name -> members.put(name, Erased.MARK));
            return members.toString();
        });
    }
}
