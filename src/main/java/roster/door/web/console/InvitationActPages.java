package roster.door.web.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.http.Response;
import roster.core.invitation.InvitationLifecycle;
import roster.core.invitation.Invitations;
import roster.core.invitation.Tracked;
import roster.core.invitation.TrackedInvitations;
import roster.core.mail.Deliveries;
import roster.core.mail.Delivery.State;
import roster.door.web.console.Ask.Fact;
import roster.model.Problem.Conflict;
import roster.model.Problem.Invalid;
import roster.model.Problem.LimitReached;
import roster.model.Problem.NotFound;
import roster.model.Refused;

/// `/console/invitations/{id}/resend`, `/cancel`, `/bounced`: asks first, then acts.
public final class InvitationActPages {
    static final String RESEND = InvitationPages.INVITATION + "/resend";
    static final String CANCEL = InvitationPages.INVITATION + "/cancel";
    static final String BOUNCED = InvitationPages.INVITATION + "/bounced";

    private static final String TEMPLATE = "web/console/ask.jte";
    private static final String REASON = "reason";

    private final Database db;
    private final TrackedInvitations tracked;
    private final InvitationLifecycle lifecycle;
    private final Deliveries deliveries;

    InvitationActPages(Database db, ConsoleDoor.Rooms rooms) {
        this.db = db;
        tracked = rooms.invitation().tracked;
        lifecycle = rooms.invitation().lifecycle;
        deliveries = rooms.mail().deliveries;
    }

    void addTo(Console.Pages pages) {
        pages.get(RESEND, InvitationPages.NEEDS, visit -> askToResend(visit, 200))
            .post(RESEND, InvitationPages.NEEDS, this::resend)
            .get(CANCEL, InvitationPages.NEEDS, visit -> askToCancel(visit, 200))
            .post(CANCEL, InvitationPages.NEEDS, this::cancel)
            .get(BOUNCED, InvitationPages.NEEDS, visit -> askWhy(visit, 200, "", ""))
            .post(BOUNCED, InvitationPages.NEEDS, this::bounced);
    }

    private Tracked named(Visit visit) {
        visit.viewer(); // a read of its own, before the next
        return visit.read(tx -> InvitationPages.named(visit, tx, tracked));
    }

    private static String id(Tracked one) {
        return one.invitation().id().toString();
    }

    /// What a page asks.
    ///
    /// @param refusal empty: it can be done
    /// @param button the act
    private record Asking(String question, List<Fact> facts, String refusal, Optional<Field> typing, String route,
        String button, boolean danger) {}

    private Response ask(Visit visit, int status, Tracked one, Asking asking) {
        var query = Persons.query(visit, "");
        var id = one.invitation().id();
        var href = visit.link().to(InvitationPages.INVITATION, id).orElseThrow() + query;
        var faulty = asking.typing().filter(Field::isFaulty).isPresent();
        return visit.page(status, TEMPLATE, new Ask(
            visit.shell(Section.INVITATIONS, (faulty ? "Error: " : "") + asking.question()),
            new Back(href, "Invitation of " + one.invitation().email()), asking.question(), "", asking.facts(),
            asking.refusal(), asking.typing(), visit.link().post(asking.route(), id).orElseThrow() + query, Map.of(),
            asking.button(), asking.danger(), href));
    }

    private Response goOn(Visit visit, Tracked one, String told) {
        return visit.goOn(InvitationPages.PATH + "/" + id(one) + Persons.query(visit, ""), Notice.done(told));
    }

    private static String why(Visit visit, Refused refused) {
        return refused.problem() instanceof LimitReached limit
            ? InvitationWords.limit(visit.times(), limit.resetSeconds()) : PersonActPages.why(refused);
    }

    /// Whether a refusal is shown on the page that asks.
    private static boolean isShown(Refused refused) {
        return refused.problem() instanceof Conflict || refused.problem() instanceof LimitReached;
    }

