package roster.door.web.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import roster.base.db.Database;
import roster.base.html.Form;
import roster.base.http.Needs;
import roster.base.http.Query;
import roster.base.http.Response;
import roster.base.http.SessionMust;
import roster.core.bulk.Act;
import roster.core.bulk.Bulk;
import roster.core.bulk.BulkFeature;
import roster.core.bulk.Item;
import roster.core.bulk.Job;
import roster.core.bulk.Order;
import roster.core.bulk.Selection.Chosen;
import roster.core.bulk.Selections;
import roster.core.directory.PeopleWords;
import roster.core.index.PeopleFilter;
import roster.core.invitation.InvitationSearch;
import roster.core.reader.PeopleCsv;
import roster.core.role.Roles;
import roster.model.Id;
import roster.model.Invitation;
import roster.model.Permission;
import roster.model.Problem.BadParameter;
import roster.model.Problem.Forbidden;
import roster.model.Problem.NotFound;
import roster.model.Refused;
import roster.model.Role;
import roster.model.User;

/// `POST /console/bulk`: people are selected for an act. `/console/bulk/new`: it is confirmed, and begins.
public final class BulkPages {
    static final String LIST = "/console/bulk";
    static final String NEW = "/console/bulk/new";
    static final String JOB = "/console/bulk/{job}";
    static final Needs NEEDS = Needs.sessionOf(Permission.USER_ACCESS_INVITE, Permission.USER_ACCESS_MANAGE);

    private static final int FORM_MAX = 16 << 10;
    private static final List<String> ORDER = List.of("do", "selection", "role");

    /// With more, the number is typed: keys of those who are disabled go for good.
    private static final int TYPED_FROM = 100;

    /// Roles that are offered as boxes.
    private static final int BOXES_MAX = 50;

    private final Database db;
    private final Bulk bulk;
    private final Selections selections;
    private final Roles roles;

    BulkPages(Database db, BulkFeature feature, Roles roles) {
        this.db = db;
        this.bulk = feature.bulk;
        this.selections = feature.selections;
        this.roles = roles;
    }

    /// A page that asks.
    ///
    /// @param fields hidden ones
    /// @param typed what must be typed; none: nothing
    /// @param changed if the number differs from the one that was confirmed
    public record Confirm(Shell shell, String question, String rehearsed, List<String> facts, String button,
        boolean dangerous, Optional<String> action, Map<String, String> fields, Optional<Field> typed,
        Optional<String> changed, Optional<String> cancel) {}

    /// A choice of roles.
    ///
    /// @param question how many people it is about
    /// @param boxes by id; empty: there are too many, and their names are typed
    /// @param cancel the list
    public record Choice(Shell shell, String question, String action, String selection, Map<String, String> boxes,
        Field typed, Optional<String> cancel) {}

    void addTo(Console.Pages pages) {
        pages.add("POST", LIST, NEEDS, SessionMust.BE_COMPLETE, FORM_MAX, this::select);
        pages.getFresh(NEW, NEEDS, this::ask);
        pages.postFresh(NEW, NEEDS, this::begin);
    }

    private Response select(Visit visit) {
        var form = visit.form();
        var list = form.text("list").startsWith("/console/") ? form.text("list") : PeoplePages.PATH;
        var ofInvitations = list.startsWith(InvitationPages.PATH);
        var all = form.text("sel").equals("all");
        var ids = form.all("id").stream().map(BulkPages::id).toList();
        if (!all && ids.isEmpty()) {
            return visit.goOn(list, new Notice(Notice.Kind.WAIT, ofInvitations
                ? "No invitations are selected. Tick some first." : "No people are selected. Tick some first.",
                Optional.empty()));
        }
        var chosen = all ? matching(visit, list, ofInvitations)
            : ofInvitations ? new Chosen.Invitations(ids.stream().map(Invitation.Id::new).toList())
            : new Chosen.People(ids.stream().map(User.Id::new).toList());
        var selection = selections.add(visit.caller(), chosen);
        return visit.goOn(ListAddress.of(NEW, ORDER).with("do", form.text("do"))
            .with("selection", selection.id().toString()).text());
    }

