package roster.door.web.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import roster.base.db.Database;
import roster.base.http.Needs;
import roster.base.http.Response;
import roster.base.http.SessionMust;
import roster.core.bulk.Bulk;
import roster.core.bulk.BulkFeature;
import roster.core.bulk.Job;
import roster.core.bulk.Order;
import roster.core.bulk.PastedPeople;
import roster.core.bulk.PastedPeople.Check;
import roster.core.bulk.PastedPeople.Verdict;
import roster.core.bulk.Selection;
import roster.core.bulk.Selection.Chosen;
import roster.core.bulk.Selections;
import roster.core.reader.PastedText;
import roster.core.reader.PeopleCsv;
import roster.core.reader.PeopleReader;
import roster.core.role.Roles;
import roster.model.Id;
import roster.model.Permission;
import roster.model.Problem.BadParameter;
import roster.model.Problem.NotFound;
import roster.model.Refused;
import roster.model.Role;

/// `/console/invite`: people are pasted. `/console/invite/check`: what would happen with each line, and sending.
public final class InvitePages {
    static final String FORM = "/console/invite";
    static final String CHECK = "/console/invite/check";
    private static final Needs NEEDS = Needs.sessionOf(Permission.USER_ACCESS_INVITE);

    /// A text and a file, each as long as it may be, and what is around them.
    static final int FORM_MAX = 2 * PastedText.MAX + (64 << 10);

    /// Roles that are offered as boxes.
    private static final int BOXES_MAX = 50;
    private static final int ROWS = 100;
    private static final List<String> ORDER = List.of("selection", "show", "from");

    private final Database db;
    private final Bulk bulk;
    private final PastedPeople pasted;
    private final Selections selections;
    private final Roles roles;

    InvitePages(Database db, BulkFeature feature, Roles roles) {
        this.db = db;
        this.bulk = feature.bulk;
        this.pasted = feature.pasted;
        this.selections = feature.selections;
        this.roles = roles;
    }

    /// A role as a box.
    public record Box(String id, String name, boolean ticked) {}

    /// @param boxes empty: there are too many roles, and their names are typed
    /// @param fault of the file
    public record InvitePage(Shell shell, String action, Field who, Field file, List<Box> boxes, Field named,
        boolean send) {
        public List<Field> fields() {
            return List.of(who, file, named);
        }
    }

    /// A line with its verdict.
    ///
    /// @param plain none was read: the line as it was pasted
    /// @param happens a part of which may lead on
    /// @param hint what to look at again; empty: nothing
    public record Row(int line, String kind, String icon, String verdict, String who, Optional<String> second,
        boolean plain, Said happens, String hint) {}

    /// What to look at before sending.
    ///
    /// @param first how many lines it is about
    public record Warning(String first, String rest) {}

    public record CheckPage(Shell shell, String lead, List<Warning> warnings, boolean windows, List<Segment> segments,
        List<Row> rows, List<Pager.Step> steps, String each, Optional<String> limit, Optional<String> csv, String back,
        Optional<String> send, String selection, String button) {}

    /// What was sent already: a selection is sent once.
    ///
    /// @param job what became of each
    /// @param open the invitations that can be accepted; none: the caller may not see them, or none was sent
    /// @param more where others are invited
    public record SentPage(Shell shell, String title, String lead, Optional<String> job, Optional<String> open,
        String back, Optional<String> more) {}

    void addTo(Console.Pages pages) {
        pages.get(FORM, NEEDS, this::form);
        pages.add("POST", CHECK, NEEDS, SessionMust.BE_COMPLETE, FORM_MAX, this::check);
        pages.getFresh(CHECK, NEEDS, this::checked);
        pages.get(CHECK + ".csv", NEEDS, this::verdicts);
        pages.postFresh(FORM, NEEDS, this::send);
    }

    /// What was entered.
    private record Entered(String who, List<Role.Id> roles, String named, boolean send) {}

    private Response form(Visit visit) {
        var query = visit.request().query();
        var before = query.first("selection").flatMap(Id::parse).flatMap(id -> found(visit, id));
        var who = query.first("who").orElseGet(() -> before.map(one -> one.text().text()).orElse(""));
        var instead = query.first("instead");
        var meant = query.first("role");
        if (instead.isPresent() && meant.isPresent()) {
            who = who.replace(instead.get(), meant.get());
        }
        var entered = new Entered(who, before.map(Chosen.Pasted::roles).orElse(List.of()), "",
            before.map(Chosen.Pasted::send).orElse(true));
        return page(visit, 200, entered, "", "", "");
    }

    private Optional<Chosen.Pasted> found(Visit visit, UUID id) {
        return selections.find(visit.caller(), id).map(Selection::chosen).filter(Chosen.Pasted.class::isInstance)
            .map(Chosen.Pasted.class::cast);
    }

