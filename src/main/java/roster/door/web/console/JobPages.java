package roster.door.web.console;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import roster.base.db.Database;
import roster.base.http.Response;
import roster.core.bulk.Act;
import roster.core.bulk.Bulk;
import roster.core.bulk.BulkFeature;
import roster.core.bulk.Job;
import roster.core.bulk.JobItems;
import roster.core.bulk.JobItems.Line;
import roster.core.bulk.JobItems.Segment;
import roster.core.role.Roles;
import roster.core.user.Users;
import roster.model.Id;
import roster.model.Problem.BadParameter;
import roster.model.Problem.NotFound;
import roster.model.Refused;
import roster.model.Role;
import roster.model.User;

/// `/console/bulk`: jobs. `/console/bulk/{job}`: how far one has come, what became of each person, and the ways to stop and
/// undo it.
public final class JobPages {
    private static final int ROWS = 50;
    private static final List<String> ORDER = List.of("show");

    private final Database db;
    private final Bulk bulk;
    private final JobItems items;
    private final Roles roles;
    private final Users users;

    JobPages(Database db, BulkFeature feature, Roles roles, Users users) {
        this.db = db;
        this.bulk = feature.bulk;
        this.items = feature.items;
        this.roles = roles;
        this.users = users;
    }

    /// A line of the list of jobs.
    ///
    /// @param undoes none: it takes nothing back
    public record JobRow(String what, String href, Optional<Said> undoes, String by, Times.Shown at, String state) {}

    public record JobsPage(Shell shell, String heading, List<JobRow> rows, List<Pager.Step> steps) {}

    /// A person of a job.
    public record Row(String who, Optional<String> second, Optional<String> href, String kind, String icon,
        String outcome,
        String reason) {}

    /// @param undoes none: it takes nothing back
    /// @param tenths of it that are done, in percent
    /// @param refresh where the part is asked for again while it runs
    public record JobPage(Shell shell, String what, Optional<Said> undoes, String by, Times.Shown at, String state,
        String progress, long reached, long people, String tenths, boolean over, Optional<String> refresh,
        Optional<String> stop,
        Optional<String> undo, String undoHint, Optional<String> invitations, Optional<String> csv,
        List<roster.door.web.console.Segment> segments,
        List<Row> rows, List<Pager.Step> steps) {}

    void addTo(Console.Pages pages) {
        pages.get(BulkPages.LIST, BulkPages.NEEDS, this::list);
        pages.get(BulkPages.JOB, BulkPages.NEEDS, this::job);
        pages.get(BulkPages.JOB + "/results.csv", BulkPages.NEEDS, this::csv);
        pages.post(BulkPages.JOB + "/stop", BulkPages.NEEDS, this::stop);
        pages.get(BulkPages.JOB + "/undo", BulkPages.NEEDS, visit -> visit.goOn(BulkPages.path(found(visit))));
        pages.postFresh(BulkPages.JOB + "/undo", BulkPages.NEEDS, this::undo);
    }

    private Response list(Visit visit) {
        var from = number(visit, "from");
        var listed = bulk.newest(visit.caller(), ROWS, from);
        var rows = listed.jobs().stream().map(job -> new JobRow(what(job), visit.link().to(BulkPages.JOB, job.id())
            .orElseThrow(), undoes(visit, job), maker(job), visit.times().brief(job.createdAt()),
            BulkWords.state(job, visit.times()))).toList();
        var steps = Pager.counted(from, ROWS, listed.all(), start -> Optional.of(at(visit, start)));
        return visit.page("web/console/jobs.jte", new JobsPage(visit.shell(Section.PEOPLE, "Bulk changes"),
            listed.all() == 0 ? "No bulk changes yet" : Words.counted(listed.all(), "bulk change"), rows, steps));
    }

    private static String at(Visit visit, long from) {
        return visit.link().to(BulkPages.LIST).orElseThrow() + (from == 0 ? "" : "?from=" + from);
    }

    private static int number(Visit visit, String name) {
        var sent = visit.request().query().first(name).orElse("0");
        if (!sent.matches("-?\\d{1,8}")) {
            throw new Refused(new BadParameter(name));
        }
        return Integer.parseInt(sent);
    }

    private Job found(Visit visit) {
        return Id.parse(visit.request().pathText("job")).flatMap(id -> bulk.find(visit.caller(), id))
            .orElseThrow(() -> new Refused(new NotFound("job not found")));
    }

    private String what(Job job) {
        var names = db.read(tx -> roles.all(tx, job.org(), job.order().roles())).stream().map(Role::name).toList();
        return BulkWords.act(job.order().act(), job.people(), names, job.ofInvitations());
    }

    /// `Undoes Disable 3 people`, where that may itself have undone another one.
    private Optional<Said> undoes(Visit visit, Job job) {
        return job.undoes().map(id -> bulk.find(visit.caller(), id)
            .map(other -> new Said("Undoes ", what(other), visit.link().to(BulkPages.JOB, other.id()), ""))
            .orElseGet(() -> Said.plain("Undoes an earlier change")));
    }

    private String maker(Job job) {
        return db.read(tx -> users.find(tx, job.org(), job.maker())).map(JobPages::shown)
            .orElse("a person who is gone");
    }

    private static String shown(User user) {
        return user.name().filter(name -> !name.isBlank()).orElse(user.email());
    }

    private Response job(Visit visit) {
        var job = found(visit);
        var show = Segment.named(visit.request().query().first("show").orElse("all"))
            .orElseThrow(() -> new Refused(new BadParameter("show")));
        var after = visit.request().query().first("after").isPresent() ? number(visit, "after") : -1;
        return visit.page(visit.isPart() ? "web/console/job-part.jte" : "web/console/job.jte",
            page(visit, job, show, after));
    }

