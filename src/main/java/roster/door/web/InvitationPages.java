package roster.door.web;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.html.Form;
import roster.base.html.HtmlPage;
import roster.base.http.ErrorPages;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.net.Network;
import roster.base.net.PublicUrl;
import roster.core.access.AllowedMethods;
import roster.core.invitation.InvitationFeature;
import roster.core.invitation.InvitationSummary;
import roster.core.invitation.Invitations;
import roster.core.invitation.Invitations.Acceptance;
import roster.core.invitation.ReinviteRequests;
import roster.core.invitation.ReinviteRequests.Chance;
import roster.core.org.Orgs;
import roster.core.session.Passwords;
import roster.core.session.Passwords.Chosen;
import roster.core.user.UserText;
import roster.core.user.Users;
import roster.model.Caller;
import roster.model.Invitation;
import roster.model.Invitation.State;
import roster.model.LoginMethod;
import roster.model.Problem;
import roster.model.Text;
import roster.model.User;

/// `/invitations/{token}`: the page that the link in an invitation e-mail opens. Fetching it changes nothing, as mail
/// scanners and previews fetch links. Its form accepts the invitation, with a name and a password; that of an expired or
/// cancelled one asks for a new one.
public final class InvitationPages {
    /// The form, as it is first shown or shown again.
    ///
    /// @param name as known or as typed; the password is never shown again
    public record Joining(InvitationSummary offer, String name, Optional<String> nameFault,
        Optional<String> passwordFault, Ways ways) {
        public boolean faulty() {
            return nameFault.isPresent() || passwordFault.isPresent();
        }
    }

    /// The ways in which the invited user may sign in afterwards, one of which accepts the invitation.
    ///
    /// @param origins where browsers are sent by the buttons
    public record Ways(boolean password, List<OpenIdPages.Button> providers, List<String> origins) {
        public boolean none() {
            return !password && providers.isEmpty();
        }
    }

    /// What a user sees who has just joined.
    ///
    /// @param signIn where to sign in
    public record Joined(String org, String email, String signIn) {}

    private static final ErrorPages ERRORS = new ErrorPages() {
        @Override
        public Response refused(Request request, Problem problem, int status) {
            return answer(InvitationNotice.of(problem, status));
        }

        @Override
        public Response failed(Request request) {
            return answer(InvitationNotice.failed(request.id()));
        }
    };

    private final Database db;
    private final Invitations invitations;
    private final ReinviteRequests requests;
    private final Passwords passwords;
    private final Orgs orgs;
    private final Users users;
    private final OpenIdPages openId;
    private final PublicUrl publicUrl;

    /// Invitations with an acceptance under way on this node. One at a time: sending a form many times must not multiply
    /// the work.
    private final Set<Invitation.Id> accepting = ConcurrentHashMap.newKeySet();

    InvitationPages(Database db, InvitationFeature invitation, Passwords passwords, Orgs orgs, Users users,
        OpenIdPages openId, PublicUrl publicUrl) {
        this.db = db;
        this.invitations = invitation.invitations;
        this.requests = invitation.reinviteRequests;
        this.openId = openId;
        this.passwords = passwords;
        this.orgs = orgs;
        this.users = users;
        this.publicUrl = publicUrl;
    }

    public void addTo(Routes routes) {
        routes.page("GET", "/invitations/{token}", Form.BYTES_MAX, this::show, ERRORS);
        routes.page("POST", "/invitations/{token}", Form.BYTES_MAX, this::accept, ERRORS);
        routes.page("POST", "/invitations/{token}/with/{provider_id}", Form.BYTES_MAX, this::acceptByProvider, ERRORS);
        routes.page("GET", "/invitations/{token}/ask", Form.BYTES_MAX, this::asked, ERRORS);
        routes.page("POST", "/invitations/{token}/ask", Form.BYTES_MAX, this::ask, ERRORS);
    }

    /// What there is to say of an invitation at one moment.
    ///
    /// @param name of the invited, as far as it is known
    private record Seen(Invitation invitation, State state, InvitationSummary offer, Optional<String> name,
        Chance chance) {}

