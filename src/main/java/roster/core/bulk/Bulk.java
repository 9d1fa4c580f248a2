package roster.core.bulk;

import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import roster.base.db.Database;
import roster.base.db.NoteTx;
import roster.base.work.Signal;
import roster.base.work.Stop;
import roster.core.bulk.Job.State;
import roster.core.bulk.Jobs.New;
import roster.core.bulk.Result.Outcome;
import roster.core.bulk.Result.Reason;
import roster.core.bulk.Selection.Chosen;
import roster.core.directory.DirectoryCache;
import roster.core.directory.DirectoryView;
import roster.core.index.PeopleRequest;
import roster.core.index.PeopleRequest.Place;
import roster.core.index.SortPosition;
import roster.core.invitation.InvitationSearch;
import roster.core.invitation.TrackedInvitations;
import roster.model.Caller;
import roster.model.Permission;
import roster.model.Problem.Forbidden;
import roster.model.Problem.NotFound;
import roster.model.Problem.Unavailable;
import roster.model.Refused;
import roster.model.User;

/// Acts on many people: whom a selection is about, what would become of them, and jobs that do it.
public final class Bulk {
    /// So many are done before the answer, if it takes no longer than [#AT_ONCE_TIME].
    public static final int AT_ONCE_MAX = 100;
    private static final Duration AT_ONCE_TIME = Duration.ofSeconds(2);

    /// Longer than [#AT_ONCE_TIME], or a run of the worker, and its last piece.
    static final Duration CLAIM = Duration.ofSeconds(15);

    /// How long people are rehearsed for one page, and how many at a time.
    private static final Duration REHEARSED = Duration.ofSeconds(1);
    private static final int REHEARSED_AT_ONCE = 250;

    /// Of a list that is gone through, at a time.
    private static final int PAGE = 1000;

    private final Database db;
    private final InstantSource clock;
    private final DirectoryCache directory;
    private final TrackedInvitations tracked;
    private final Acts acts;
    private final JobRunner runner;
    private final Signal added = new Signal();

    Bulk(Database db, InstantSource clock, DirectoryCache directory, TrackedInvitations tracked, Acts acts,
        JobRunner runner) {
        this.db = db;
        this.clock = clock;
        this.directory = directory;
        this.tracked = tracked;
        this.acts = acts;
        this.runner = runner;
    }

    /// Rung when a job waits on this node.
    Signal added() {
        return added;
    }

    /// Whom a selection is about now: all of them as of one moment. For what was pasted, see [PastedPeople].
    ///
    /// @throws Refused with [Forbidden] if all who match are meant, and the caller may not list them
    public List<Item> items(Caller caller, Chosen chosen) {
        return switch (chosen) {
            case Chosen.People(var ids) -> ids.stream().distinct().<Item>map(Item.OfUser::new).toList();
            case Chosen.Invitations(var ids) -> ids.stream().distinct().<Item>map(Item.OfInvitation::new).toList();
            case Chosen.Matching matching -> directory.readNow(caller.org(), view -> matching(caller, view, matching));
            case Chosen.MatchingInvitations(var search, var zone) -> matching(caller, search, zone);
            case Chosen.Pasted _ -> throw new IllegalArgumentException("people who were pasted are read first");
        };
    }

    private List<Item> matching(Caller caller, DirectoryView view, Chosen.Matching matching) {
        if (!caller.holds(Permission.USER_ACCESS_READ)) {
            throw new Refused(new Forbidden(Permission.USER_ACCESS_READ));
        }
        var items = new ArrayList<Item>();
        var now = clock.instant();
        for (Optional<SortPosition> last = Optional.empty();;) {
            var place = last.<Place>map(Place.After::new).orElse(Place.FIRST);
            var page = view.people(new PeopleRequest(matching.query(), place, PAGE, now, matching.zone()));
            page.users().forEach(user -> items.add(new Item.OfUser(user.user().id())));
            if (page.last().isEmpty()) {
                return items;
            }
            last = page.last();
        }
    }

    private List<Item> matching(Caller caller, InvitationSearch search, ZoneId zone) {
        must(caller, Act.CANCEL_INVITATIONS);
        return tracked.matching(caller.org(), search, zone).stream().<Item>map(Item.OfInvitation::new).toList();
    }

    /// What would become of people.
    ///
    /// @param results of the first ones, in order
    /// @param all whom the act is about
    public record Rehearsal(List<Result> results, int all) {
        public Rehearsal {
            results = List.copyOf(results);
        }

        public long count(Outcome outcome) {
            return results.stream().filter(one -> one.outcome() == outcome).count();
        }

        /// How many would not be changed, by the reason, the most frequent ones of an outcome as they come.
        public Map<Reason, Long> reasons(Outcome outcome) {
            var counts = new LinkedHashMap<Reason, Long>();
            results.stream().filter(one -> one.outcome() == outcome).flatMap(one -> one.reason().stream())
                .forEach(reason -> counts.merge(reason, 1L, Long::sum));
            return counts;
        }

        /// Whether all were rehearsed: else it would have taken too long.
        public boolean isWhole() {
            return results.size() == all;
        }
    }

