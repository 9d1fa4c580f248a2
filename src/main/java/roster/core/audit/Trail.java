package roster.core.audit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import roster.base.db.Database;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.model.Org;

/// Verifies the audit trail: whether every entry exists and is unchanged.
public final class Trail {
    /// The end of a trail. Stored elsewhere, it shows later whether entries at the end are missing.
    ///
    /// @param seal of its last sealed entry
    public record Head(long version, int entry, byte[] seal) {
        /// For example `17.1.wY3…`: the place of the entry, and its seal in base64.
        @Override
        public String toString() {
            return "%d.%d.%s".formatted(version, entry, Base64.getUrlEncoder().withoutPadding().encodeToString(seal));
        }

        /// @return empty if it is not in the form of [#toString]
        public static Optional<Head> parse(String text) {
            var parts = text.strip().split("\\.", -1);
            if (parts.length != 3 || !parts[0].matches("[0-9]{1,18}") || !parts[1].matches("[0-9]{1,9}")) {
                return Optional.empty();
            }
            try {
                return Optional.of(new Head(Long.parseLong(parts[0]), Integer.parseInt(parts[1]),
                    Base64.getUrlDecoder().decode(parts[2])));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
    }

    /// The result of a verification.
    ///
    /// @param entries how many were checked
    /// @param uncovered entries from before seals existed, which cannot be verified
    /// @param unsealed entries at the end that were made by SQL; the next write seals them
    /// @param erased entries of which an anonymisation erased details
    /// @param faults the first [#FAULTS_MAX], in the order of the trail; empty if the trail is unchanged
    /// @param head the current one
    public record Verdict(long entries, long uncovered, long unsealed, long erased, List<String> faults, Head head) {
        public boolean good() {
            return faults.isEmpty();
        }
    }

    /// Further faults are not reported.
    public static final int FAULTS_MAX = 20;

    private static final int AT_ONCE = 5000;

    /// After reordered or added entries, the seal of the next unchanged one is over one of this many entries before it.
    private static final int RECENT = 8;

    private final Database db;
    private final Seals seals;

    public Trail(Database db, Seals seals) {
        this.db = db;
        this.seals = seals;
    }

    /// The end of an organisation's trail now; empty if nothing was written since seals exist.
    public Head head(Org.Id org) {
        return db.read(tx -> end(tx, org)).head();
    }

    /// @param version of the organisation; its last write may not be sealed yet
    private record End(Head head, long from, long version) {}

    private static End end(Tx tx, Org.Id org) {
        return tx.query("""
            SELECT trail_version, trail_entry, COALESCE(trail_seal, '') AS trail_seal, trail_from, version
              FROM orgs WHERE id = ?
            """, org).one(row -> new End(
            new Head(row.number("trail_version"), row.integer("trail_entry"), row.bytes("trail_seal")),
            row.number("trail_from"), row.number("version")));
    }

    /// Checks all entries that exist now, and none that are written meanwhile. A thousand take some milliseconds.
    ///
    /// @param kept an earlier head, which the trail must still contain
    public Verdict verify(Org.Id org, Optional<Head> kept) {
        var end = db.read(tx -> end(tx, org));
        var walk = new Walk(end, kept);
        var more = true;
        while (more) {
            var page = db.read(tx -> page(tx, org, walk));
            page.forEach(walk::take);
            more = page.size() == AT_ONCE;
        }
        return walk.verdict();
    }

    private record Stored(Entry entry, byte[] salt, byte[] seal, Optional<Erased> erased) {
        private static Stored of(Row row) {
            return new Stored(Entry.of(row), row.bytes("salt"), row.bytes("seal"), Erased.of(row));
        }

        /// Digests of all details; those of erased ones are stored.
        private SortedMap<String, byte[]> digests() {
            if (erased.isEmpty()) {
                return Seals.digests(salt, entry.details());
            }
            var digests = new TreeMap<String, byte[]>();
            entry.details().forEach((place, value) -> {
                var own = erased.get().salts().get(place);
                digests.put(place, own == null ? new byte[0] : Seals.digest(own, value));
            });
            digests.putAll(erased.get().digests());
            return digests;
        }

        private boolean erasedRightly(Seals seals) {
            return erased.isEmpty() || seals.holdsErased(seal, erased.get())
                && erased.get().digests().keySet().stream().allMatch(
                    place -> !entry.details().containsKey(place)
                        || erased.get().isAsLeft(place, entry.details().get(place)));
        }

        private String named() {
            return "%s (%s of %s, %s)".formatted(entry.place(), entry.action(),
                entry.details().get(Entry.SUBJECT_NAME), entry.at());
        }
    }

    private static List<Stored> page(Tx tx, Org.Id org, Walk walk) {
        return tx.query("SELECT " + Entry.COLUMNS + """
            , COALESCE(e.salt, '') AS salt, COALESCE(e.seal, '') AS seal, e.erased::text AS erased
              FROM audit_entries e
             WHERE e.org_id = ? AND (e.version, e.entry) > (?, ?) AND e.version <= ?
             ORDER BY e.version, e.entry LIMIT ?
            """, org, walk.version, walk.entry, walk.end.version(), AT_ONCE).list(Stored::of);
    }

    /// One pass through a trail, from its beginning.
    private final class Walk {
        private final End end;
        private final Optional<Head> kept;
        private final List<String> faults = new ArrayList<>();
        private long version;
        private int entry;
        private byte[] seal;
        private final Deque<byte[]> recent = new ArrayDeque<>();
        private boolean hasGap;
        private boolean keptWasFound;
        private long entries;
        private long uncovered;
        private long unsealed;
        private long erased;

        private Walk(End end, Optional<Head> kept) {
            this.end = end;
            this.kept = kept;
            this.seal = Seals.beginning(end.from());
        }

        private void take(Stored stored) {
            entries++;
            var at = stored.entry();
            if (at.version() > end.from()) {
                lookForGap(at);
                look(stored);
            } else {
                uncovered++;
            }
            version = at.version();
            entry = at.entry();
        }

        /// Versions follow each other, and entries of a version count from 1.
        private void lookForGap(Entry at) {
            var before = Math.max(version, end.from());
            var next = at.version() == version ? entry + 1 : 1;
            if (at.version() > before + 1) {
                fault(missing("%d.1".formatted(before + 1), at.version() - before - 1 > 1
                    ? "%d.1".formatted(at.version() - 1) : null));
            }
            if (at.entry() > next) {
                fault(missing("%d.%d".formatted(at.version(), next), at.entry() - next > 1
                    ? "%d.%d".formatted(at.version(), at.entry() - 1) : null));
            }
            hasGap = at.version() > before + 1 || at.entry() > next;
        }

        private static String missing(String first, String last) {
            return last == null ? "entry %s is missing".formatted(first)
                : "entries %s to %s are missing".formatted(first, last);
        }

        private void look(Stored stored) {
            var at = stored.entry();
            keptWasFound |= kept.isPresent() && at.version() == kept.get().version()
                && at.entry() == kept.get().entry() && Arrays.equals(stored.seal(), kept.get().seal());
            if (stored.seal().length == 0) {
                if (at.version() > end.head().version() && at.actorKind().equals("SQL")) {
                    unsealed++;
                } else {
                    fault("entry %s has no seal: it was not written by Roster".formatted(stored.named()));
                }
                return;
            }
            var digests = stored.digests();
            // An entry whose seal is over one of those before the last is unchanged: what is in between was reported.
            var holds = seals.holds(stored.seal(), seal, at, digests)
                || recent.stream().anyMatch(earlier -> seals.holds(stored.seal(), earlier, at, digests));
            if (!holds && !hasGap) {
                fault(at.entry() == 1 && version > end.from()
                    ? "entry %s was altered, or entries between %d.%d and it are missing".formatted(stored.named(),
                        version, entry)
                    : "entry %s was altered".formatted(stored.named()));
            } else if (!stored.erasedRightly(seals)) {
                fault("entry %s lost details, and not by an anonymisation".formatted(stored.named()));
            }
            erased += stored.erased().isPresent() ? 1 : 0;
            recent.addLast(seal);
            if (recent.size() > RECENT) {
                recent.removeFirst();
            }
            seal = stored.seal();
        }

        private Verdict verdict() {
            var head = end.head();
            if (version < head.version() || version == head.version() && entry < head.entry()) {
                fault("the trail ends with %d.%d, but the last entry written was %d.%d: what came in between is missing"
                    .formatted(version, entry, head.version(), head.entry()));
            } else if (head.seal().length > 0 && head.version() > end.from() && version <= head.version()
                && !Arrays.equals(seal, head.seal())) {
                    fault("the last entry is not the one that the organization ended with");
                }
            kept.filter(wanted -> wanted.seal().length > 0 && !keptWasFound).ifPresent(wanted -> fault(
                "the trail has no entry %d.%d with the seal of the head that was kept: its end was cut off, or written anew"
                    .formatted(wanted.version(), wanted.entry())));
            return new Verdict(entries, uncovered, unsealed, erased, List.copyOf(faults), head);
        }

        private void fault(String text) {
            if (faults.size() < FAULTS_MAX) {
                faults.add(text);
            }
        }
    }
}