    private Optional<Seen> look(String token) {
        return db.read(tx -> invitations.withToken(tx, token).map(standing -> seen(tx, standing)));
    }

    private Seen seen(Tx tx, Invitations.Standing standing) {
        var invitation = standing.invitation();
        var offer = InvitationSummary.later(tx, invitation, orgs, users);
        var invited = users.findLater(tx, invitation.org(), invitation.user());
        var chance = requests.chanceLater(tx, standing);
        return new Seen(invitation, standing.state(), offer.get(), invited.get().flatMap(User::name), chance.get());
    }

    private Response show(Request request) {
        var token = request.pathText("token");
        return look(token).map(seen -> seen.state() == State.OPEN
            ? form(200, new Joining(seen.offer(), seen.name().orElse(""), Optional.empty(), Optional.empty(),
                ways(token, seen)))
            : closed(seen, token + "/ask"))
            .orElseGet(() -> answer(InvitationNotice.UNKNOWN));
    }

    /// What one of our own forms asks for, of an invitation that there is.
    private Response posted(Request request, BiFunction<String, Seen, Response> answer) {
        if (!ownForm(request)) {
            return answer(InvitationNotice.ELSEWHERE);
        }
        var token = request.pathText("token");
        return look(token).map(seen -> answer.apply(token, seen)).orElseGet(() -> answer(InvitationNotice.UNKNOWN));
    }

    private Ways ways(String token, Seen seen) {
        var user = db.read(tx -> users.find(tx, seen.invitation().org(), seen.invitation().user())).orElseThrow();
        var providers = openId.of(user);
        return new Ways(db.read(tx -> AllowedMethods.allows(tx, user, LoginMethod.STANDARD)),
            providers.stream().map(one -> new OpenIdPages.Button(one.terms().name(),
                "%s/with/%s".formatted(token, one.id()), "")).toList(),
            openId.origins(providers));
    }

    /// The identity at the provider must have the address of the invitation.
    private Response acceptByProvider(Request request) {
        return posted(request, (token, seen) -> {
            if (seen.state() != State.OPEN) {
                return closed(seen, "../ask");
            }
            var user = db.read(tx -> users.find(tx, seen.invitation().org(), seen.invitation().user())).orElseThrow();
            return openId.of(user).stream().filter(one -> one.id().toString().equals(request.pathText("provider_id")))
                .findFirst().map(provider -> openId.accept(request, provider, token))
                .orElseGet(() -> answer(InvitationNotice.UNKNOWN));
        });
    }

    private Response accept(Request request) {
        return posted(request, (token, seen) -> accept(request, token, seen));
    }

    private Response accept(Request request, String token, Seen seen) {
        if (seen.state() != State.OPEN) {
            return closed(seen, token + "/ask");
        }
        var form = Form.of(request);
        var ways = ways(token, seen);
        if (!ways.password()) {
            return form(422, new Joining(seen.offer(), "", Optional.empty(), Optional.empty(), ways));
        }
        var name = form.text("name");
        var password = form.text("password");
        var nameFault = nameFault(name);
        var passwordFault = Passwords.faultAtSight(password);
        if (nameFault.isPresent() || passwordFault.isPresent()) {
            return form(422, new Joining(seen.offer(), name, nameFault, passwordFault, ways));
        }
        var id = seen.invitation().id();
        if (!accepting.add(id)) {
            return answer(InvitationNotice.IN_PROGRESS).with("Retry-After", "1");
        }
        try {
            return accept(request, token, seen, new Typed(name, password));
        } finally {
            accepting.remove(id);
        }
    }

    /// The form, checked as far as is possible without a wait.
    private record Typed(String name, String password) {
        @Override
        public String toString() {
            return "Typed";
        }
    }

