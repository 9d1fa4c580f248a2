package roster.core.bulk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import roster.base.db.Listing;
import roster.base.db.NoteTx;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.db.Where;
import roster.base.db.WriteTx;
import roster.base.work.DueTable;
import roster.core.bulk.Job.State;
import roster.model.Invitation;
import roster.model.Org;
import roster.model.Role;
import roster.model.User;

/// The SQL of the `bulk_jobs` and `bulk_items` tables.
final class Jobs {
    /// How long a job may take, and how long it is kept after its end.
    static final Duration LIFE = Duration.ofDays(30);

    private static final int STORED_AT_ONCE = 10_000;

    private static final UUID NO_USER = new UUID(0, 0);

    /// Jobs that are to go on. One of an organisation at a time: the oldest that is not held up by a limit.
    static final DueTable<Boolean> DUE = new DueTable<>("""
        SELECT org_id FROM bulk_jobs
         WHERE ended_at IS NULL AND next_attempt_at <= roster_now()
           AND (claimed_until IS NULL OR claimed_until <= roster_now())
         GROUP BY org_id ORDER BY min(next_attempt_at)
        """, """
        SELECT j.id
          FROM bulk_jobs j
         WHERE j.org_id = ? AND j.id = (
               SELECT o.id FROM bulk_jobs o
                WHERE o.org_id = j.org_id AND o.ended_at IS NULL AND o.next_attempt_at <= roster_now()
                ORDER BY o.created_at, o.id LIMIT 1)
           AND NOT EXISTS (SELECT 1 FROM bulk_jobs c
                            WHERE c.org_id = j.org_id AND c.ended_at IS NULL AND c.claimed_until > roster_now())
           FOR UPDATE SKIP LOCKED
        """, """
        UPDATE bulk_jobs SET claimed_until = roster_now() + ? * interval '1 millisecond', attempts = attempts + 1
         WHERE org_id = ? AND id = ?
        RETURNING roster_now() AS now, claimed_until, good_until, id, attempts, last_error
        """, """
        UPDATE bulk_jobs j
           SET claimed_until = NULL, last_error = run.why,
               attempts = CASE WHEN run.state = 'deferred' THEN j.attempts ELSE 0 END,
               next_attempt_at = greatest(j.next_attempt_at, roster_now() + run.pause * interval '1 millisecond'),
               state = CASE WHEN run.state = 'failed' AND j.ended_at IS NULL THEN 'failed' ELSE j.state END,
               ended_at = CASE WHEN run.state = 'failed' THEN coalesce(j.ended_at, roster_now()) ELSE j.ended_at END
          FROM (SELECT ?::text AS state, ?::text AS why, ?::bigint AS pause) run
         WHERE j.org_id = ? AND j.id = ? AND j.claimed_until = ?
        """, "UPDATE bulk_jobs SET claimed_until = NULL WHERE claimed_until IS NOT NULL", _ -> true);

    private Jobs() {}

    /// A job to be added.
    record New(UUID id, Org.Id org, Order order, User.Id maker, String request, Optional<String> address,
        Optional<UUID> undoes, int people) {}

    /// @param claim for how long this node alone works on it; zero: it waits for its turn
    /// @return false, with nothing added, if there is one with this id
    static boolean add(NoteTx tx, New job, Duration claim) {
        return tx.update("""
            INSERT INTO bulk_jobs (org_id, id, act, role_ids, send, maker_id, request_id, address, undoes, people,
                                   created_at, next_attempt_at, claimed_until, good_until)
            VALUES (?, ?, ?, ?::uuid[], ?, ?, ?, ?, ?, ?, roster_now(), roster_now(),
                    roster_now() + ? * interval '1 millisecond',
                    roster_now() + ? * interval '1 second')
            ON CONFLICT DO NOTHING
            """, job.org(), job.id(), job.order().act().text(), job.order().roles(), job.order().send(), job.maker(),
            job.request(), job.address(), job.undoes(), job.people(), claim.toMillis(), LIFE.toSeconds()) > 0;
    }

