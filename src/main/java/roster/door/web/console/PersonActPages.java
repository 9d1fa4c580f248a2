package roster.door.web.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.base.html.Form;
import roster.base.http.Response;
import roster.core.session.Sessions;
import roster.core.user.Anonymisation;
import roster.core.user.Users;
import roster.door.web.console.Ask.Fact;
import roster.model.Email;
import roster.model.Problem.Forbidden;
import roster.model.Problem.LastAdministrator;
import roster.model.Problem.NotFound;
import roster.model.Problem.Stale;
import roster.model.Problem.Unavailable;
import roster.model.Refused;
import roster.model.User;

/// `/console/people/{id}/disable`, `/enable`, `/anonymise`: asks first, then acts.
public final class PersonActPages {
    private static final String TEMPLATE = "web/console/ask.jte";
    private static final String TYPED = "typed";

    /// Keys that are named of those that end.
    private static final int NAMED = 3;

    private final Persons persons;
    private final Database db;
    private final Users users;
    private final Anonymisation anonymisation;
    private final Sessions sessions;
    private final PersonKeys keys;
    private final Meanwhile meanwhile;

    PersonActPages(Persons persons, ConsoleDoor.Rooms rooms, Meanwhile meanwhile, Database db) {
        this.persons = persons;
        this.db = db;
        this.meanwhile = meanwhile;
        users = rooms.user().users;
        anonymisation = rooms.anonymisation().anonymisation;
        sessions = rooms.session().sessions;
        keys = new PersonKeys(rooms.key());
    }

    void addTo(Console.Pages pages) {
        pages.get(EditPages.DISABLE, EditPages.ANY, visit -> askToDisable(visit, 200))
            .postFresh(EditPages.DISABLE, EditPages.ANY, visit -> change(visit, true))
            .get(EditPages.ENABLE, EditPages.ANY, this::askToEnable)
            .postFresh(EditPages.ENABLE, EditPages.ANY, visit -> change(visit, false))
            .getFresh(EditPages.ANONYMISE, EditPages.NEEDS, visit -> askToAnonymise(visit, 200, "", ""))
            .postFresh(EditPages.ANONYMISE, EditPages.NEEDS, this::anonymise);
    }

    /// How much of a person ends when they are disabled.
    private record Ends(long sessions, long keys, long tokens) {}

    private Ends ends(Tx tx, User user) {
        return new Ends(sessions.of(tx, user.org(), user.id()).size(), keys.application(tx, user, 1).total(),
            keys.tokens(tx, user, 1).total());
    }

    /// A page that asks, where the act would be refused with the reason in the place of the button.
    ///
    /// @param rehearsed the act, which is taken back
    private Response asked(Visit visit, int status, Consumer<WriteTx> rehearsed, Asking asking) {
        visit.viewer();
        var refusal = refusal(() -> db.rehearse(visit.caller(), tx -> {
            users.editable(tx, visit.request().pathText("id"));
            rehearsed.accept(tx);
            return null;
        }));
        return persons.act(visit, status, TEMPLATE, (tx, user) -> asking.page(tx, user, refusal));
    }

    private interface Asking {
        Ask page(Tx tx, User user, String refusal);
    }

    private static String refusal(Runnable rehearsal) {
        try {
            rehearsal.run();
            return "";
        } catch (Refused e) {
            return why(e);
        }
    }

    /// Why an act would be refused; empty if that is not known.
    ///
    /// @throws Refused again, where the page is refused with it
    static String why(Refused refused) {
        return switch (refused.problem()) {
            case Unavailable _ -> "";
            case NotFound _,Forbidden _ -> throw refused;
            default -> Words.of(refused.problem());
        };
    }

    private Response askToDisable(Visit visit, int status) {
        return asked(visit, status, tx -> {
            if (!users.named(tx, tx.org(), visit.request().pathText("id")).disabled()) {
                users.disable(tx, visit.request().pathText("id"));
            }
        }, (tx, user, refusal) -> ask(visit, user, "Disable " + Persons.name(user),
            user.serviceAccount() ? "Nothing can be done in its name until it is enabled again."
                : "They can't sign in any more, and nothing can be done with their keys, until they are enabled again.",
            ending(visit, tx, user), user.disabled() ? "They are disabled already." : refusal, Optional.empty(),
            EditPages.DISABLE, true));
    }