    private Response accept(Request request, String token, Seen seen, Typed typed) {
        var invitation = seen.invitation();
        // Outside of any transaction, as it takes long. All is looked at again under the lock.
        return switch (passwords.choose(invitation.org(), invitation.email(), typed.password(),
            known(seen, typed.name()),
            () -> open(token))) {
            case Chosen.Unfit(var why) -> form(422, new Joining(seen.offer(), typed.name(), Optional.empty(),
                Optional.of(why), ways(token, seen)));
            case Chosen.Pointless() -> now(token, token + "/ask");
            case Chosen.Fit fit -> {
                var state = db.write(invitee(request, invitation),
                    tx -> invitations.accept(tx, token, new Acceptance(typed.name(), fit)));
                yield state == State.OPEN ? HtmlPage.answer(200, "web/invitation/accepted.jte",
                    new Joined(seen.offer().org(), seen.offer().email(), signIn()))
                    : now(token, token + "/ask");
            }
        };
    }

    /// The invitation was used, cancelled or replaced while the form was on its way.
    private Response now(String token, String ask) {
        return look(token).filter(seen -> seen.state() != State.OPEN).map(seen -> closed(seen, ask))
            .orElseGet(() -> answer(InvitationNotice.UNKNOWN));
    }

    private boolean open(String token) {
        return look(token).filter(seen -> seen.state() == State.OPEN).isPresent();
    }

    private static Optional<String> nameFault(String name) {
        return !Text.isVisible(name) ? Optional.of("Enter your name.")
            : UserText.ownNameFault(name)
                .map(_ -> "A name may have at most %d characters, and must not contain < or >."
                    .formatted(User.NAME_MAX));
    }

    private static List<String> known(Seen seen, String name) {
        return List.of(name, seen.offer().email(), seen.offer().org(), "roster");
    }

    /// Reloading the answer of [#ask] leads back to the page of the invitation, which shows its state.
    private Response asked(Request request) {
        var token = request.pathText("token");
        return look(token).map(seen -> HtmlPage.elsewhere("../" + token))
            .orElseGet(() -> answer(InvitationNotice.UNKNOWN));
    }

    private Response ask(Request request) {
        return posted(request, (token, seen) -> ask(request, token, seen));
    }

    private Response ask(Request request, String token, Seen seen) {
        if (seen.state() == State.OPEN) {
            return answer(InvitationNotice.STILL_GOOD);
        }
        if (seen.chance() == Chance.POSSIBLE) {
            var chance = db.write(invitee(request, seen.invitation()), tx -> requests.ask(tx, token));
            return chance == Chance.POSSIBLE ? answer(InvitationNotice.asked(seen.offer())) : now(token, "ask");
        }
        return closed(seen, "ask");
    }

    private static Caller invitee(Request request, Invitation invitation) {
        return Caller.invitee(invitation.org(), invitation.user(), request.id(),
            Optional.of(Network.text(request.address())));
    }

    private static Response form(int status, Joining joining) {
        return HtmlPage.secretLeadingTo(joining.ways().origins(), status, "web/invitation/open.jte", joining);
    }

    /// @param ask where to ask for a new one, relative to the page: whatever path the public URL has is kept
    private Response closed(Seen seen, String ask) {
        return answer(InvitationNotice.of(seen.state(), seen.offer(), seen.chance(), ask, signIn()));
    }

    private String signIn() {
        return publicUrl.path(SignInPages.PATH);
    }

    private static Response answer(InvitationNotice closed) {
        return HtmlPage.answer(closed.status(), "web/invitation/notice.jte", closed);
    }

    /// Whether a POST comes from our own page, as far as the browser says. The token is the secret; this only keeps
    /// other sites that know a link from submitting the form in a user's browser. Our pages have browsers send `Origin:
    /// null`, as they hide where they come from.
    private boolean ownForm(Request request) {
        var site = request.header("Sec-Fetch-Site");
        if (site.isPresent()) {
            return site.get().equals("same-origin") || site.get().equals("none");
        }
        var origin = request.header("Origin").filter(sent -> sent.contains("//")).map(InvitationPages::authority);
        return origin.isEmpty() || origin.equals(request.header("Host").map(host -> host.toLowerCase(Locale.ROOT)))
            || origin.get().equals(publicUrl.authority().toLowerCase(Locale.ROOT));
    }

    private static String authority(String url) {
        var start = url.indexOf("//") + 2;
        var end = url.indexOf('/', start);
        return url.substring(start, end < 0 ? url.length() : end).toLowerCase(Locale.ROOT);
    }
}
