package roster.core.audit;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import roster.base.db.Database;
import roster.base.db.NoteTx;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.core.audit.People.AddressPeriod;
import roster.model.Id;
import roster.model.Org;

/// Erases the personal data of anonymised users from the audit trail. What happened, when, and to which id stays, and the
/// seals can still be verified. [People] says what is theirs; what tells of others stays.
///
/// Reads the whole trail of the organisation, one stretch after the other, in transactions of its own. After an interruption
/// it can be run again, and erases what is left.
public final class Erasure {
    /// Entries read by one query, and entries changed in one transaction.
    private static final int STRETCH = 100_000;
    private static final int AT_ONCE = 500;

    private final Database db;
    private final Seals seals;

    public Erasure(Database db, Seals seals) {
        this.db = db;
        this.seals = seals;
    }

    private record Place(long version, int entry) {}

    /// What to do with entries that may have something to erase.
    ///
    /// @return how many had
    @FunctionalInterface
    private interface Work {
        int on(List<Place> places);
    }

    /// Erases the data of users. Returns when nothing is left.
    ///
    /// @param known addresses that they had last
    /// @return the number of changed entries
    public int erase(Org.Id org, Collection<? extends Id> users, Collection<String> known) {
        if (users.isEmpty()) {
            return 0;
        }
        var ids = users.stream().map(Id::value).collect(Collectors.toSet());
        var people = db.readLong(tx -> People.of(tx, org, ids, known));
        Work erasing = places -> db.note(
            tx -> (int) places.stream().filter(place -> erase(tx, org, people, place)).count());
        // Their own entries come last: after an interruption they still tell which addresses to look for.
        return through(org, people, false, erasing) + through(org, people, true, erasing);
    }

    /// How many entries still tell who a user was.
    ///
    /// @param address one that they had; where another user had it too, the entries of that time are the other's
    public int left(Org.Id org, Id user, String address) {
        var people = db.readLong(tx -> People.of(tx, org, user.value(), address));
        Work counting = places -> db.readLong(tx -> (int) places.stream()
            .filter(place -> !find(tx, org, place, "").parts(people).isEmpty()).count());
        return through(org, people, false, counting) + through(org, people, true, counting);
    }

    private static final String THEIRS = """
        (e.actor_id = ANY (?::uuid[]) OR COALESCE(e.about, e.subject_id) = ANY (?::uuid[]) OR e.subject_id = ANY (?::uuid[])
         OR e.actor_kind = 'BOOTSTRAP' AND e.version = ANY (?::bigint[]))
        """;

    private static final String NAMES_THEM = """
        EXISTS (SELECT 1 FROM unnest(?::text[], ?::text[]) a (address, regex)
                 CROSS JOIN lower(concat_ws(' ', e.subject_name, e.actor_name, e.before::text, e.after::text)) t (told)
                 WHERE strpos(t.told, a.address) > 0
                   AND regexp_replace(t.told, '\\\\(u[0-9a-f]{4}|.)', ' ', 'g') ~ a.regex)
        """;

    private static Object[] values(Org.Id org, Place from, Place to, People people, boolean own) {
        var values = List.of(org, from.version(), from.entry(), to.version(), to.entry(), people.ids(), people.ids(),
            people.subjects().keySet(), people.foundings().keySet());
        var mentions = people.addresses().stream().map(AddressPeriod::mention).toList();
        return own ? values.toArray() : Stream.concat(values.stream(), Stream.of(
            mentions.stream().map(Mention::address).toList(), mentions.stream().map(Mention::regex).toList()))
            .toArray();
    }