    /// Rehearses an act, for about a second: piece by piece, so that what one piece would do is not seen by the next.
    ///
    /// @throws Refused as the act does for all
    public Rehearsal rehearse(Caller caller, Order order, List<Item> items) {
        return rehearse(caller, order, items, REHEARSED);
    }

    /// @param time for how long at least
    Rehearsal rehearse(Caller caller, Order order, List<Item> items, Duration time) {
        must(caller, order.act());
        // Without sending: how many may be sent in an hour holds up a job, and refuses none of it.
        var silent = order.act() == Act.INVITE ? new Order(Act.INVITE, order.roles(), false) : order;
        var results = new ArrayList<Result>();
        var end = System.nanoTime() + time.toNanos();
        while (results.size() < items.size() && System.nanoTime() - end < 0) {
            var some = items.subList(results.size(), Math.min(items.size(), results.size() + REHEARSED_AT_ONCE));
            results.addAll(db.rehearse(caller, tx -> acts.perform(tx, silent, some)));
        }
        return new Rehearsal(results, items.size());
    }

    private static void must(Caller caller, Act act) {
        if (!caller.holds(act.needed())) {
            throw new Refused(new Forbidden(act.needed()));
        }
    }

    /// Begins a job. Up to [#AT_ONCE_MAX] people are done before this returns, unless another job has its turn or it takes
    /// too long.
    ///
    /// @param id of the job: that of one that there is already begins nothing
    /// @param items whom it is about
    public Job begin(Caller caller, UUID id, Order order, List<Item> items) {
        must(caller, order.act());
        return begin(caller, new New(id, caller.org(), order, Selections.maker(caller), caller.requestId(),
            caller.address(), Optional.empty(), items.size()), (tx, job) -> Jobs.addItems(tx, job, items));
    }

    /// For the id of a job.
    public UUID newId() {
        return db.sources().ids().next();
    }

    private interface Storing {
        void store(NoteTx tx, New job);
    }

    private Job begin(Caller caller, New job, Storing items) {
        var first = db.note(tx -> {
            var alone = job.people() <= AT_ONCE_MAX && !Jobs.anyDue(tx, caller.org());
            if (!Jobs.add(tx, job, alone ? CLAIM : Duration.ZERO)) {
                return false;
            }
            items.store(tx, job);
            return alone;
        });
        if (first) {
            runNow(caller, job);
            db.note(tx -> {
                Jobs.release(tx, caller.org(), job.id());
                return true;
            });
        }
        added.ring();
        return find(caller, job.id()).orElseThrow(() -> new Refused(new NotFound("job not found")));
    }

    private void runNow(Caller caller, New job) {
        try {
            runner.run(caller.org(), job.id(), AT_ONCE_TIME, new Stop());
        } catch (Refused e) {
            if (!(e.problem() instanceof Unavailable)) {
                throw e;
            }
            // The organisation is busy: the worker goes on.
        }
    }

    /// A job that the caller made, or may see as they may manage users.
    public Optional<Job> find(Caller caller, UUID id) {
        return db.read(tx -> Jobs.find(tx, caller.org(), id)).filter(job -> sees(caller, job));
    }

    private static boolean sees(Caller caller, Job job) {
        return caller.holds(Permission.USER_ACCESS_MANAGE) || caller.user().equals(Optional.of(job.maker()));
    }

    /// Jobs that the caller may see, the newest first.
    ///
    /// @param all how many there are
    public record Listed(List<Job> jobs, long all) {}

    public Listed newest(Caller caller, int most, long offset) {
        var maker = caller.holds(Permission.USER_ACCESS_MANAGE) ? Optional.<User.Id>empty()
            : Optional.of(Selections.maker(caller));
        var jobs = Jobs.of(caller.org(), maker);
        return db.read(tx -> new Listed(jobs.rows(tx, "j.created_at DESC, j.id DESC", most, offset, Job::of),
            jobs.count(tx)));
    }

    /// Stops a job after the piece that is under way.
    ///
    /// @return whether it was not over yet
    public boolean stop(Caller caller, Job job) {
        if (!sees(caller, job)) {
            throw new Refused(new Forbidden(Permission.USER_ACCESS_MANAGE));
        }
        return db.note(tx -> Jobs.end(tx, caller.org(), job.id(), State.STOPPED));
    }

    /// Begins a job that takes back what another has changed. What is permanent stays: keys that were revoked, sessions.
    ///
    /// @return none if nothing can be undone, or it was before
    public Optional<Job> undo(Caller caller, Job job) {
        var opposite = job.order().act().opposite();
        if (!sees(caller, job) || !job.canBeUndone() || opposite.isEmpty()) {
            return Optional.empty();
        }
        must(caller, opposite.get());
        var people = db.read(tx -> Jobs.changedBy(tx, caller.org(), job.id()));
        return Optional.of(begin(caller, new New(newId(), caller.org(),
            new Order(opposite.get(), job.order().roles(), true), Selections.maker(caller), caller.requestId(),
            caller.address(), Optional.of(job.id()), Math.toIntExact(people)),
            (tx, made) -> Jobs.addItemsOf(tx, made, job.id())));
    }
}