    private List<Fact> ending(Visit visit, Tx tx, User user) {
        var facts = new ArrayList<Fact>();
        var ends = ends(tx, user);
        if (ends.sessions() > 0) {
            facts.add(Fact.of("leave", ends.sessions() == 1 ? "1 session ends"
                : Words.counted(ends.sessions(), "session") + " end"));
        }
        if (ends.keys() + ends.tokens() > 0) {
            facts.add(new Fact("key", revoked(visit, tx, user, ends), true));
        }
        if (user.status() == User.Status.PENDING) {
            facts.add(Fact.of("mail", "An invitation that is open stops working"));
        }
        facts.add(Fact.of("shield", user.roles().isEmpty() ? "They have no roles"
            : user.roles().size() == 1 ? "1 role is kept and applies again when they are enabled"
            : Words.counted(user.roles().size(), "role") + " are kept and apply again when they are enabled"));
        return facts;
    }

    /// `2 application keys and 1 access token are revoked: laptop (used today, 14:02), ci and 1 more`
    private String revoked(Visit visit, Tx tx, User user, Ends ends) {
        var all = ends.keys() + ends.tokens();
        var kinds = Words.list(List.of(ends.keys() == 0 ? "" : Words.counted(ends.keys(), "application key"),
            ends.tokens() == 0 ? "" : Words.counted(ends.tokens(), "access token")).stream()
            .filter(text -> !text.isEmpty()).toList());
        var named = new ArrayList<String>();
        keys.application(tx, user, NAMED).items().forEach(key -> named.add(key.name() + key.lastUsedAt()
            .map(at -> " (used " + Words.small(visit.times().brief(at).text()) + ")").orElse("")));
        keys.tokens(tx, user, NAMED).items().forEach(token -> named.add(token.name() + token.lastUsedAt()
            .map(at -> " (used " + Words.small(visit.times().brief(at).text()) + ")").orElse("")));
        var some = named.stream().limit(NAMED).toList();
        return kinds + (all == 1 ? " is" : " are") + " revoked: " + (all > some.size()
            ? String.join(", ", some) + " and " + Words.number(all - some.size()) + " more" : Words.list(some));
    }

    private Response askToEnable(Visit visit) {
        return asked(visit, 200, tx -> users.update(tx, visit.request().pathText("id"), edit(false)),
            (_, user, refusal) -> ask(visit, user, "Enable " + Persons.name(user),
                user.serviceAccount() ? "It can have keys again."
                    : user.verified() ? "They can sign in again."
                    : "They become Pending again. Invitations that ended stay so: send a new one.",
                List.of(Fact.of("shield", user.roles().isEmpty() ? "They have no roles"
                    : user.roles().size() == 1 ? "1 role applies again"
                    : Words.counted(user.roles().size(), "role") + " apply again"),
                    Fact.of("key", "Keys and tokens that were revoked stay revoked")),
                user.disabled() ? refusal : "They are enabled already.", Optional.empty(), EditPages.ENABLE, false));
    }

    private static Users.Edit edit(boolean disabled) {
        return new Users.Edit(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(disabled));
    }

    /// @param act such as `Disable Marta Fernández Ruiz`: the question, and the button
    static Ask ask(Visit visit, User user, String act, String lead, List<Fact> facts, String refusal,
        Optional<Field> typing, String route, boolean danger) {
        var href = Persons.href(visit, user);
        var faulty = typing.filter(Field::isFaulty).isPresent();
        return new Ask(visit.shell(Persons.section(user), (faulty ? "Error: " : "") + act + "?"),
            new Back(href, Persons.name(user)), act + "?", lead, facts, refusal, typing,
            visit.link().post(route, user.id()).orElseThrow(), Map.of(), act, danger, href);
    }

    /// Disables or enables.
    private Response change(Visit visit, boolean disabled) {
        var form = visit.form();
        if (Meanwhile.isChosen(form) && !Clash.takesYours(form, "status")) {
            return visit.goOn(EditPages.path(visit), Notice.done("Nothing was changed."));
        }
        try {
            return db.write(visit.caller(), tx -> change(visit, tx, form, disabled));
        } catch (Refused e) {
            if (e.problem() instanceof Stale) {
                visit.viewer();
                return visit.read(tx -> changed(visit, tx, disabled));
            }
            if (e.problem() instanceof LastAdministrator) {
                return askToDisable(visit, 422);
            }
            throw e;
        }
    }

