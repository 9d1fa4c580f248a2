package roster.door.web.console;

import java.util.List;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.http.Response;
import roster.core.factor.Factors;
import roster.core.signin.PasswordResets;
import roster.core.user.Users;
import roster.door.web.console.Ask.Fact;
import roster.model.Problem;
import roster.model.Refused;
import roster.model.User;

/// `/console/people/{id}/password-link`, `/second-factors`: helps a person who can't sign in. Asks first, then acts.
public final class PersonHelpPages {
    static final String PASSWORD_LINK = PersonPages.PATH + "/password-link";
    static final String SECOND_FACTORS = PersonPages.PATH + "/second-factors";

    private static final String TEMPLATE = "web/console/ask.jte";

    private final Persons persons;
    private final Database db;
    private final Users users;
    private final Factors factors;
    private final PasswordResets resets;

    PersonHelpPages(Persons persons, ConsoleDoor.Rooms rooms, Database db) {
        this.persons = persons;
        this.db = db;
        users = rooms.user().users;
        factors = rooms.factor().factors;
        resets = rooms.signIn().resets;
    }

    void addTo(Console.Pages pages) {
        pages.getFresh(PASSWORD_LINK, EditPages.NEEDS, visit -> askToSend(visit, 200, ""))
            .postFresh(PASSWORD_LINK, EditPages.NEEDS, this::send)
            .getFresh(SECOND_FACTORS, EditPages.NEEDS, this::askToRemove)
            .postFresh(SECOND_FACTORS, EditPages.NEEDS, this::remove);
    }

    /// @param fault why it was refused just now; empty: it was not tried
    private Response askToSend(Visit visit, int status, String fault) {
        return persons.act(visit, status, TEMPLATE,
            (tx, user) -> PersonActPages.ask(visit, user, "Send a password link to " + user.email(), "",
                List.of(Fact.of("mail", "An email with a link goes to " + user.email()),
                    Fact.of("hourglass", "The link works once, within " + PasswordResets.GOOD.toMinutes() + " minutes"),
                    Fact.of("leave", "When they choose a password by it, they are signed out everywhere"),
                    Fact.of("shield", "A second factor that they have is still asked for")),
                fault.isEmpty() ? resets.refusal(tx, user).map(Words::of).orElse("") : fault,
                Optional.empty(), PASSWORD_LINK, false));
    }

    private Response send(Visit visit) {
        visit.form();
        try {
            resets.send(visit.caller(), visit.request().pathText("id"));
        } catch (Refused e) {
            if (e.problem() instanceof Problem.Conflict || e.problem() instanceof Problem.LimitReached) {
                return askToSend(visit, 422, Words.of(e.problem()));
            }
            throw e;
        }
        var user = visit.read(tx -> persons.named(visit, tx));
        return visit.goOn(Persons.path(user), Notice.done("A password link was sent to " + user.email() + "."));
    }

    private Response askToRemove(Visit visit) {
        return persons.act(visit, 200, TEMPLATE,
            (_, user) -> PersonActPages.ask(visit, user, "Remove the second factors of " + Persons.name(user), "",
                List.of(new Fact("shield", "Authenticator app, passkeys and recovery codes are removed", true),
                    Fact.of("key", "They sign in by their password or provider alone, until they add one again"),
                    Fact.of("mail", "They are told by email")),
                Persons.isSelf(visit, user) ? Words.of(new Problem.OwnFactors())
                    : user.secondFactor() ? "" : "They have no second factor.",
                Optional.empty(), SECOND_FACTORS, true));
    }

    private Response remove(Visit visit) {
        visit.form();
        var removed = db.write(visit.caller(), tx -> {
            var user = users.editable(tx, visit.request().pathText("id"));
            return new Removed(user, factors.reset(tx, user));
        });
        return visit.goOn(Persons.path(removed.user()), Notice.done(removed.any()
            ? "The second factors of " + Persons.name(removed.user()) + " are removed."
            : Persons.name(removed.user()) + " has no second factor."));
    }

    /// @param any whether there was one
    private record Removed(User user, boolean any) {}
}