    /// Stores whom a job is about.
    static void addItems(NoteTx tx, New job, List<Item> items) {
        for (int from = 0; from < items.size(); from += STORED_AT_ONCE) {
            addSome(tx, job, from, items.subList(from, Math.min(items.size(), from + STORED_AT_ONCE)));
        }
    }

    private static void addSome(NoteTx tx, New job, int from, List<Item> items) {
        var users = new ArrayList<Optional<UUID>>();
        var invitations = new ArrayList<Optional<UUID>>();
        var emails = new ArrayList<Optional<String>>();
        var names = new ArrayList<Optional<String>>();
        var titles = new ArrayList<Optional<String>>();
        var roles = new ArrayList<String>();
        for (var item : items) {
            var newcomer = item instanceof Item.Newcomer one ? Optional.of(one) : Optional.<Item.Newcomer>empty();
            users.add(item instanceof Item.OfUser(var id) ? Optional.of(id.value()) : Optional.empty());
            invitations.add(item instanceof Item.OfInvitation(var id) ? Optional.of(id.value()) : Optional.empty());
            emails.add(newcomer.map(Item.Newcomer::email));
            names.add(newcomer.flatMap(Item.Newcomer::name));
            titles.add(newcomer.flatMap(Item.Newcomer::title));
            roles.add("{" + String.join(",", newcomer.map(Item.Newcomer::roles).orElse(List.of()).stream()
                .map(Role.Id::toString).toList()) + "}");
        }
        tx.update("""
            INSERT INTO bulk_items (org_id, job_id, position, user_id, invitation_id, email, name, title, role_ids)
            SELECT ?, ?, ? + i.n, i.user_id, i.invitation_id, i.email, i.name, i.title, i.roles::uuid[]
              FROM unnest(?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[]) WITH ORDINALITY
                   AS i (user_id, invitation_id, email, name, title, roles, n)
            """, job.org(), job.id(), from, users, invitations, emails, names, titles, roles);
    }

    /// Stores those whom another job has changed, in order.
    static void addItemsOf(NoteTx tx, New job, UUID other) {
        var found = STORED_AT_ONCE;
        for (int from = 0, after = 0; found == STORED_AT_ONCE; from += found) {
            var last = tx.query("""
                WITH changed AS (
                     SELECT position, user_id FROM bulk_items
                      WHERE org_id = ? AND job_id = ? AND position > ? AND outcome = 'done' AND user_id IS NOT NULL
                      ORDER BY position LIMIT ?),
                     added AS (
                     INSERT INTO bulk_items (org_id, job_id, position, user_id)
                     SELECT ?, ?, ? + row_number() OVER (ORDER BY position), user_id FROM changed)
                SELECT count(*) AS found, coalesce(max(position), 0) AS last FROM changed
                """, job.org(), other, after, STORED_AT_ONCE, job.org(), job.id(), from)
                .one(row -> Map.entry(row.integer("found"), row.integer("last")));
            found = last.getKey();
            after = last.getValue();
        }
    }

    static long changedBy(Tx tx, Org.Id org, UUID job) {
        return tx.query("""
            SELECT count(*) AS n FROM bulk_items
             WHERE org_id = ? AND job_id = ? AND outcome = 'done' AND user_id IS NOT NULL
            """, org, job).one(row -> row.number("n"));
    }

    /// Whether a job of the organisation is to go on now.
    static boolean anyDue(Tx tx, Org.Id org) {
        return tx.query("""
            SELECT 1 FROM bulk_jobs WHERE org_id = ? AND ended_at IS NULL AND next_attempt_at <= roster_now() LIMIT 1
            """, org).any();
    }

    static Optional<Job> find(Tx tx, Org.Id org, UUID id) {
        return tx.query("SELECT " + Job.COLUMNS + " FROM bulk_jobs j WHERE j.org_id = ? AND j.id = ?", org, id)
            .optional(Job::of);
    }

