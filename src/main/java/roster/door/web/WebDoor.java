package roster.door.web;

import java.util.Map;
import java.util.Optional;
import roster.base.feature.Feature;
import roster.base.html.Browsers;
import roster.base.html.Csrf;
import roster.base.html.Site;
import roster.base.http.Match;
import roster.base.http.Needs;
import roster.base.http.Routes;
import roster.base.net.PublicUrl;
import roster.core.Kernel;
import roster.core.access.AccessFeature;
import roster.core.factor.FactorFeature;
import roster.core.founding.FirstSignIn;
import roster.core.identity.IdentityFeature;
import roster.core.invitation.InvitationFeature;
import roster.core.mail.LetterSource;
import roster.core.mail.MailFeature;
import roster.core.org.OrgFeature;
import roster.core.session.SessionFeature;
import roster.core.signin.SignInFeature;
import roster.core.user.UserFeature;

/// Pages for people.
public final class WebDoor implements Feature {
    private final PublicUrl publicUrl;
    private final Browsers browsers;
    private final Visits visits;
    private final InvitationPages invitations;
    private final Optional<Mailbox> mailbox;
    private final SignInPages signIn;
    private final OpenIdPages openId;
    private final LinkPages links;
    private final LogoutPages logouts;
    private final OncePages once;
    private final ForgotPages forgot;
    private final ResetPages reset;
    private final HomePage home;
    private final SwitchPages switching;
    private final SignOutPages signOut;
    private final SecurityPages security;
    private final SecondStepPages secondSteps;
    private final FactorPages factors;
    private final AgainPages again;
    private final PasskeyPages passkeys;
    private final OwnPasskeyPages ownPasskeys;
    private final OwnIdentityPages ownIdentities;

    /// What pages for signing in work on.
    public record Signing(AccessFeature access, FactorFeature factor, SessionFeature session, SignInFeature signIn,
        IdentityFeature identity, FirstSignIn first) {}

    /// What shows e-mails on a local trial.
    ///
    /// @param token of the page
    /// @param emails who writes them, by their kind
    /// @param loopback whether only this machine reaches the server
    public record LocalMail(String token, Map<String, LetterSource> emails, boolean loopback) {
        @Override
        public String toString() {
            return "LocalMail";
        }
    }

    /// @param local none: there is no page for e-mails
    public WebDoor(Kernel kernel, InvitationFeature invitation, MailFeature mail, OrgFeature org, UserFeature user,
        Signing signing, Optional<LocalMail> local) {
        publicUrl = kernel.publicUrl();
        browsers = new Browsers(new Site(publicUrl), new Csrf(kernel.secrets()));
        var db = kernel.db();
        var session = signing.session();
        visits = new Visits(db, session.sessions, browsers, kernel.sources().randomness());
        var arrivals = new Arrivals(signing.signIn(), visits);
        var sessions = new BrowserSessions(signing.access(), visits);
        openId = new OpenIdPages(db, org.orgs, signing.identity(), sessions, arrivals, visits);
        invitations = new InvitationPages(db, invitation, session.passwords, org.orgs, user.users, openId, publicUrl);
        logouts = new LogoutPages(signing.identity().logouts, signing.identity().signOut, visits);
        links = new LinkPages(signing.identity().links, openId, visits);
        passkeys = new PasskeyPages(db, signing.factor().ceremonies, signing.signIn().passkeys, arrivals,
            visits);
        signIn = new SignInPages(db, org.orgs, signing.signIn(), openId, arrivals, passkeys, visits);
        once = new OncePages(db, signing.signIn().links, org.orgs, user.users, signing.first(), arrivals,
            visits);
        forgot = new ForgotPages(db, org.orgs, signing.signIn(), visits, kernel.secrets().purpose("shown addresses"));
        reset = new ResetPages(db, signing.signIn().resets, session.passwords, session.devices, visits);
        switching = new SwitchPages(db, sessions, session.signIn, org.orgs, user.users, visits);
        signOut = new SignOutPages(db, signing.access().callers, session.sessions, org.orgs, user.users,
            signing.identity().signOut, visits);
        secondSteps = new SecondStepPages(db, org.orgs, user.users, signing.signIn(), signing.factor(),
            new SecondStepPages.Entrance(arrivals, passkeys, visits));
        factors = new FactorPages(db, org.orgs, user.users, signing.factor(), session.signIn, signing.signIn().flows,
            visits);
        again = new AgainPages(db, user.users, signing.factor(), session, signing.signIn(),
            new AgainPages.Ways(signing.identity().own, openId, passkeys), visits);
        ownIdentities = new OwnIdentityPages(db, user.users, session.sessions, signing.identity(), openId, visits);
        ownPasskeys = new OwnPasskeyPages(db, user.users, signing.factor(), session.signIn, factors, passkeys, visits);
        security = new SecurityPages(db, org.orgs, user.users, session, signing.signIn(),
            new SecurityPages.Parts(factors, ownIdentities), visits);
        mailbox =
            local.map(here -> new Mailbox(kernel.db(), mail.outbox, here.emails(), browsers.site(), here.token()));
        home = new HomePage(signing.access().callers, visits,
            mailbox.filter(_ -> local.orElseThrow().loopback()).map(Mailbox::path));
    }

    @Override
    public void addTo(Routes routes) {
        visits.lead(path -> isPage(routes, path));
        invitations.addTo(routes);
        signIn.addTo(routes);
        openId.addTo(routes);
        links.addTo(routes);
        logouts.addTo(routes);
        once.addTo(routes);
        forgot.addTo(routes);
        reset.addTo(routes);
        switching.addTo(routes);
        signOut.addTo(routes);
        security.addTo(routes);
        secondSteps.addTo(routes);
        factors.addTo(routes);
        again.addTo(routes);
        passkeys.addTo(routes);
        ownPasskeys.addTo(routes);
        ownIdentities.addTo(routes);
        home.addTo(routes);
        new NowherePage(browsers.site()).addTo(routes);
        new Docs(publicUrl, browsers.site()).addTo(routes);
        mailbox.ifPresent(box -> box.addTo(routes));
    }

    /// Where browsers may be led: pages that do nothing when they are opened.
    private static boolean isPage(Routes routes, String path) {
        try {
            return routes.match("GET", path) instanceof Match.Found(var route, var _)
                && (route.errorPages().isPresent() || route.needs() == Needs.Simple.NOTHING)
                && !route.template().startsWith(OpenIdPages.CALLBACK);
        } catch (IllegalArgumentException e) { // its encoding is malformed
            return false;
        }
    }

    /// How browsers are dealt with, for the Gate too.
    public Browsers browsers() {
        return browsers;
    }

    /// The organisations of a person, for the console.
    public SwitchPages switching() {
        return switching;
    }

    /// The path of the mailbox, token included; none where e-mails are sent, or the public URL is set.
    public Optional<String> mailboxPath() {
        return mailbox.map(Mailbox::path);
    }
}