    private int through(Org.Id org, People people, boolean own, Work work) {
        var number = 0;
        var from = new Place(0, 0);
        var next = end(org, from);
        while (next.isPresent()) {
            number += stretch(org, people, own, from, next.get(), work);
            from = next.get();
            next = end(org, from);
        }
        return number;
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

    private int stretch(Org.Id org, People people, boolean own, Place from, Place to, Work work) {
        var places = db.readLong(tx -> tx.query("""
            SELECT e.version, e.entry FROM audit_entries e
             WHERE e.org_id = ? AND (e.version, e.entry) > (?, ?) AND (e.version, e.entry) <= (?, ?) AND
            """ + (own ? THEIRS : "NOT COALESCE(" + THEIRS + ", false) AND " + NAMES_THEM)
            + " ORDER BY e.version, e.entry", values(org, from, to, people, own))
            .list(row -> new Place(row.number("version"), row.integer("entry"))));
        var number = 0;
        for (int i = 0; i < places.size(); i += AT_ONCE) {
            number += work.on(places.subList(i, Math.min(places.size(), i + AT_ONCE)));
        }
        return number;
    }

    private record Stored(Entry entry, byte[] salt, byte[] seal, Optional<Erased> erased, Optional<String> before,
        Optional<String> after) {
        private static Stored of(Row row) {
            return new Stored(Entry.of(row), row.bytes("salt"), row.bytes("seal"), Erased.of(row),
                row.optionalText("before"), row.optionalText("after"));
        }

        /// What is to be erased.
        private ErasedParts parts(People people) {
            return ErasedParts.of(entry, before, after, erased, people);
        }
    }

    private static Stored find(Tx tx, Org.Id org, Place place, String lock) {
        return tx.query("SELECT " + Entry.COLUMNS + """
            , COALESCE(e.salt, '') AS salt, COALESCE(e.seal, '') AS seal, e.erased::text AS erased
              FROM audit_entries e WHERE e.org_id = ? AND e.version = ? AND e.entry = ?
            """ + lock, org, place.version(), place.entry()).one(Stored::of);
    }

    private boolean erase(NoteTx tx, Org.Id org, People people, Place place) {
        var stored = find(tx, org, place, "FOR UPDATE");
        var parts = stored.parts(people);
        if (parts.isEmpty()) {
            return false;
        }
        tx.update("""
            UPDATE audit_entries
               SET actor_name = ?, address = ?, subject_name = ?, before = ?::jsonb, after = ?::jsonb, salt = NULL,
                   erased = ?::jsonb
             WHERE org_id = ? AND version = ? AND entry = ?
            """, parts.text(Entry.ACTOR_NAME), parts.address(), parts.text(Entry.SUBJECT_NAME), parts.before(),
            parts.after(), without(stored, parts).json(), org, place.version(), place.entry());
        return true;
    }

    private static Set<String> erasedPlaces(Stored stored, ErasedParts parts) {
        var places = new TreeSet<>(parts.gone().keySet());
        stored.erased().ifPresent(earlier -> places.addAll(earlier.digests().keySet()));
        return places;
    }

    private Erased without(Stored stored, ErasedParts parts) {
        if (stored.seal().length == 0) {
            return Erased.unsealed(erasedPlaces(stored, parts));
        }
        var digests = new TreeMap<String, byte[]>();
        var salts = new TreeMap<String, byte[]>();
        var left = new TreeMap<String, byte[]>();
        stored.erased().ifPresentOrElse(earlier -> {
            digests.putAll(earlier.digests());
            salts.putAll(earlier.salts());
            left.putAll(earlier.left());
        }, () -> stored.entry().details().keySet()
            .forEach(where -> salts.put(where, Seals.salt(stored.salt(), where))));
        parts.gone().forEach((where, value) -> {
            // Of what was erased in part, the digest of the whole stays.
            Optional.ofNullable(salts.remove(where))
                .ifPresent(salt -> digests.put(where, Seals.digest(salt, value)));
            left.remove(where);
        });
        parts.left().forEach((where, value) -> left.put(where, Seals.digest(new byte[0], value)));
        return new Erased(digests, salts, left, seals.sealErased(stored.seal(), digests, salts, left));
    }
}