    /// Jobs of an organisation.
    ///
    /// @param maker only theirs
    static Listing of(Org.Id org, Optional<User.Id> maker) {
        return new Listing(Job.COLUMNS, "FROM bulk_jobs j",
            Where.of("j.org_id = ?", org).andIf(maker, "j.maker_id = ?"));
    }

    /// The job under the organisation's lock. Nothing else ends it until this write does.
    static Optional<Job> locked(WriteTx tx, UUID id) {
        tx.later("SELECT id FROM bulk_jobs WHERE org_id = ? AND id = ? FOR UPDATE", tx.org(), id);
        return find(tx, tx.org(), id);
    }

    /// An item, and its place in the job.
    record Placed(int position, Item item) {}

    /// The first ones that are not reached yet. They are reached in order, from position 1 on, and the job counts all that were,
    /// those included who are not there any more. So the number of those who were reached is the position of the last one.
    static List<Placed> next(Tx tx, Job job, int most) {
        return tx.query("""
            SELECT position, user_id, invitation_id, email, name, title, role_ids
              FROM bulk_items WHERE org_id = ? AND job_id = ? AND position > ? ORDER BY position LIMIT ?
            """, job.org(), job.id(), job.reached(), most).list(row -> new Placed(row.integer("position"), item(row)));
    }

    private static Item item(Row row) {
        var user = row.optionalUuid("user_id");
        var invitation = row.optionalUuid("invitation_id");
        if (user.isEmpty() && invitation.isEmpty() && row.optionalText("email").isPresent()) {
            return new Item.Newcomer(row.text("email"), row.optionalText("name"), row.optionalText("title"),
                row.uuids("role_ids").stream().map(Role.Id::new).toList());
        }
        return invitation.<Item>map(id -> new Item.OfInvitation(new Invitation.Id(id)))
            .orElseGet(() -> new Item.OfUser(new User.Id(user.orElse(new UUID(0, 0)))));
    }

    /// Stores what became of items, in the write that did it. Who was created is known by their user from then on.
    ///
    /// The results are arrays, in which each item finds its own by its position: a join with them would be as slow as what
    /// PostgreSQL's plan supposes, which may be to look through all of them for each item. Results that are alike are sent
    /// once, and numbered, as only in an array of numbers, or of ids, a place is found without looking at those before it.
    ///
    /// @param last the position up to which all were reached
    static void note(WriteTx tx, Job job, List<Placed> items, List<Result> results, int last) {
        var before = Math.toIntExact(job.reached());
        var kinds = new LinkedHashMap<Kind, Integer>();
        var kindOf = new ArrayList<>(Collections.nCopies(last - before, 0)); // 0: none, as the item is not there any more
        var created = new ArrayList<>(Collections.nCopies(last - before, NO_USER));
        for (int i = 0; i < items.size(); i++) {
            var place = items.get(i).position() - before - 1;
            var kind = Kind.of(results.get(i));
            kindOf.set(place, kinds.computeIfAbsent(kind, _ -> kinds.size() + 1));
            results.get(i).user().ifPresent(user -> created.set(place, user.value()));
        }
        tx.later("""
            UPDATE bulk_items i
               SET outcome = r.outcomes[r.kind[i.position - r.before]], reason = r.reasons[r.kind[i.position - r.before]],
                   detail = r.details[r.kind[i.position - r.before]],
                   user_id = coalesce(nullif(r.created[i.position - r.before], r.no_user), i.user_id),
                   email = CASE WHEN r.created[i.position - r.before] = r.no_user THEN i.email END,
                   name = CASE WHEN r.created[i.position - r.before] = r.no_user THEN i.name END,
                   title = CASE WHEN r.created[i.position - r.before] = r.no_user THEN i.title END
              FROM (SELECT ?::integer AS before, ?::integer[] AS kind, ?::text[] AS outcomes, ?::text[] AS reasons,
                           ?::text[] AS details, ?::uuid[] AS created, ?::uuid AS no_user) r
             WHERE i.org_id = ? AND i.job_id = ? AND i.position > ? AND i.position <= ?
            """, before, kindOf, kinds.keySet().stream().map(one -> one.outcome().text()).toList(),
            kinds.keySet().stream().map(one -> one.reason().map(Result.Reason::text)).toList(),
            kinds.keySet().stream().map(Kind::detail).toList(), created, NO_USER, tx.org(), job.id(), before, last);
        // Who is not there any more, as they were anonymised meanwhile, is skipped like the others who are not.
        tx.later("""
            UPDATE bulk_jobs SET done = done + ?, skipped = skipped + ?, refused = refused + ?, state = 'running',
                                 started_at = coalesce(started_at, roster_now())
             WHERE org_id = ? AND id = ?
            """, count(results, Result.Outcome.DONE),
            count(results, Result.Outcome.SKIPPED) + last - before - items.size(),
            count(results, Result.Outcome.REFUSED), tx.org(), job.id());
    }

