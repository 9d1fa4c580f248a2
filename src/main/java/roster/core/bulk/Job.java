package roster.core.bulk;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import roster.base.db.Row;
import roster.model.Org;
import roster.model.Role;
import roster.model.User;

/// An act on many people, and how far it has come.
///
/// @param request of the caller who began it, as the audit entries name it
/// @param undoes the job that it undoes
/// @param people how many it is about: people, or invitations
/// @param waitsUntil when it goes on, if a limit holds it up
/// @param ofInvitations whether it is about invitations, and not about people
/// @param undone whether another job undoes it
public record Job(Org.Id org, UUID id, Order order, User.Id maker, String request, Optional<String> address,
    Optional<UUID> undoes, long people, long done, long skipped, long refused, State state, Instant createdAt,
    Optional<Instant> startedAt, Optional<Instant> endedAt, Optional<Instant> waitsUntil, boolean ofInvitations,
    boolean undone) {

    public enum State {
        /// For its turn.
        WAITING,
        RUNNING,
        FINISHED,
        /// By a user.
        STOPPED,
        /// Its maker may no longer do this.
        NOT_ALLOWED,
        /// It did not succeed within its time.
        FAILED;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static final String COLUMNS = """
        j.org_id, j.id, j.act, j.role_ids, j.send, j.maker_id, j.request_id, j.address, j.undoes, j.people, j.done,
        j.skipped, j.refused, j.state, j.created_at, j.started_at, j.ended_at,
        CASE WHEN j.ended_at IS NULL AND j.next_attempt_at > roster_now() + interval '1 second'
             THEN j.next_attempt_at END AS waits_until,
        coalesce((SELECT f.invitation_id IS NOT NULL FROM bulk_items f
                   WHERE f.org_id = j.org_id AND f.job_id = j.id AND f.position = 1), false) AS of_invitations,
        EXISTS (SELECT 1 FROM bulk_jobs u WHERE u.org_id = j.org_id AND u.undoes = j.id) AS undone""";

    static Job of(Row row) {
        return new Job(new Org.Id(row.uuid("org_id")), row.uuid("id"),
            new Order(Act.named(row.text("act")).orElseThrow(),
                row.uuids("role_ids").stream().map(Role.Id::new).toList(), row.bool("send")),
            new User.Id(row.uuid("maker_id")), row.text("request_id"), row.optionalText("address"),
            row.optionalUuid("undoes"), row.number("people"), row.number("done"), row.number("skipped"),
            row.number("refused"), State.valueOf(row.text("state").toUpperCase(Locale.ROOT)), row.instant("created_at"),
            row.optionalInstant("started_at"), row.optionalInstant("ended_at"), row.optionalInstant("waits_until"),
            row.bool("of_invitations"), row.bool("undone"));
    }

    public boolean isOver() {
        return endedAt.isPresent();
    }

    /// Those it has looked at.
    public long reached() {
        return done + skipped + refused;
    }

    public long notReached() {
        return people - reached();
    }

    /// Whether what it has done can be taken back.
    public boolean canBeUndone() {
        return isOver() && done > 0 && !undone && order.act().opposite().isPresent();
    }
}