    private Response askToResend(Visit visit, int status) {
        var one = named(visit);
        var facts = new ArrayList<Fact>();
        var refusal = InvitationWords.notAgain(one);
        if (refusal.isEmpty()) {
            try {
                var renewed = db.rehearse(visit.caller(), tx -> lifecycle.resend(tx, id(one)));
                facts.add(Fact.of("mail", "An email with a new link goes to " + renewed.email()));
                facts.add(Fact.of("hourglass", "It can be accepted until "
                    + visit.times().full(renewed.expiresAt()).text()));
                facts.add(Fact.of("ban", "The link in earlier emails stops working"));
            } catch (Refused e) {
                refusal = why(visit, e);
            }
        }
        one.email().filter(email -> email.state() != State.SENT && email.state() != State.QUEUED).ifPresent(
            email -> facts.add(Fact.of("triangle", "The latest email: "
                + Words.small(InvitationWords.told(email, visit.times())))));
        var email = one.invitation().email();
        return ask(visit, status, one, new Asking("Send the invitation of " + email + " again?", facts, refusal,
            Optional.empty(), RESEND, "Send again to " + email, false));
    }

    private Response resend(Visit visit) {
        visit.form();
        var one = named(visit);
        if (!InvitationWords.notAgain(one).isEmpty()) {
            return askToResend(visit, 422);
        }
        try {
            db.write(visit.caller(), tx -> lifecycle.resend(tx, id(one)));
        } catch (Refused e) {
            if (isShown(e)) {
                return askToResend(visit, 422);
            }
            throw e;
        }
        return goOn(visit, one, "The invitation of " + one.invitation().email() + " is sent again, with a new link.");
    }

    private Response askToCancel(Visit visit, int status) {
        var one = named(visit);
        var email = one.invitation().email();
        var facts = new ArrayList<Fact>();
        facts.add(new Fact("ban", "The link in the emails to " + email + " stops working", true));
        one.email().filter(sent -> sent.state() == State.QUEUED || sent.state() == State.DEFERRED)
            .ifPresent(_ -> facts.add(Fact.of("mail", "The email that waits is not sent")));
        facts.add(Fact.of("person", "The person stays, as Pending, and can be invited anew"));
        return ask(visit, status, one, new Asking("Cancel the invitation of " + email + "?", facts,
            InvitationWords.notCancelled(one, visit.times().now()), Optional.empty(), CANCEL,
            "Cancel the invitation of " + email, true));
    }

    private Response cancel(Visit visit) {
        visit.form();
        var one = named(visit);
        if (!InvitationWords.notCancelled(one, visit.times().now()).isEmpty()) {
            return askToCancel(visit, 422);
        }
        try {
            db.write(visit.caller(), tx -> {
                lifecycle.cancel(tx, id(one));
                return null;
            });
        } catch (Refused e) {
            if (e.problem() instanceof Conflict || e.problem() instanceof NotFound) { // another was faster
                return askToCancel(visit, 422);
            }
            throw e;
        }
        return goOn(visit, one, "The invitation of " + one.invitation().email() + " is cancelled.");
    }

    private Response askWhy(Visit visit, int status, String typed, String fault) {
        var one = named(visit);
        var email = one.invitation().email();
        var field = Field.of(REASON, "What did the message say?", typed)
            .hinting("Such as “550 mailbox unavailable”. Roster does not read messages that come back to the sender.");
        return ask(visit, status, one, new Asking("Did the email to " + email + " come back?",
            List.of(Fact.of("return", "The invitation is shown as Bounced, with this reason"),
                Fact.of("mail", "Its link still works, and it can be sent again")),
            InvitationWords.notBack(one), Optional.of(fault.isEmpty() ? field : field.faulty(fault)), BOUNCED,
            "It came back", false));
    }

    private Response bounced(Visit visit) {
        var typed = visit.form().text(REASON);
        var one = named(visit);
        if (!InvitationWords.notBack(one).isEmpty()) {
            return askWhy(visit, 422, typed, "");
        }
        try {
            db.write(visit.caller(), tx -> deliveries.bounced(tx, Invitations.LETTER, id(one), typed));
        } catch (Refused e) {
            if (e.problem() instanceof Invalid) {
                return askWhy(visit, 422, typed, Words.ofField(e.problem(), REASON, typed));
            }
            if (e.problem() instanceof Conflict) {
                return askWhy(visit, 422, typed, "");
            }
            throw e;
        }
        return goOn(visit, one, "It is recorded that the email to " + one.invitation().email() + " came back.");
    }
}