    private Response change(Visit visit, WriteTx tx, Form form, boolean disabled) {
        var user = users.editable(tx, visit.request().pathText("id"));
        var name = Persons.name(user);
        if (user.disabled() == disabled) {
            return visit.goOn(Persons.path(user),
                Notice.done(name + (disabled ? " is disabled already." : " is enabled already.")));
        }
        if (!form.text(Meanwhile.STAMP).isEmpty()) {
            meanwhile.mustBeUnchanged(form, user);
        }
        var ends = ends(tx, user);
        var now = users.update(tx, user.id().toString(), edit(disabled));
        var undo = new Notice.Undo(disabled ? "Enable again" : "Disable again",
            disabled ? EditPages.ENABLE : EditPages.DISABLE, List.of(user.id().toString()),
            Map.of(Meanwhile.STAMP, meanwhile.stamp(now)));
        return visit.goOn(Persons.path(user),
            Notice.done(disabled ? name + " is disabled." + ended(ends) : name + " is enabled.").with(undo));
    }

    /// ` 2 sessions ended, 3 keys were revoked.`
    private static String ended(Ends ends) {
        var keys = ends.keys() + ends.tokens();
        var said = new ArrayList<String>();
        if (ends.sessions() > 0) {
            said.add(Words.counted(ends.sessions(), "session") + " ended");
        }
        if (keys > 0) {
            said.add(keys == 1 ? "1 key was revoked" : Words.counted(keys, "key") + " were revoked");
        }
        return said.isEmpty() ? "" : " " + String.join(", ", said) + ".";
    }

    /// What would be undone was changed since.
    private Response changed(Visit visit, Tx tx, boolean disabled) {
        var user = persons.named(visit, tx);
        var called = Persons.name(user);
        var yours = (disabled ? User.Status.DISABLED : User.Status.ACTIVE).text();
        if (Email.isAnonymous(user.email())) {
            return meanwhile.gone(visit, tx, user, called, Map.of("Status", yours));
        }
        var before = (disabled ? User.Status.ACTIVE : User.Status.DISABLED).text(); // what is to be undone made it so
        return meanwhile.choose(visit, tx, user, called,
            List.of(new Clash("status", "Status", before, user.status().text(), yours)),
            disabled ? EditPages.DISABLE : EditPages.ENABLE, Map.of());
    }

    private Response askToAnonymise(Visit visit, int status, String typed, String fault) {
        visit.viewer();
        var id = visit.read(tx -> persons.named(visit, tx));
        if (id.serviceAccount()) {
            return Persons.elsewhere(visit);
        }
        var refusal = Email.isAnonymous(id.email()) ? "They are anonymised already."
            : refusal(() -> anonymisation.rehearse(visit.caller(), id.id()));
        return visit.page(status, TEMPLATE, visit.read(tx -> {
            var user = persons.named(visit, tx);
            var field = Field.of(TYPED, "Type %s to go on".formatted(user.email()), typed);
            return ask(visit, user, "Anonymise " + Persons.name(user),
                "What tells who they are is removed for good. This cannot be undone.", anonymising(visit, tx, user),
                refusal, Optional.of(fault.isEmpty() ? field : field.faulty(fault)), EditPages.ANONYMISE, true);
        }));
    }

    private List<Fact> anonymising(Visit visit, Tx tx, User user) {
        var facts = new ArrayList<Fact>();
        facts.add(new Fact("person", "Name, address, handle and title are removed, also from the audit trail", true));
        var ends = ends(tx, user);
        if (ends.sessions() > 0) {
            facts.add(new Fact("leave", ends.sessions() == 1 ? "1 session ends"
                : Words.counted(ends.sessions(), "session") + " end", true));
        }
        if (ends.keys() + ends.tokens() > 0) {
            facts.add(new Fact("key", revoked(visit, tx, user, ends), true));
        }
        if (!user.roles().isEmpty()) {
            facts.add(new Fact("shield", user.roles().size() == 1 ? "1 role is taken"
                : Words.counted(user.roles().size(), "role") + " are taken", true));
        }
        facts.add(Fact.of("document", "What they did stays in the audit trail, as done by " + Sentences.ANONYMISED));
        return facts;
    }

    private Response anonymise(Visit visit) {
        var typed = visit.form().text(TYPED).strip();
        var user = visit.read(tx -> persons.named(visit, tx));
        if (user.serviceAccount()) {
            return Persons.elsewhere(visit);
        }
        if (!Email.isAnonymous(user.email())
            && !typed.equals(user.email()) && !Email.folded(typed).equals(Optional.of(user.email()))) {
            return askToAnonymise(visit, 422, typed, "Type %s to go on.".formatted(user.email()));
        }
        var outcome = anonymisation.anonymise(visit.caller(), List.of(user.id().toString()));
        return outcome.refused().isEmpty()
            ? visit.goOn(EditPages.path(visit), Notice.done("A person was anonymised."))
            : askToAnonymise(visit, 422, typed, "");
    }
}