    private static UUID id(String text) {
        return Id.parse(text).orElseThrow(() -> new Refused(new BadParameter("id")));
    }

    private static Chosen matching(Visit visit, String list, boolean ofInvitations) {
        var at = list.indexOf('?');
        var query = at < 0 ? Query.NONE : Query.of(list.substring(at + 1));
        return ofInvitations
            ? new Chosen.MatchingInvitations(InvitationSearch.read(query::first), visit.times().zone())
            : new Chosen.Matching(PeopleWords.read(query::first, PeopleFilter.Kind.PEOPLE), visit.times().zone());
    }

    /// What was asked for, in an address or a form.
    private record Asked(String act, Optional<UUID> selection, List<Role.Id> roles) {
        private static Asked of(Function<String, List<String>> sent) {
            return new Asked(first(sent.apply("do")).orElse(""), first(sent.apply("selection")).flatMap(Id::parse),
                sent.apply("role").stream().flatMap(one -> Visit.several(one).stream()).distinct()
                    .limit(Order.ROLES_MAX).map(id -> new Role.Id(Id.parse(id)
                        .orElseThrow(() -> new Refused(new BadParameter("role")))))
                    .toList());
        }

        private static Optional<String> first(List<String> values) {
            return values.stream().findFirst();
        }

        private ListAddress address() {
            return ListAddress.of(NEW, ORDER).with("do", act).with("selection", selection.orElseThrow().toString())
                .with("role", String.join(",", roles.stream().map(Role.Id::toString).toList()));
        }
    }

    private Chosen chosen(Visit visit, Asked asked) {
        return asked.selection().flatMap(id -> selections.find(visit.caller(), id)).map(one -> one.chosen())
            .filter(one -> !(one instanceof Chosen.Pasted)).orElseThrow(() -> new Refused(new NotFound("selection")));
    }

    private Response ask(Visit visit) {
        var asked = Asked.of(visit.request().query()::all);
        if (asked.selection().isEmpty()) {
            return visit.goOn("/console/people"); // people are selected there
        }
        var chosen = chosen(visit, asked);
        var named = visit.request().query().first("named").orElse("");
        if (!named.isBlank()) {
            return named(visit, asked, named);
        }
        var order = order(asked);
        return order.isEmpty() || order.get().act().hasRoles() && order.get().roles().isEmpty()
            ? choose(visit, asked, "")
            : confirm(visit, 200, asked, order.get(), bulk.items(visit.caller(), chosen), "", "");
    }

    /// @return none if a choice between roles is to be made first
    private static Optional<Order> order(Asked asked) {
        if (asked.act().equals("roles")) {
            return Optional.empty();
        }
        var act = Act.named(asked.act()).orElseThrow(() -> new Refused(new BadParameter("do")));
        return Optional.of(new Order(act, act.hasRoles() ? asked.roles() : List.of(), true));
    }

    /// Roles whose names were typed.
    private Response named(Visit visit, Asked asked, String named) {
        var found = new ArrayList<Role.Id>();
        for (var name : PeopleCsv.divided(named).stream().map(String::strip).limit(Order.ROLES_MAX)
            .toList()) {
            var role = db.read(tx -> roles.withName(tx, visit.caller().org(), name));
            if (role.isEmpty()) {
                return choose(visit, asked, "There is no role “" + name + "”.");
            }
            found.add(role.get().id());
        }
        return visit.goOn(new Asked(asked.act(), asked.selection(), found).address().text());
    }

    private Response choose(Visit visit, Asked asked, String fault) {
        if (!Act.of(visit.caller()).contains(Act.GIVE_ROLES)) {
            throw new Refused(new Forbidden(Act.GIVE_ROLES.needed()));
        }
        var all =
            db.read(tx -> roles.changedSince(tx, visit.caller().org(), 0)).stream().sorted(Roles.BY_NAME).toList();
        var boxes = new LinkedHashMap<String, String>();
        if (all.size() <= BOXES_MAX) {
            all.forEach(role -> boxes.put(role.id().toString(), role.name()));
        }
        var question = "Change roles of " + Words.people(bulk.items(visit.caller(), chosen(visit, asked)).size());
        var typed = Field.of("named", "Roles", visit.request().query().first("named").orElse(""))
            .hinting("Their names, with semicolons between.");
        return visit.page(fault.isEmpty() ? 200 : 422, "web/console/bulk-roles.jte",
            new Choice(visit.shell(Section.PEOPLE, fault.isEmpty() ? question : "Error: " + question), question,
                visit.link().to(NEW).orElseThrow(), asked.selection().orElseThrow().toString(), boxes,
                fault.isEmpty() ? typed : typed.faulty(fault), visit.link().to(PeoplePages.PATH)));
    }

