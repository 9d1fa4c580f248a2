package roster.core.signin;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.base.html.HtmlPage;
import roster.base.html.Minute;
import roster.base.net.PublicUrl;
import roster.core.access.AllowedMethods;
import roster.core.audit.AuditLog;
import roster.core.audit.Change;
import roster.core.mail.Letter;
import roster.core.mail.LetterSource;
import roster.core.mail.Outbox;
import roster.core.mail.Outbox.Queued;
import roster.core.mail.ShownName;
import roster.core.org.Orgs;
import roster.core.session.Passwords.Chosen;
import roster.core.session.SessionFeature;
import roster.core.signin.LinkRows.Kind;
import roster.core.signin.LinkRows.Open;
import roster.core.signin.PasswordSignIn.Visitor;
import roster.core.user.AddressOwners;
import roster.core.user.Users;
import roster.model.Caller;
import roster.model.Email;
import roster.model.LoginMethod;
import roster.model.Org;
import roster.model.Problem.Conflict;
import roster.model.Refused;
import roster.model.User;

/// Links that set a password, sent by e-mail. Users ask for one themselves, or an administrator sends it to them, who never sees
/// a password. The link signs no user in.
public final class PasswordResets implements LetterSource {
    /// The kind of these e-mails in the outbox.
    public static final String LETTER = "password_reset";

    /// How long a link is good.
    public static final Duration GOOD = Duration.ofMinutes(30);

    private final Database db;
    private final AuditLog audit;
    private final SessionFeature session;
    private final Orgs orgs;
    private final Users users;
    private final Mailing mailing;
    private final PublicUrl publicUrl;

    /// How e-mails with links are asked for and sent.
    record Mailing(LetterRequests requests, MailedLinks links, Outbox outbox) {}

    record LinkId(UUID value) implements roster.model.Id {
        @Override
        public String toString() {
            return value.toString();
        }
    }

    /// What the e-mail says.
    public record Shown(String org, String email, String until, String link) {}

    /// What a link is good for.
    public record Resettable(Org org, User user, Instant expiresAt) {}

    PasswordResets(Database db, AuditLog audit, SessionFeature session, Orgs orgs, Users users, Mailing mailing,
        PublicUrl publicUrl) {
        this.db = db;
        this.audit = audit;
        this.session = session;
        this.orgs = orgs;
        this.users = users;
        this.mailing = mailing;
        this.publicUrl = publicUrl;
    }

    /// The path of a link's page.
    public static String path(String token) {
        return "/sign-in/reset/" + token;
    }

    /// Sends a link to the users who have shown that they read e-mail at an address, after the answer.
    ///
    /// @param typed anything
    /// @param only the organisation on whose page it was asked for
    public void ask(String typed, Optional<Org.Id> only, Visitor visitor) {
        var address = Email.folded(typed);
        mailing.requests().ask(visitor.address(), () -> address.ifPresent(known -> send(known, only, visitor)));
    }

    private void send(String address, Optional<Org.Id> only, Visitor visitor) {
        var found = db.read(tx -> AddressOwners.of(tx, address, LoginMethod.STANDARD)).stream()
            .filter(user -> only.isEmpty() || only.get().equals(user.org())).toList();
        if (found.isEmpty() || !mailing.requests().maySend(address)) {
            return;
        }
        found.forEach(user -> mailing.requests().then(() -> queue(user, address, visitor)));
    }

    private void queue(User user, String address, Visitor visitor) {
        db.write(visitor.at(user.org()), tx -> {
            // Looked at again under the lock.
            AddressOwners.of(tx, address, LoginMethod.STANDARD).stream().filter(now -> now.id().equals(user.id()))
                .forEach(now -> queue(tx, now));
            return null;
        });
    }

    /// Sends a link to a user, whether they have shown that they read e-mail at their address or not.
    ///
    /// @param id as it was sent
    /// @throws Refused with NotFound; [Conflict] for a user who could not sign in by a password; LimitReached beyond
    ///     [LetterRequests#ADMINISTRATOR_MAX] an hour
    public void send(Caller caller, String id) {
        mailing.requests().admit(db.read(tx -> users.named(tx, caller.org(), id)));
        db.write(caller, tx -> {
            send(tx, users.named(tx, tx.org(), id));
            return null;
        });
    }