    private JobPage page(Visit visit, Job job, Segment show, int after) {
        var lines = items.page(job, show, after, ROWS + 1);
        var rows = lines.stream().limit(ROWS).map(line -> row(visit, job, line)).toList();
        var next = lines.size() > ROWS ? Optional.of(address(visit, job, show, lines.get(ROWS - 1).position()))
            : Optional.<String>empty();
        var previous = lines.isEmpty() || after < 0 ? Optional.<String>empty()
            : items.before(job, show, lines.getFirst().position(), ROWS).map(place -> address(visit, job, show, place));
        var first = after < 0 ? Optional.<String>empty() : Optional.of(address(visit, job, show, -1));
        var percent = job.people() == 0 ? 100 : job.reached() * 100 / job.people();
        return new JobPage(visit.shell(Section.PEOPLE, what(job)), what(job), undoes(visit, job), maker(job),
            visit.times().inSentence(job.createdAt()),
            BulkWords.state(job, visit.times()), progress(job, visit.times().now()), job.reached(),
            Math.max(1, job.people()),
            job.isOver() ? BulkWords.state(job, visit.times()) : percent / 10 * 10 + " % done", job.isOver(),
            job.isOver() ? Optional.empty() : Optional.of(address(visit, job, show, after)),
            job.isOver() ? Optional.empty() : visit.link().post(BulkPages.JOB + "/stop", job.id()),
            job.canBeUndone() && Act.of(visit.caller()).contains(job.order().act().opposite().orElseThrow())
                ? visit.link().post(BulkPages.JOB + "/undo", job.id()) : Optional.empty(),
            job.order().act() == Act.DISABLE ? "Keys stay revoked." : "",
            job.order().act() == Act.INVITE || job.order().act() == Act.CANCEL_INVITATIONS
                ? visit.link().to(InvitationPages.PATH) : Optional.empty(),
            visit.link().to(BulkPages.JOB + "/results.csv", job.id()), segments(visit, job, show), rows,
            Pager.steps(first, previous, next, Optional.empty()));
    }

    private static String address(Visit visit, Job job, Segment show, int after) {
        var address = ListAddress.of("", ORDER).with("show", show == Segment.ALL ? "" : show.text());
        return visit.link().to(BulkPages.JOB, job.id()).orElseThrow()
            + (after < 0 ? address : address.at(ListAddress.AFTER, Integer.toString(after))).text();
    }

    private List<roster.door.web.console.Segment> segments(Visit visit, Job job, Segment show) {
        return Stream.of(Segment.values()).map(one -> new roster.door.web.console.Segment("show-" + one.text(),
            switch (one) {
                case ALL -> "All";
                case DONE -> "Done";
                case SKIPPED -> "Skipped";
                case REFUSED -> "Refused";
                case NOT_REACHED -> "Not reached";
            }, address(visit, job, one, -1), one == show, Optional.of(Words.number(switch (one) {
                case ALL -> job.people();
                case DONE -> job.done();
                case SKIPPED -> job.skipped();
                case REFUSED -> job.refused();
                case NOT_REACHED -> job.notReached();
            })))).toList();
    }

    private static Row row(Visit visit, Job job, Line line) {
        var name = line.name().filter(one -> !one.isBlank());
        var who = name.or(line::email).orElse("A person who is gone");
        var href = line.user().flatMap(user -> visit.link().to("/console/people/{id}", user));
        var reason = line.reason().map(one -> BulkWords.reason(job.order().act(), one, line.detail())).orElse("");
        var second = name.isPresent() ? line.email() : Optional.<String>empty();
        return line.outcome().map(outcome -> new Row(who, second, href, switch (outcome) {
            case DONE -> "ok";
            case SKIPPED -> "off";
            case REFUSED -> "bad";
        }, switch (outcome) {
            case DONE -> "check";
            case SKIPPED -> "minus";
            case REFUSED -> "triangle";
        }, BulkWords.outcome(outcome), reason))
            .orElseGet(() -> new Row(who, second, href, "wait", "clock", "Not reached", ""));
    }

    /// `8,214 of 12,345, about 40 seconds left`
    private static String progress(Job job, Instant now) {
        var text = Words.number(job.reached()) + " of " + Words.number(job.people());
        if (job.isOver() || job.startedAt().isEmpty() || job.reached() == 0 || job.waitsUntil().isPresent()) {
            return text;
        }
        var taken = Duration.between(job.startedAt().get(), now).toMillis();
        var left = Math.max(1, taken * job.notReached() / job.reached() / 1000);
        return text + ", about " + (left < 120 ? Words.counted(left, "second") : Words.counted(left / 60, "minute"))
            + " left";
    }

    private Response stop(Visit visit) {
        visit.form();
        var job = found(visit);
        var stopped = bulk.stop(visit.caller(), job);
        return visit.goOn(BulkPages.path(job), Notice.done(stopped ? "Stopped. What was done stays done."
            : "It was over already."));
    }

    private Response undo(Visit visit) {
        visit.form();
        var job = found(visit);
        return bulk.undo(visit.caller(), job).map(undo -> visit.goOn(BulkPages.path(undo), BulkPages.told(undo)))
            .orElseGet(() -> visit.goOn(BulkPages.path(job), Notice.done("There is nothing to undo.")));
    }

    private Response csv(Visit visit) {
        var job = found(visit);
        return CsvFile.of("bulk-" + job.id() + ".csv", List.of("email", "name", "outcome", "reason"),
            csv -> items.each(job, line -> csv.accept(List.of(line.email().orElse(""), line.name().orElse(""),
                line.outcome().map(BulkWords::outcome).orElse("Not reached"), line.reason()
                    .map(reason -> BulkWords.reason(job.order().act(), reason, line.detail())).orElse("")))));
    }
}
