package roster.base.work;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import roster.base.db.NoteTx;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.model.Org;

/// A table whose rows are each due for some work at some time, and the SQL for it: five statements, as one could paste
/// them into psql. Its key is `(org_id, id)`; it has the columns `attempts`, `last_error`, `claimed_until` and
/// `good_until`, and what its own statements name besides. None of these columns has a version.
///
/// @param orgs the organisations with rows that are due and not claimed, the longest waiting first; selects `org_id`, takes
///     no values. The one statement that looks across organisations; it shows their ids only
/// @param next locks the next due row of an organisation, skipping those that are locked (`SKIP LOCKED`); selects `id`.
///     Values: organisation
/// @param claim counts an attempt and sets `claimed_until`; returns `now` (the database's), `id`, `attempts`,
///     `last_error`, `claimed_until`, `good_until`, and what `row` reads. Values: milliseconds of the claim, organisation, id
/// @param note stores how an attempt ended and ends the claim, only if it is still this one and the row still waits.
///     Values: state, reason or NULL, milliseconds until the next attempt, organisation, id, `claimed_until`
/// @param endClaims ends all claims; takes no values
/// @param row reads what the work needs
public record DueTable<T>(String orgs, String next, String claim, String note, String endClaims,
    Function<Row, T> row) {

    /// A row that this node alone may work on, until the claim ends.
    ///
    /// @param attempts this one included
    /// @param lastError why the attempt before failed; none if there was none
    /// @param now by the database's clock
    /// @param goodUntil when attempts end for good
    public record Claim<T>(Org.Id org, UUID id, T row, int attempts, Optional<String> lastError, Instant now,
        Instant until, Instant goodUntil) {
        boolean overdue() {
            return !goodUntil.isAfter(now);
        }
    }

    List<Org.Id> orgs(Tx tx) {
        return tx.query(orgs).list(found -> new Org.Id(found.uuid("org_id")));
    }

    /// Claims the next due row of an organisation, skipping those that others are claiming.
    ///
    /// @param time until others may claim it too
    public Optional<Claim<T>> claim(NoteTx tx, Org.Id org, Duration time) {
        return tx.query(next, org).optional(found -> found.uuid("id"))
            .map(id -> tx.query(claim, time.toMillis(), org, id).one(claimed -> claimed(org, claimed)));
    }

    private Claim<T> claimed(Org.Id org, Row claimed) {
        return new Claim<>(org, claimed.uuid("id"), row.apply(claimed), claimed.integer("attempts"),
            claimed.optionalText("last_error"), claimed.instant("now"), claimed.instant("claimed_until"),
            claimed.instant("good_until"));
    }

    /// Stores how an attempt ended. A no-op if the claim ran out and another node took the row, or if the row was taken
    /// back meanwhile.
    ///
    /// @param pause before the next attempt, if there is to be one
    void note(NoteTx tx, Claim<T> attempted, String state, Optional<String> why, Duration pause) {
        tx.update(note, state, why, pause.toMillis(), attempted.org(), attempted.id(), attempted.until());
    }

    /// Ends the claims of a node that was killed, where no other node can hold any. Elsewhere they run out by themselves.
    ///
    /// @return how many there were
    public int endClaims(NoteTx tx) {
        return tx.update(endClaims);
    }
}