    /// What is alike in results.
    private record Kind(Result.Outcome outcome, Optional<Result.Reason> reason, String detail) {
        static Kind of(Result result) {
            return new Kind(result.outcome(), result.reason(), result.detail());
        }
    }

    private static long count(List<Result> results, Result.Outcome outcome) {
        return results.stream().filter(one -> one.outcome() == outcome).count();
    }

    static void end(WriteTx tx, UUID job, State state) {
        tx.later("""
            UPDATE bulk_jobs SET state = ?, ended_at = roster_now(), claimed_until = NULL
             WHERE org_id = ? AND id = ? AND ended_at IS NULL
            """, state.text(), tx.org(), job);
    }

    /// @return whether it was under way
    static boolean end(NoteTx tx, Org.Id org, UUID job, State state) {
        return tx.update("""
            UPDATE bulk_jobs SET state = ?, ended_at = roster_now(), claimed_until = NULL
             WHERE org_id = ? AND id = ? AND ended_at IS NULL
            """, state.text(), org, job) > 0;
    }

    /// Has a job wait for room under a limit; others of the organisation may go on meanwhile.
    static void defer(NoteTx tx, Org.Id org, UUID job, long seconds) {
        tx.update("""
            UPDATE bulk_jobs SET next_attempt_at = roster_now() + ? * interval '1 second', claimed_until = NULL
             WHERE org_id = ? AND id = ? AND ended_at IS NULL
            """, seconds, org, job);
    }

    static void release(NoteTx tx, Org.Id org, UUID job) {
        tx.update("UPDATE bulk_jobs SET claimed_until = NULL WHERE org_id = ? AND id = ?", org, job);
    }

    /// Where a user who is anonymised called from goes.
    static void forget(WriteTx tx, User.Id maker) {
        tx.update("UPDATE bulk_jobs SET address = NULL WHERE org_id = ? AND maker_id = ?", tx.org(), maker);
    }

    /// Makes jobs due that were held up until a time which the clock of the database had when it was ahead, ends claims of that
    /// time, and gives up no later than it would have otherwise.
    ///
    /// @param claim the longest time that one is claimed for
    static int repairTimes(WriteTx tx, Duration claim) {
        return tx.update("""
            UPDATE bulk_jobs j
               SET next_attempt_at = least(j.next_attempt_at, c.now), good_until = least(j.good_until, c.good_until),
                   claimed_until = CASE WHEN j.claimed_until <= c.claim THEN j.claimed_until END
              FROM (SELECT ?::timestamptz AS now, ?::timestamptz AS claim, ?::timestamptz AS good_until) c
             WHERE j.org_id = ? AND j.ended_at IS NULL
               AND (j.next_attempt_at > c.now OR j.claimed_until > c.claim OR j.good_until > c.good_until)
            """, tx.now(), tx.now().plus(claim), tx.now().plus(LIFE), tx.org());
    }
}
