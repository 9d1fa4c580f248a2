package roster.core.audit;

import java.util.Base64;
import java.util.List;
import java.util.Optional;
import roster.base.db.Database;
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

    /// Where a trail ends.
    ///
    /// @param from entries of later versions are sealed
    /// @param version of the organisation; its last write may not be sealed yet
    record End(Head head, long from, long version) {}

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
        var walk = walk(org, TrailWalk.Walked.NOTHING);
        kept.ifPresent(walk::lookFor);
        for (var more = true; more;) {
            more = step(org, walk);
        }
        return walk.verdict();
    }

    /// Begins a walk through all entries that exist now, or goes on with one.
    TrailWalk walk(Org.Id org, TrailWalk.Walked before) {
        return new TrailWalk(seals, db.read(tx -> end(tx, org)), before);
    }

    /// Looks at the next [#AT_ONCE] entries.
    ///
    /// @return whether there may be more
    boolean step(Org.Id org, TrailWalk walk) {
        var page = db.read(tx -> walk.next(tx, org, AT_ONCE));
        page.forEach(walk::take);
        return page.size() == AT_ONCE;
    }

    /// Whether the trail has the entry of a head, with its seal. Verifying says whether both are as they were.
    public boolean has(Org.Id org, Head head) {
        return db.read(tx -> tx.query("""
            SELECT 1 FROM audit_entries WHERE org_id = ? AND version = ? AND entry = ? AND seal = ?
            """, org, head.version(), head.entry(), head.seal()).any());
    }

    /// What shows later that a trail was verified up to a head: write access to the database is not enough to make it.
    byte[] proof(Org.Id org, Head head) {
        return seals.sealVerified(org.value(), head);
    }

    boolean isProved(Org.Id org, Head head, byte[] proof) {
        return seals.holdsVerified(proof, org.value(), head);
    }
}
