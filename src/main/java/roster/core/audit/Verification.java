package roster.core.audit;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import roster.base.db.Row;
import roster.core.audit.TrailWalk.Walked;

/// A verification of an organisation's trail: one that ended, runs, or waits for its turn.
///
/// @param whole from the beginning, rather than from where the last good one ended
/// @param from the version from which it goes on
/// @param goal the version of the last entry that is sealed now
/// @param proof of a good one
public record Verification(UUID id, boolean whole, State state, long from, long goal, Walked walked, byte[] proof,
    Instant createdAt, Optional<Instant> endedAt) {
    public enum State {
        /// For its turn.
        WAITING,
        RUNNING,
        /// Nothing is missing or altered.
        GOOD, BROKEN,
        /// It did not succeed within its time.
        FAILED;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static final String COLUMNS = """
        v.id, v.whole, v.state, v.from_version, o.trail_version AS goal, v.reached_version, v.reached_entry, v.seal, v.entries,
        v.uncovered, v.erased, v.faults, COALESCE(v.broken_version, -1) AS broken_version,
        COALESCE(v.broken_entry, 0) AS broken_entry, COALESCE(v.proof, '') AS proof, v.created_at, v.ended_at""";

    static Verification of(Row row) {
        var broken = Optional.of(new TrailOfUser.Place(row.number("broken_version"), row.integer("broken_entry")))
            .filter(place -> place.version() >= 0);
        return new Verification(row.uuid("id"), row.bool("whole"),
            State.valueOf(row.text("state").toUpperCase(Locale.ROOT)), row.number("from_version"), row.number("goal"),
            new Walked(row.number("reached_version"), row.integer("reached_entry"), row.bytes("seal"), row.number("entries"),
                row.number("uncovered"), row.number("erased"), row.texts("faults"), broken),
            row.bytes("proof"), row.instant("created_at"), row.optionalInstant("ended_at"));
    }

    public boolean isOver() {
        return endedAt.isPresent();
    }

    /// How much of it is done, by the number of writes: 100 only once it is over.
    public int percent() {
        var all = goal - from;
        return isOver() ? 100 : all <= 0 ? 0 : Math.clamp(100 * (walked.version() - from) / all, 0, 99);
    }

    /// The last entry that it has looked at.
    public TrailOfUser.Place place() {
        return new TrailOfUser.Place(walked.version(), walked.entry());
    }

    /// Where the first fault is.
    public Optional<TrailOfUser.Place> broken() {
        return walked.broken();
    }

    /// What is wrong, without names; at most [Trail#FAULTS_MAX].
    public List<String> faults() {
        return walked.faults();
    }

    public long entries() {
        return walked.entries();
    }

    /// Entries from before seals existed, which cannot be verified.
    public long uncovered() {
        return walked.uncovered();
    }

    /// Entries of which an anonymisation erased details.
    public long erased() {
        return walked.erased();
    }
}
