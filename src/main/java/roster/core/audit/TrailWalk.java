package roster.core.audit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.core.audit.Trail.End;
import roster.core.audit.Trail.Head;
import roster.core.audit.Trail.Verdict;
import roster.model.Org;

/// One pass through a trail, entry by entry, which may be interrupted.
final class TrailWalk {
    /// Something that is not as Roster wrote it.
    ///
    /// @param version,entry its place
    /// @param text for operators, with the names that the entry has
    /// @param plain the same without them, to be kept
    record Fault(long version, int entry, String text, String plain) {}

    /// How far a walk has come.
    ///
    /// @param version,entry the last entry that was looked at, without those at the end that have no seal yet
    /// @param seal that the next one must be over; empty before the first
    /// @param entries how many were looked at
    /// @param faults without names; the first [Trail#FAULTS_MAX]
    /// @param broken where the first of them is
    record Walked(long version, int entry, byte[] seal, long entries, long uncovered, long erased, List<String> faults,
        Optional<TrailOfUser.Place> broken) {
        /// Before the first entry.
        static final Walked NOTHING = new Walked(0, 0, new byte[0], 0, 0, 0, List.of(), Optional.empty());

        /// After what was verified before.
        static Walked after(Head head) {
            return new Walked(head.version(), head.entry(), head.seal(), 0, 0, 0, List.of(), Optional.empty());
        }

        Head head() {
            return new Head(version, entry, seal);
        }
    }

    /// After reordered or added entries, the seal of the next unchanged one is over one of this many entries before it.
    private static final int RECENT = 8;

    private final Seals seals;
    private final End end;
    private final Walked before;
    private final List<Fault> faults = new ArrayList<>();
    private final Deque<byte[]> recent = new ArrayDeque<>();
    private Optional<Head> kept = Optional.empty();
    private long version;
    private int entry;
    private byte[] seal;
    private Head looked;
    private boolean hasGap;
    private boolean keptWasFound;
    private long entries;
    private long uncovered;
    private long unsealed;
    private long erased;

    TrailWalk(Seals seals, End end, Walked before) {
        this.seals = seals;
        this.end = end;
        this.before = before;
        version = before.version();
        entry = before.entry();
        seal = before.seal().length > 0 ? before.seal() : Seals.beginning(end.from());
        looked = before.head();
    }

    /// Has the walk look for an earlier head, which the trail must still contain. Only at the beginning.
    void lookFor(Head wanted) {
        kept = Optional.of(wanted);
    }

    /// An entry as the table has it.
    record Stored(Entry entry, byte[] salt, byte[] seal, Optional<Erased> erased) {
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

    /// Reads the entries that come next.
    List<Stored> next(Tx tx, Org.Id org, int most) {
        return tx.query("SELECT " + Entry.COLUMNS + """
            , COALESCE(e.salt, '') AS salt, COALESCE(e.seal, '') AS seal, e.erased::text AS erased
              FROM audit_entries e
             WHERE e.org_id = ? AND (e.version, e.entry) > (?, ?) AND e.version <= ?
             ORDER BY e.version, e.entry LIMIT ?
            """, org, version, entry, end.version(), most).list(Stored::of);
    }

    void take(Stored stored) {
        entries++;
        var at = stored.entry();
        if (at.version() > end.from()) {
            lookForGap(at);
            look(stored);
        } else {
            uncovered++;
            looked = new Head(at.version(), at.entry(), seal);
        }
        version = at.version();
        entry = at.entry();
    }

