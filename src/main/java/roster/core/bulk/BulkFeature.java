package roster.core.bulk;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.db.TenantTable;
import roster.base.db.TimeRepair;
import roster.base.db.WriteTx;
import roster.base.feature.Feature;
import roster.base.work.DueRows;
import roster.base.work.DueTable.Claim;
import roster.base.work.Stop;
import roster.base.work.Wake;
import roster.base.work.Worker;
import roster.core.Kernel;
import roster.core.access.AccessFeature;
import roster.core.directory.DirectoryFeature;
import roster.core.invitation.InvitationFeature;
import roster.core.mail.MailFeature;
import roster.core.role.RoleFeature;
import roster.core.user.UserFeature;
import roster.core.user.UserLife;
import roster.model.Problem.Unavailable;
import roster.model.Refused;
import roster.model.User;

/// Acts on many people at once.
public final class BulkFeature implements Feature, UserLife {
    /// How long a job runs before another organisation's has its turn.
    private static final Duration TURN = Duration.ofSeconds(1);
    private static final Duration SWEPT_EVERY = Duration.ofMinutes(10);

    /// After a failure that was not foreseen.
    private static final DueRows.Pauses PAUSES =
        new DueRows.Pauses(Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofMinutes(10));

    public final Selections selections;
    public final Bulk bulk;
    public final JobItems items;
    public final PastedPeople pasted;
    private final Database db;
    private final JobRunner runner;

    public BulkFeature(Kernel kernel, AccessFeature access, RoleFeature role, UserFeature user,
        DirectoryFeature directory, MailFeature mail, InvitationFeature invitation) {
        db = kernel.db();
        var acts = new Acts(user.users, user.many, user.newUsers, role.roles, invitation.invitations,
            invitation.lifecycle);
        runner = new JobRunner(db, acts, new Deputies(access.rights));
        selections = new Selections(db);
        bulk = new Bulk(db, kernel.sources().clock(), directory.directory, invitation.tracked, acts, runner);
        items = new JobItems(db);
        pasted = new PastedPeople(db, user.users, role.roles, user.many, invitation.invitations, mail.limits, bulk);
    }

    @Override
    public List<Worker> workers() {
        return List.of(
            new Worker("bulk-jobs", "Runs acts on many people, piece by piece.",
                Wake.on(bulk.added(), "each new job", PAUSES.poll()), this::run),
            new Worker("bulk-sweep", "Deletes selections after a day, and jobs 30 days after their end.",
                Wake.every(SWEPT_EVERY), stop -> JobItems.sweep(db, stop)));
    }

    /// Has jobs go on at once that the last run of this node left, if no other node can be at them.
    public void endClaims() {
        db.note(Jobs.DUE::endClaims);
    }

    private void run(Stop stop) {
        new DueRows<>(db, Jobs.DUE, Bulk.CLAIM, PAUSES, (_, _, _) -> {}).run(stop, () -> !stop.requested(),
            claim -> turn(claim, stop));
    }

    private DueRows.Outcome turn(Claim<Boolean> claim, Stop stop) {
        try {
            runner.run(claim.org(), claim.id(), TURN, stop);
            return new DueRows.Outcome.Ended("turn", Optional.empty());
        } catch (Refused e) {
            if (e.problem() instanceof Unavailable) {
                return new DueRows.Outcome.Later("the database is away or busy", false);
            }
            throw e;
        }
    }

    /// What was typed of a user who is anonymised goes, too.
    @Override
    public Map<String, Object> anonymised(WriteTx tx, User user) {
        Selections.forget(tx, user.email());
        JobItems.forget(tx, user.email());
        Jobs.forget(tx, user.id());
        return Map.of();
    }

    @Override
    public List<TimeRepair> timeRepairs() {
        return List.of(new TimeRepair("selections", Selections::repairTimes),
            new TimeRepair("jobs", tx -> Jobs.repairTimes(tx, Bulk.CLAIM)));
    }

    @Override
    public List<TenantTable> tables() {
        return List.of(TenantTable.of("selections").unversioned().endingWithUser("maker_id").personal("pasted"),
            TenantTable.of("bulk_jobs").unversioned().ofUser("maker_id").personal("address"),
            TenantTable.of("bulk_items").unversioned().endingWithUser("user_id").personal("email", "name", "title",
                "detail"));
    }
}
