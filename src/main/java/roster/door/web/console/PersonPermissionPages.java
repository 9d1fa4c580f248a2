package roster.door.web.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import roster.base.db.Tx;
import roster.base.http.Needs;
import roster.base.http.Response;
import roster.core.permission.Catalogue;
import roster.core.role.Holdings;
import roster.core.role.Roles;
import roster.core.role.RolesHolding;
import roster.core.role.RolesHolding.Holding;
import roster.core.user.History;
import roster.core.user.History.Cause;
import roster.core.user.History.Reason;
import roster.core.user.History.Reasons;
import roster.core.user.Users;
import roster.door.web.console.PersonPage.Chip;
import roster.door.web.console.PersonPage.Group;
import roster.door.web.console.PersonPage.Held;
import roster.door.web.console.PersonPage.Missing;
import roster.door.web.console.PersonPage.Option;
import roster.door.web.console.PersonPage.Permissions;
import roster.door.web.console.PersonPage.Why;
import roster.door.web.console.Sentence.Part;
import roster.model.Id;
import roster.model.Permission;
import roster.model.Role;
import roster.model.User;

/// `/console/people/{id}/permissions`: what a person may do, and why.
public final class PersonPermissionPages {
    static final String WHY = PersonPages.PERMISSIONS + "/{name}";

    /// The words of an address.
    private static final List<String> ORDER = List.of("q", "role", "show", Persons.FROM);

    private static final String MISSING = "missing";

    /// The longest text that is searched for, in characters.
    private static final int TEXT_MAX = 200;

    /// Roles that are named of those that would give a permission.
    private static final int NAMED = 3;

    private final Persons persons;
    private final Users users;
    private final Roles roles;
    private final RolesHolding holding;
    private final History history;
    private final Catalogue catalogue;

    PersonPermissionPages(Persons persons, ConsoleDoor.Rooms rooms, Catalogue catalogue) {
        this.persons = persons;
        this.users = rooms.user().users;
        this.roles = rooms.role().roles;
        this.holding = rooms.role().holding;
        this.history = rooms.user().history;
        this.catalogue = catalogue;
    }

    void addTo(Console.Pages pages) {
        pages.get(PersonPages.PERMISSIONS, Needs.sessionOf(Permission.USER_ACCESS_READ),
            visit -> persons.page(visit, template(visit), (tx, user) -> permissions(visit, tx, user,
                PersonPages.PERMISSIONS.replace("{id}", user.id().toString()))))
            .get(MePages.PERMISSIONS, Needs.Simple.SESSION, this::own)
            .get(WHY, Needs.sessionOf(Permission.AUDIT_LOGS_READ),
                visit -> persons.page(visit, "web/console/person-why.jte", (tx, user) -> why(visit, tx, user)));
    }

    /// Those of the user who asks.
    private Response own(Visit visit) {
        visit.viewer();
        return visit.page(template(visit), visit.read(tx -> permissions(visit, tx,
            users.find(tx, visit.caller().org(), visit.viewer().user()).orElseThrow(), MePages.PERMISSIONS)));
    }

    private static String template(Visit visit) {
        return visit.isPart() ? "web/console/person-permissions-list.jte" : "web/console/person-permissions.jte";
    }

    /// @param path of the page
    private Permissions permissions(Visit visit, Tx tx, User user, String path) {
        var held = roles.all(tx, user.org(), user.roles());
        var holdings = new Holdings(catalogue, held);
        var address = ListAddress.of(path, ORDER, visit.request().query());
        var query = address.value("q").filter(text -> text.length() <= TEXT_MAX).orElse("");
        var from = address.value("role").flatMap(Id::parse).map(Role.Id::new);
        var groups = holdings.groups(query, from);
        var shown = groups.stream().mapToInt(group -> group.held().size()).sum();
        var missing = holdings.missing();
        var action = (path.equals(MePages.PERMISSIONS) ? visit.link().to(path)
            : visit.link().to(PersonPages.PERMISSIONS, user.id())).orElseThrow();
        var they = visit.viewer().user().equals(user.id()) ? "you" : "they";
        return new Permissions(persons.head(visit, tx, user, PersonPages.PERMISSIONS, holdings.count()),
            Words.counted(shown, "permission") + " in " + Words.counted(groups.size(), "group"),
            user.disabled() ? "They are disabled and may do nothing now. This applies again when they are enabled."
                : "",
            action, address.value(Persons.FROM).orElse(""), query, from.map(Role.Id::toString).orElse(""),
            held.stream().map(role -> new Option(role.id().toString(), role.name())).toList(),
            groups.stream().map(group -> new Group(group.name(), group.held().size() + " of " + group.all(),
                group.held().stream().map(one -> held(visit, user, one)).toList())).toList(),
            address.value("show").filter(MISSING::equals).map(_ -> missing(tx, user, missing)),
            missing.size() == 1 ? "Show the one " + they + " do not hold"
                : "Show the " + Words.number(missing.size()) + " " + they + " do not hold",
            action + address.with("show", MISSING).text().substring(address.path().length()) + "#missing");
    }

    private static Held held(Visit visit, User user, Holdings.Held one) {
        var entry = one.permission();
        return new Held(entry.permission().name(), entry.displayName(), entry.description(), one.from().stream()
            .map(role -> new Chip(role.name(), visit.link().to("/console/roles/{id}", role.id()))).toList(),
            visit.link().to(WHY, user.id(), entry.permission().name()));
    }