    private void send(WriteTx tx, User user) {
        refusal(tx, user).ifPresent(problem -> {
            throw new Refused(problem);
        });
        queue(tx, user);
    }

    /// Why no link can be sent to a user: they could not sign in by a password.
    public Optional<Conflict> refusal(Tx tx, User user) {
        if (user.serviceAccount() || user.disabled() || !user.verified()) {
            return Optional.of(new Conflict("%s cannot sign in: %s".formatted(user.handle(),
                user.serviceAccount() ? "this is a service account" : "the user is " + user.status().text())));
        }
        return AllowedMethods.allows(tx, user, LoginMethod.STANDARD) ? Optional.empty()
            : Optional.of(new Conflict("%s cannot sign in by password".formatted(user.handle())));
    }

    private void queue(WriteTx tx, User user) {
        var id = mailing.links().make(tx, user, Kind.RESET, user.email(), Optional.empty(), GOOD);
        mailing.outbox().enqueue(tx, LETTER,
            new Outbox.New(new LinkId(id), user.id(), user.email(), tx.now().plus(GOOD)));
        audit.record(tx, "password.reset_sent", Users.subject(user),
            new Change(Map.of(), Map.of("expires_at", tx.now().plus(GOOD).toString())));
    }

    @Override
    public Draft draft(Tx tx, Queued queued) {
        return mailing.links().find(tx, Kind.RESET, queued.org(), queued.subject())
            .flatMap(link -> resettable(tx, link).flatMap(good -> mailing.links().token(tx, Kind.RESET, link)
                .<Draft>map(token -> new Draft.Written(letter(good, publicUrl.link(path(token)))))))
            .orElseGet(Draft.Pointless::new);
    }

    private static Letter letter(Resettable good, String link) {
        var shown = new Shown(ShownName.of(good.org().name()).orElse(good.org().publicId()), good.user().email(),
            Minute.of(good.expiresAt()), link);
        var text = """
            To choose a new password for your account at %s, open this link:

            %s

            It is for %s, works once, and expires at %s.

            If you did not ask for it, you can ignore this e-mail. Your password stays as it is.
            """.formatted(shown.org(), shown.link(), shown.email(), shown.until());
        return new Letter("Reset your password for " + shown.org(), text,
            HtmlPage.rendered("signin/reset.jte", shown));
    }

    /// What the link of a token is good for; none if it is not good, or no longer. Changes nothing.
    public Optional<Resettable> look(Tx tx, String token) {
        return LinkRows.find(tx, Kind.RESET, token).flatMap(link -> resettable(tx, link));
    }

    /// A password that was set since ends a link, as does what keeps the user from signing in by it.
    private Optional<Resettable> resettable(Tx tx, Open link) {
        return orgs.find(tx, link.org()).filter(org -> !org.disabled())
            .flatMap(org -> users.find(tx, org.id(), link.user())
                .filter(user -> !user.disabled() && user.verified()
                    && link.email().equals(Optional.of(user.email())))
                .filter(user -> session.passwords.setAt(tx, user).filter(link.createdAt()::isBefore).isEmpty())
                .filter(user -> AllowedMethods.allows(tx, user, LoginMethod.STANDARD))
                .map(user -> new Resettable(org, user, link.expiresAt())));
    }

    /// Sets a password by a link, which is used up then. All sessions of the user end; second factors stay.
    ///
    /// @return none if the link is not good, or no longer
    public Optional<User> reset(Org.Id org, String token, Chosen.Fit password, Visitor visitor) {
        return db.write(visitor.at(org),
            tx -> LinkRows.find(tx, Kind.RESET, token).filter(link -> link.org().equals(org))
                .flatMap(link -> resettable(tx, link).map(good -> {
                    LinkRows.use(tx, link);
                    session.passwords.reset(tx, good.user(), password);
                    session.sessions.endAll(tx, good.user().id(), Optional.empty(), "password_reset");
                    return good.user();
                })));
    }
}