    private Response page(Visit visit, int status, Entered entered, String whoFault, String fileFault,
        String roleFault) {
        var all =
            db.read(tx -> roles.changedSince(tx, visit.caller().org(), 0)).stream().sorted(Roles.BY_NAME).toList();
        var boxes = all.size() > BOXES_MAX ? List.<Box>of() : all.stream()
            .map(role -> new Box(role.id().toString(), role.name(), entered.roles().contains(role.id()))).toList();
        var who = Field.of("who", "Who", entered.who()).hinting("One a line, or anything with addresses in it: "
            + "spreadsheet rows, a To: field, a CSV with the columns email, name, title, roles. Up to 10,000.");
        var file = Field.of("file", "Or a file", "");
        var named = Field.of("named", "Roles for all of them", boxes.isEmpty() && entered.named().isEmpty()
            ? PeopleCsv
                .joined(all.stream().filter(role -> entered.roles().contains(role.id())).map(Role::name).toList())
            : entered.named()).hinting("Their names, with semicolons between.");
        return visit.page(status, "web/console/invite.jte", new InvitePage(
            visit.shell(Section.PEOPLE, (status == 200 ? "" : "Error: ") + "Invite people"),
            visit.link().post(CHECK).orElseThrow(), whoFault.isEmpty() ? who : who.faulty(whoFault),
            fileFault.isEmpty() ? file : file.faulty(fileFault), boxes,
            roleFault.isEmpty() ? named : named.faulty(roleFault),
            entered.send()));
    }

    private Response check(Visit visit) {
        var upload = visit.upload();
        var file = upload.file("file");
        var text = file.map(PastedText::of).orElseGet(() -> PastedText.of(upload.text("who")));
        var named = upload.text("named");
        var given = new ArrayList<Role.Id>();
        upload.texts("role").stream().limit(Order.ROLES_MAX).forEach(id -> given.add(new Role.Id(Id.parse(id)
            .orElseThrow(() -> new Refused(new BadParameter("role"))))));
        var entered = new Entered(file.isPresent() ? "" : upload.text("who"), given, named,
            !upload.text("send").isEmpty());
        for (var name : PeopleCsv.divided(named).stream().map(String::strip).limit(Order.ROLES_MAX).toList()) {
            var role = db.read(tx -> roles.withName(tx, visit.caller().org(), name));
            if (role.isEmpty()) {
                return page(visit, 422, entered, "", "", "There is no role “" + name + "”.");
            }
            given.add(role.get().id());
        }
        var fault = InviteWords.fault(file.filter(bytes -> bytes.length > PastedText.MAX).isPresent()
            ? new PeopleReader.TooLong() : PeopleReader.read(text.text()));
        if (!fault.isEmpty()) {
            return page(visit, 422, entered, file.isPresent() ? "" : fault, file.isPresent() ? fault : "", "");
        }
        var selection = selections.add(visit.caller(), new Chosen.Pasted(text, given, entered.send()));
        return visit.goOn(address(selection.id()).text());
    }

    private static ListAddress address(UUID selection) {
        return ListAddress.of(CHECK, ORDER).with("selection", selection.toString());
    }

    private record Asked(Selection selection, Chosen.Pasted pasted) {}

    private Asked asked(Visit visit, String selection) {
        return Id.parse(selection).flatMap(id -> selections.find(visit.caller(), id))
            .filter(one -> one.chosen() instanceof Chosen.Pasted)
            .map(one -> new Asked(one, (Chosen.Pasted) one.chosen()))
            .orElseThrow(() -> new Refused(new NotFound("selection")));
    }

    /// The lines that are shown together.
    private enum Show {
        ALL("All"), NEW("New"), REMINDER("Reminder"), NOTHING("Nothing to do"), FIX("Fix");

        private final String label;

        Show(String label) {
            this.label = label;
        }

        private String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        private boolean holds(Verdict verdict) {
            return switch (this) {
                case ALL -> true;
                case NEW -> verdict instanceof Verdict.New;
                case REMINDER -> verdict instanceof Verdict.Reminder;
                case FIX -> verdict instanceof Verdict.Fix;
                case NOTHING -> !verdict.isInvited() && !(verdict instanceof Verdict.Fix);
            };
        }
    }

    private Response checked(Visit visit) {
        var query = visit.request().query();
        if (query.first("selection").isEmpty()) {
            return visit.goOn(FORM);
        }
        var asked = asked(visit, query.first("selection").orElse(""));
        var show = Stream.of(Show.values()).filter(one -> one.text().equals(query.first("show").orElse("all")))
            .findFirst().orElseThrow(() -> new Refused(new BadParameter("show")));
        var job = sent(visit, asked.selection());
        if (job.isPresent()) {
            return visit.page("web/console/invite-sent.jte", page(visit, asked, job.get()));
        }
        var check = pasted.check(visit.caller(), asked.selection(), asked.pasted());
        return visit.page("web/console/invite-check.jte", page(visit, asked, check, show));
    }

    /// The job that sends a selection has its id: so it is known whether it was sent, and there is no second one.
    private Optional<Job> sent(Visit visit, Selection selection) {
        return bulk.find(visit.caller(), selection.id());
    }