    private List<Missing> missing(Tx tx, User user, List<Catalogue.Entry> missing) {
        var givers = holding.of(tx, user.org(), missing.stream().map(Catalogue.Entry::permission).toList(), NAMED);
        return missing.stream().map(entry -> {
            var roles = givers.get(entry.permission());
            return new Missing(entry.permission().name(), entry.displayName(), entry.description(), roles.first(),
                roles.total() - roles.first().size());
        }).toList();
    }

    private Why why(Visit visit, Tx tx, User user) {
        var reasons = history.explain(tx, user.org(), user.id().toString(), visit.request().pathText("name"));
        var holdings = new Holdings(catalogue, roles.all(tx, user.org(), user.roles()));
        var entry = catalogue.find(reasons.permission());
        var causes = new ArrayList<Cause>();
        reasons.roles().forEach(reason -> {
            reason.membership().ifPresent(causes::add);
            reason.grant().ifPresent(causes::add);
        });
        var names = persons.names(tx, user.org(), causes);
        var held = !reasons.roles().isEmpty() || reasons.everyone();
        return new Why(persons.head(visit, tx, user, WHY, holdings.count()), reasons.permission().name(),
            entry.map(Catalogue.Entry::displayName).orElse(reasons.permission().name()),
            entry.map(Catalogue.Entry::description).orElse(""), held ? "Why they hold " : "They do not hold ",
            sentences(visit, tx, reasons, names),
            visit.link().to(PersonPages.PERMISSIONS, user.id()).map(href -> new Chip("All permissions",
                Optional.of(href))));
    }

    private List<Sentence> sentences(Visit visit, Tx tx, Reasons reasons, Map<UUID, String> names) {
        var all = new ArrayList<Sentence>();
        if (reasons.everyone()) {
            all.add(words("Every user holds it, whatever their roles."));
        }
        reasons.roles().forEach(reason -> all.add(because(visit, reason, reasons, names)));
        if (!reasons.everyone() && reasons.roles().isEmpty()) {
            all.add(words(would(holding.of(tx, reasons.user().org(), List.of(reasons.permission()), NAMED)
                .get(reasons.permission()))));
        }
        if (reasons.user().disabled()) {
            all.add(words("They are disabled and may do nothing now. This applies again when they are enabled."));
        }
        return all;
    }

    private static Sentence words(String text) {
        return new Sentence(List.of(Part.words(text)));
    }

    /// Who gave the role, and who put the permission into it.
    private static Sentence because(Visit visit, Reason reason, Reasons reasons, Map<UUID, String> names) {
        var role = Part.name(reason.role().name(), visit.link().to("/console/roles/{id}", reason.role().id()));
        var parts = new ArrayList<Part>();
        reason.membership().ifPresentOrElse(cause -> {
            parts.add(actor(visit, cause, names));
            parts.add(Part.words(" gave them the role "));
            parts.add(role);
            when(visit, cause, parts);
        }, () -> {
            parts.add(Part.words("They have the role "));
            parts.add(role);
            parts.add(Part.words(", for longer than the trail reaches back. "));
        });
        reason.grant().ifPresent(cause -> {
            parts.add(actor(visit, cause, names));
            parts.add(Part.words(" added the permission to that role"));
            when(visit, cause, parts);
        });
        if (reason.role().managed().isPresent()) {
            parts.add(Part.words("The role is managed: it holds the permission in every organisation. "));
        }
        without(reason, reasons, parts);
        return new Sentence(parts);
    }

    private static Part actor(Visit visit, Cause cause, Map<UUID, String> names) {
        return cause.by().map(id -> names.containsKey(id)
            ? Part.name(names.get(id), visit.link().to(PersonPages.PATH, id))
            : Part.words(Words.capital(Sentences.ANONYMISED)))
            .orElseGet(() -> Part.name(Words.capital(Sentences.actorName(cause.byName())), Optional.empty()));
    }

    /// ` on 28 Nov 2026, 16:31 (entry 182,331). `
    private static void when(Visit visit, Cause cause, List<Part> parts) {
        parts.add(Part.words(" on " + visit.times().full(cause.at()).text() + " ("));
        var place = "entry " + TrailShown.place(cause.version(), cause.entry());
        var href = visit.link().to(TrailShown.ENTRY, cause.version() + "." + cause.entry());
        parts.add(href.isPresent() ? new Part(place, false, href) : Part.words(place));
        parts.add(Part.words("). "));
    }

    /// What they would have left without one of the roles.
    private static void without(Reason reason, Reasons reasons, List<Part> parts) {
        if (reasons.everyone()) {
            return;
        }
        var others = reasons.roles().stream().map(one -> one.role().name())
            .filter(name -> !name.equals(reason.role().name())).toList();
        if (others.isEmpty()) {
            parts.add(Part.words("Without that role they lose it."));
        } else {
            parts.add(Part.words("Without that role they keep it from "));
            parts.add(Part.name(Words.list(others), Optional.empty()));
            parts.add(Part.words("."));
        }
    }

    private static String would(Holding givers) {
        if (givers.total() == 0) {
            return "No role holds it.";
        }
        var more = givers.total() - givers.first().size();
        return (givers.total() == 1 ? "This role would give it: " : "These roles would give it: ")
            + (more == 0 ? Words.list(givers.first())
                : String.join(", ", givers.first()) + " and " + Words.number(more) + " more")
            + ".";
    }
}