    private Response confirm(Visit visit, int status, Asked asked, Order order, List<Item> items, String changed,
        String typed) {
        if (items.isEmpty()) {
            throw new Refused(new NotFound("people"));
        }
        var act = order.act();
        var ofInvitations = items.getFirst() instanceof Item.OfInvitation;
        if (ofInvitations && act != Act.CANCEL_INVITATIONS) {
            throw new Refused(new BadParameter("do"));
        }
        var what = BulkWords.act(act, items.size(), names(visit, order), ofInvitations);
        var fields = new LinkedHashMap<>(asked.address().values());
        fields.put("count", Integer.toString(items.size()));
        fields.put("once", bulk.newId().toString());
        var field = Field.of("typed", "Type " + items.size() + " to go on", typed);
        var shell = visit.shell(ofInvitations ? Section.INVITATIONS : Section.PEOPLE,
            (status == 422 ? "Error: " : "") + what + "?");
        return visit.page(status, "web/console/bulk-new.jte", new Confirm(shell, what + "?",
            BulkWords.rehearsed(act, bulk.rehearse(visit.caller(), order, items), ofInvitations),
            BulkWords.facts(act), what, act == Act.DISABLE || ofInvitations,
            visit.link().post(NEW),
            fields, mustType(order, items) ? Optional.of(status == 422 ? field.faulty("Type " + items.size()
                + " to go on.") : field) : Optional.empty(),
            Optional.of(changed).filter(text -> !text.isEmpty()),
            visit.link().to(ofInvitations ? InvitationPages.PATH : PeoplePages.PATH)));
    }

    private static boolean mustType(Order order, List<Item> items) {
        return order.act() == Act.DISABLE && items.size() > TYPED_FROM;
    }

    private List<String> names(Visit visit, Order order) {
        return db.read(tx -> roles.all(tx, visit.caller().org(), order.roles())).stream().map(Role::name).toList();
    }

    private Response begin(Visit visit) {
        var form = visit.form();
        var asked = Asked.of(form::all);
        var order = order(asked).orElseThrow(() -> new Refused(new BadParameter("do")));
        var once = once(form);
        var known = bulk.find(visit.caller(), once);
        if (known.isPresent()) { // sent again
            return visit.goOn(path(known.get()));
        }
        var items = bulk.items(visit.caller(), chosen(visit, asked));
        if (!form.text("count").equals(Integer.toString(items.size()))) {
            return confirm(visit, 409, asked, order, items, "%s when you looked, %s now.".formatted(looked(form),
                Words.number(items.size())), "");
        }
        if (mustType(order, items) && !form.text("typed").replaceAll("[,.\\s']", "").equals(form.text("count"))) {
            return confirm(visit, 422, asked, order, items, "", form.text("typed"));
        }
        var job = bulk.begin(visit.caller(), once, order, items);
        return visit.goOn(path(job), told(job));
    }

    private static String looked(Form form) {
        return form.text("count").matches("\\d{1,9}") ? Words.number(Long.parseLong(form.text("count")))
            : "Other people";
    }

    static UUID once(Form form) {
        return Id.parse(form.text("once")).orElseThrow(() -> new Refused(new BadParameter("once")));
    }

    static String path(Job job) {
        return LIST + "/" + job.id();
    }

    static Notice told(Job job) {
        if (!job.isOver()) {
            return Notice.done("It is under way. This page shows how far it has come.");
        }
        var notice = Notice.done(BulkWords.done(job.order().act(), job.done(), job.ofInvitations())
            + BulkWords.rest(job));
        return job.canBeUndone()
            ? notice.with(new Notice.Undo("Undo", JOB + "/undo", List.of(job.id().toString()), Map.of()))
            : notice;
    }
}