    /// Versions follow each other, and entries of a version count from 1.
    private void lookForGap(Entry at) {
        var last = Math.max(version, end.from());
        var next = at.version() == version ? entry + 1 : 1;
        if (at.version() > last + 1) {
            fault(last + 1, 1, missing("%d.1".formatted(last + 1), at.version() - last - 1 > 1
                ? "%d.1".formatted(at.version() - 1) : null));
        }
        if (at.entry() > next) {
            fault(at.version(), next, missing("%d.%d".formatted(at.version(), next), at.entry() - next > 1
                ? "%d.%d".formatted(at.version(), at.entry() - 1) : null));
        }
        hasGap = at.version() > last + 1 || at.entry() > next;
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
                fault(stored, "entry %s has no seal: it was not written by Roster");
                looked = new Head(at.version(), at.entry(), seal);
            }
            return;
        }
        var digests = stored.digests();
        // An entry whose seal is over one of those before the last is unchanged: what is in between was reported.
        var holds = seals.holds(stored.seal(), seal, at, digests)
            || recent.stream().anyMatch(earlier -> seals.holds(stored.seal(), earlier, at, digests));
        if (!holds && !hasGap) {
            fault(stored, at.entry() == 1 && version > end.from()
                ? "entry %s was altered, or entries between " + version + "." + entry + " and it are missing"
                : "entry %s was altered");
        } else if (!stored.erasedRightly(seals)) {
            fault(stored, "entry %s lost details, and not by an anonymisation");
        }
        erased += stored.erased().isPresent() ? 1 : 0;
        recent.addLast(seal);
        if (recent.size() > RECENT) {
            recent.removeFirst();
        }
        seal = stored.seal();
        looked = new Head(at.version(), at.entry(), seal);
    }

    /// Looks at the end of the trail, once all entries were looked at.
    Verdict verdict() {
        var head = end.head();
        var verified = before.head();
        if (verified.version() > head.version()
            || verified.version() == head.version() && verified.entry() > head.entry()) {
            fault(head.version(), head.entry(),
                "the trail ends with %d.%d, but was verified up to %d.%d before: its end was cut off"
                    .formatted(head.version(), head.entry(), verified.version(), verified.entry()));
        } else if (version < head.version() || version == head.version() && entry < head.entry()) {
            fault(version, entry,
                "the trail ends with %d.%d, but the last entry written was %d.%d: what came in between is missing"
                    .formatted(version, entry, head.version(), head.entry()));
        } else if (head.seal().length > 0 && head.version() > end.from() && version <= head.version()
            && !Arrays.equals(seal, head.seal())) {
                fault(version, entry, "the last entry is not the one that the organization ended with");
            }
        kept.filter(wanted -> wanted.seal().length > 0 && !keptWasFound).ifPresent(this::misses);
        return new Verdict(entries, uncovered, unsealed, erased, faults.stream().map(Fault::text).toList(), head);
    }

    /// The trail does not have the entry of an earlier head.
    void misses(Head wanted) {
        fault(wanted.version(), wanted.entry(),
            "the trail has no entry %d.%d with the seal of the head that was kept: its end was cut off, or written anew"
                .formatted(wanted.version(), wanted.entry()));
    }

    /// How far this and the walk before it have come. Those at the end that have no seal yet are looked at again.
    Walked walked() {
        var all = new ArrayList<>(before.faults());
        faults.stream().map(Fault::plain).forEach(all::add);
        var first = faults.stream().findFirst().map(one -> new TrailOfUser.Place(one.version(), one.entry()));
        return new Walked(looked.version(), looked.entry(), looked.seal(), before.entries() + entries - unsealed,
            before.uncovered() + uncovered, before.erased() + erased,
            all.subList(0, Math.min(all.size(), Trail.FAULTS_MAX)), before.broken().or(() -> first));
    }

    private void fault(Stored stored, String text) {
        var at = stored.entry();
        fault(new Fault(at.version(), at.entry(), text.formatted(stored.named()), text.formatted(at.place())));
    }

    private void fault(long atVersion, int atEntry, String text) {
        fault(new Fault(atVersion, atEntry, text, text));
    }

    private void fault(Fault one) {
        if (faults.size() < Trail.FAULTS_MAX) {
            faults.add(one);
        }
    }
}