    private static SentPage page(Visit visit, Asked asked, Job job) {
        var link = visit.link();
        var title = InviteWords.sentTitle(job);
        return new SentPage(visit.shell(Section.PEOPLE, title), title, InviteWords.sent(job, visit.times()),
            link.to(BulkPages.JOB, job.id()), job.order().send() && !(job.isOver() && job.done() == 0)
                ? link.to(ListAddress.of(InvitationPages.PATH, InvitationPages.ORDER).with("state", "open"))
                : Optional.empty(),
            back(visit, asked), link.to(FORM));
    }

    /// To the field, with what was pasted.
    private static String back(Visit visit, Asked asked) {
        return visit.link().to(FORM).orElseThrow() + "?selection=" + asked.selection().id();
    }

    private Response verdicts(Visit visit) {
        var asked = asked(visit, visit.request().query().first("selection").orElse(""));
        var check = pasted.check(visit.caller(), asked.selection(), asked.pasted());
        return CsvFile.of("verdicts.csv", List.of("line", "verdict", "email", "name", "what happens"),
            csv -> check.lines().forEach(one -> csv.accept(List.of(Integer.toString(one.line().number()),
                InviteWords.badge(one.verdict()).text(), one.line().email().orElse(one.line().source()),
                one.line().name().orElse(""), Stream.of(InviteWords.happens(one, visit, "").text(),
                    InviteWords.hint(one)).filter(text -> !text.isEmpty()).collect(Collectors.joining(". "))))));
    }

    private CheckPage page(Visit visit, Asked asked, Check check, Show show) {
        var from = from(visit);
        var base = address(asked.selection().id());
        var shown = check.lines().stream().filter(one -> show.holds(one.verdict())).toList();
        var back = back(visit, asked);
        var rows = shown.stream().skip(from).limit(ROWS).map(one -> row(visit, one, back)).toList();
        var list = base.with("show", show == Show.ALL ? "" : show.text());
        var steps = Pager.counted(from, ROWS, shown.size(),
            start -> visit.link().to(list.with("from", start == 0 ? "" : Long.toString(start))));
        var segments = Stream.of(Show.values()).map(one -> new Segment("show-" + one.text(), one.label,
            visit.link().to(base.with("show", one == Show.ALL ? "" : one.text())).orElseThrow(), one == show,
            Optional.of(Words.number(check.lines().stream().filter(line -> one.holds(line.verdict())).count()))))
            .toList();
        return new CheckPage(visit.shell(Section.PEOPLE, "Check before inviting"),
            Words.counted(check.lines().size(), "line") + " read. Nothing has been sent.", InviteWords.warnings(check),
            check.windows(), segments, rows, steps,
            InviteWords.each(check.invited(), names(visit, asked.pasted()), asked.pasted().send()),
            check.limit().map(limit -> InviteWords.limit(limit, visit.times())),
            visit.link().to(CHECK + ".csv").map(path -> path + "?selection=" + asked.selection().id()), back,
            check.invited() == 0 ? Optional.empty()
                : visit.link().post(FORM),
            asked.selection().id().toString(),
            (asked.pasted().send() ? "Invite " : "Add ") + Words.people(check.invited()));
    }

    private static int from(Visit visit) {
        var from = visit.request().query().first("from").orElse("0");
        if (!from.matches("\\d{1,6}")) {
            throw new Refused(new BadParameter("from"));
        }
        return Integer.parseInt(from);
    }

    private List<String> names(Visit visit, Chosen.Pasted chosen) {
        return db.read(tx -> roles.all(tx, visit.caller().org(), chosen.roles())).stream().map(Role::name).toList();
    }

    private static Row row(Visit visit, PastedPeople.Checked checked, String back) {
        var line = checked.line();
        var name = line.name().filter(one -> !one.isBlank());
        var badge = InviteWords.badge(checked.verdict());
        return new Row(line.number(), badge.kind(), badge.icon(), badge.text(),
            line.email().isEmpty() ? line.source() : name.or(line::email).orElseThrow(),
            line.email().isEmpty() ? Optional.empty() : Optional.of(name.isPresent() ? line.email().get() : "No name"),
            line.email().isEmpty(), InviteWords.happens(checked, visit, back), InviteWords.hint(checked));
    }

    private Response send(Visit visit) {
        var form = visit.form();
        var asked = asked(visit, form.text("selection"));
        var known = sent(visit, asked.selection());
        if (known.isPresent()) { // sent again
            return visit.goOn(BulkPages.path(known.get()));
        }
        var toFix = pasted.check(visit.caller(), asked.selection(), asked.pasted()).toFix();
        var job = bulk.begin(visit.caller(), asked.selection().id(), PastedPeople.order(asked.pasted()),
            pasted.invited(visit.caller(), asked.pasted()));
        if (toFix.isEmpty()) {
            return visit.goOn(BulkPages.path(job), BulkPages.told(job));
        }
        var left =
            selections.add(visit.caller(), new Chosen.Pasted(new PastedText(toFix, false), asked.pasted().roles(),
                asked.pasted().send()));
        return visit.goOn(FORM + "?selection=" + left.id(), job.isOver() ? BulkPages.told(job)
            : Notice.done("The invitations are under way. What needs fixing is in the field."));
    }
}
