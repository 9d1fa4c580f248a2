package roster.invitation;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.db.Database;
import roster.db.Tx;
import roster.http.Handler;
import roster.http.Needs;
import roster.http.Page;
import roster.http.Request;
import roster.http.Response;
import roster.http.Routes;
import roster.jsonapi.ErrorDocument;
import roster.model.Caller;
import roster.model.Invitation;
import roster.model.Invitation.State;
import roster.model.Problem.Unavailable;
import roster.model.Refused;
import roster.org.Orgs;
import roster.user.Users;

/// `/invitations/{token}`: where the link of a letter leads. Fetching the page changes nothing, as mail scanners and
/// previews fetch links; its button accepts.
public final class InvitationPages {
    /// A page for an invitation that cannot be accepted.
    public record Closed(int status, String title, String why, String whatToDo) {}

    private static final Logger LOG = LoggerFactory.getLogger(InvitationPages.class);

    private static final Closed UNKNOWN = new Closed(404, "No such invitation",
        "This link is not complete, or a newer letter has replaced it.",
        "Open the link in the newest letter; if you copied it, copy all of it.");

    private static final Closed ELSEWHERE = new Closed(403, "Not from here",
        "Another site tried to accept an invitation in your name.",
        "If you want to accept it, open the link in your letter.");

    private final Database db;
    private final Invitations invitations;
    private final Orgs orgs;
    private final Users users;
    private final Supplier<URI> publicUrl;

    public InvitationPages(Database db, Invitations invitations, Orgs orgs, Users users, Supplier<URI> publicUrl) {
        this.db = db;
        this.invitations = invitations;
        this.orgs = orgs;
        this.users = users;
        this.publicUrl = publicUrl;
    }

    public void addTo(Routes routes) {
        routes.get("/invitations/{token}", Needs.Simple.NOTHING, page(this::show));
        routes.post("/invitations/{token}", Needs.Simple.NOTHING, page(this::accept));
    }

    /// The link that a letter bears.
    static String link(URI publicUrl, String token) {
        var base = publicUrl.toString();
        return (base.endsWith("/") ? base : base + "/") + "invitations/" + token;
    }

    private Response show(Request request) {
        return db.read(tx -> invitations.withToken(tx, request.pathText("token"))
            .map(found -> {
                var offer = Offer.of(tx, found.invitation(), orgs, users);
                return found.state() == State.OPEN ? Page.answer(200, "invitation/open.jte", offer)
                    : answer(closed(found.state(), offer));
            })
            .orElseGet(() -> answer(UNKNOWN)));
    }

    private Response accept(Request request) {
        if (!ownForm(request)) {
            return answer(ELSEWHERE);
        }
        var token = request.pathText("token");
        var found = db.read(tx -> invitations.withToken(tx, token).map(standing -> seen(tx, standing)));
        if (found.isEmpty()) {
            return answer(UNKNOWN);
        }
        var offer = found.get().offer();
        var state = found.get().standing().state();
        if (state == State.OPEN) {
            // As far as one could see; it is looked at again under the lock.
            state = db.write(invitee(request, found.get().standing().invitation()),
                tx -> invitations.accept(tx, token));
            if (state == State.OPEN) {
                return Page.answer(200, "invitation/accepted.jte", offer);
            }
        }
        return answer(closed(state, offer));
    }

    private record Seen(Invitations.Standing standing, Offer offer) {}

    private Seen seen(Tx tx, Invitations.Standing standing) {
        return new Seen(standing, Offer.of(tx, standing.invitation(), orgs, users));
    }

    private static Caller invitee(Request request, Invitation invitation) {
        return Caller.invitee(invitation.org(), invitation.user(), request.id(),
            Optional.of(request.address().getHostAddress()));
    }

    private static Closed closed(State state, Offer offer) {
        var askAgain = "Ask for a new one: " + offer.inviter() + " sent this one.";
        return switch (state) {
            case OPEN -> throw new IllegalArgumentException("it is open");
            case USED -> new Closed(410, "This invitation has been used",
                "It was for %s, who has joined %s already.".formatted(offer.email(), offer.org()),
                "If that is you, you are in and there is nothing left to do.");
            case EXPIRED -> new Closed(410, "This invitation has expired",
                "It was to join %s, and good until %s.".formatted(offer.org(), offer.expires()), askAgain);
            case CANCELLED -> new Closed(410, "This invitation was cancelled",
                "It was to join %s.".formatted(offer.org()), askAgain);
            case OTHER_ADDRESS -> new Closed(410, "This invitation went to an old address",
                "It was to join %s as %s, but you are known there under another address now."
                    .formatted(offer.org(), offer.email()),
                askAgain);
            case USER_DISABLED -> new Closed(410, "This invitation no longer works",
                "Your account at %s is disabled.".formatted(offer.org()),
                "If you think that is a mistake, ask %s.".formatted(offer.inviter()));
            case ORG_DISABLED -> new Closed(410, "This invitation no longer works",
                "%s is disabled: nobody can join it.".formatted(offer.org()),
                "If you think that is a mistake, ask %s.".formatted(offer.inviter()));
        };
    }

    private static Response answer(Closed closed) {
        return Page.answer(closed.status(), "invitation/closed.jte", closed);
    }

    /// Whether a POST comes from our own page, as far as the browser says. The token is the secret; this only keeps
    /// other sites from pressing the button of somebody whose link they know. Our pages have browsers send `Origin:
    /// null`, as they hide where they come from.
    private boolean ownForm(Request request) {
        var site = request.header("Sec-Fetch-Site");
        if (site.isPresent()) {
            return site.get().equals("same-origin") || site.get().equals("none");
        }
        var origin = request.header("Origin").filter(sent -> sent.contains("//")).map(InvitationPages::authority);
        return origin.isEmpty() || origin.equals(request.header("Host").map(host -> host.toLowerCase(Locale.ROOT)))
            || origin.get().equals(authority(publicUrl.get().toString()));
    }

    private static String authority(String url) {
        var start = url.indexOf("//") + 2;
        var end = url.indexOf('/', start);
        return url.substring(start, end < 0 ? url.length() : end).toLowerCase(Locale.ROOT);
    }

    /// Errors here are pages too.
    private static Handler page(Handler handler) {
        return request -> {
            try {
                return handler.handle(request);
            } catch (Refused refused) {
                var response = ErrorDocument.of(refused.problem());
                var closed = refused.problem() instanceof Unavailable
                    ? new Closed(response.status(), "Not now", "Roster is too busy to answer.",
                        "Try again in a moment.")
                    : new Closed(response.status(), "This cannot be done", "The request was refused.",
                        "Open the link from your letter again.");
                return answer(closed).with(response.headers());
            } catch (RuntimeException e) {
                LOG.atError().addKeyValue("request_id", request.id()).setCause(e).log("{} failed",
                    request.route().template());
                return answer(new Closed(500, "Something went wrong", "Roster could not do this. Nothing has changed.",
                    "Try again later; if it happens again, tell your administrator the number " + request.id() + "."));
            }
        };
    }
}
