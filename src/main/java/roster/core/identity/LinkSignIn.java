package roster.core.identity;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.base.html.HtmlPage;
import roster.base.html.Minute;
import roster.base.net.PublicUrl;
import roster.base.secret.Purpose;
import roster.core.audit.AuditLog;
import roster.core.audit.Change;
import roster.core.mail.Letter;
import roster.core.mail.LetterSource;
import roster.core.mail.Outbox;
import roster.core.mail.Outbox.Queued;
import roster.core.mail.ShownName;
import roster.core.org.Orgs;
import roster.core.session.Proof;
import roster.core.session.Session.Client;
import roster.core.session.SignIn;
import roster.core.session.SignIn.Admission;
import roster.core.signin.LinkRows;
import roster.core.signin.LinkRows.Kind;
import roster.core.signin.LinkRows.Open;
import roster.core.signin.PasswordSignIn.Attempt;
import roster.core.signin.PasswordSignIn.Outcome;
import roster.core.signin.PasswordSignIn.Visitor;
import roster.core.signin.SignInFeature;
import roster.core.user.Users;
import roster.model.Caller;
import roster.model.Org;
import roster.model.User;

/// Shows once that an account is the user's whom a provider says it is: by its password, or by an e-mail to its address. What is
/// shown counts for the browser, the identity and the account only for which it was asked.
public final class LinkSignIn implements LetterSource {
    /// The kind of these e-mails in the outbox.
    public static final String LETTER = "identity_link";

    private final Database db;
    private final AuditLog audit;
    private final SignInFeature signingIn;
    private final SignIn signIn;
    private final Accounts accounts;
    private final Rooms rooms;
    private final Purpose bound;

    /// Whose rows it reads and writes besides.
    record Rooms(UsableProviders providers, Orgs orgs, Users users, Outbox outbox, PublicUrl publicUrl) {}

    LinkSignIn(Database db, AuditLog audit, SignInFeature signingIn, SignIn signIn, Accounts accounts, Rooms rooms,
        Purpose bound) {
        this.db = db;
        this.audit = audit;
        this.signingIn = signingIn;
        this.signIn = signIn;
        this.accounts = accounts;
        this.rooms = rooms;
        this.bound = bound;
    }

    /// What is to be shown.
    ///
    /// @param byLetter whether only an e-mail will do
    public record Shown(Org org, User user, String provider, boolean byLetter) {}

    /// The link of an e-mail that is good.
    public record Good(Shown shown, Instant until) {}

    /// What came of it.
    public sealed interface Result {
        record Asked(Org.Id org, Proof proof, Admission admission, String then) implements Result {}

        record Wrong() implements Result {}

        record TooMany(long retrySeconds) implements Result {}

        /// Nothing is to be shown, or not any more.
        record Over() implements Result {}
    }

    private record LinkId(UUID value) implements roster.model.Id {
        @Override
        public String toString() {
            return value.toString();
        }
    }

    /// What the e-mail says.
    public record Mail(String org, String email, String until, String link) {}

    /// The path of an e-mail's page.
    public static String path(String token) {
        return "/sign-in/confirm/" + token;
    }

    /// What this browser has to show.
    public Optional<Shown> pending(String cookie) {
        return PendingLink.find(signingIn.flows, cookie).flatMap(link -> db.read(tx -> shown(tx, link)));
    }

    /// As long as the account still has the address, and the provider may be used.
    private Optional<Shown> shown(Tx tx, PendingLink link) {
        return rooms.orgs().find(tx, link.org()).filter(org -> !org.disabled()).flatMap(org -> rooms.users()
            .find(tx, org.id(), link.user()).filter(user -> !user.disabled() && isStill(link, user))
            .flatMap(user -> rooms.providers().find(tx, org.id(), link.person().identity().provider())
                .map(provider -> new Shown(org, user, provider.terms().name(), link.byLetter()))));
    }

    private static boolean isStill(PendingLink link, User user) {
        return link.person().address().filter(one -> one.folded().equals(user.email())).isPresent();
    }

    /// Shows it by the password of the account.
    public Result byPassword(String cookie, String password, Optional<String> device, Client client,
        Visitor visitor) {
        var link = PendingLink.find(signingIn.flows, cookie).filter(one -> !one.byLetter());
        var shown = link.flatMap(one -> db.read(tx -> shown(tx, one)));
        if (shown.isEmpty()) {
            return new Result.Over();
        }
        var attempt = new Attempt(shown.get().user().email(), password, Optional.of(shown.get().org().id()),
            visitor.address(), device);
        return switch (signingIn.passwords.look(attempt, visitor.requestId())) {
            case Outcome.TooMany(var seconds) -> new Result.TooMany(seconds);
            case Outcome.Right(var matched) when matched.stream()
                .anyMatch(one -> one.user().equals(link.get().user())) -> asked(cookie, link.get(), client, visitor,
                    "password", _ -> Optional.of(false));
            default -> new Result.Wrong();
        };
    }

    /// Sends an e-mail to the address of the account, if there were not too many.
    ///
    /// @return false if nothing is to be shown
    public boolean send(String cookie, Visitor visitor) {
        var link = PendingLink.find(signingIn.flows, cookie);
        var shown = link.flatMap(one -> db.read(tx -> shown(tx, one)));
        if (shown.isEmpty()) {
            return false;
        }
        if (!signingIn.letterRequests.mayAsk(visitor.address())
            || !signingIn.letterRequests.maySend(shown.get().user().email())) {
            return true;
        }
        db.write(caller(link.get().org(), visitor), tx -> {
            shown(tx, link.get()).ifPresent(still -> queue(tx, cookie, link.get(), still));
            return null;
        });
        return true;
    }

    private void queue(WriteTx tx, String cookie, PendingLink link, Shown shown) {
        var user = shown.user();
        var id = signingIn.mailedLinks.make(tx, user, Kind.CONFIRM, user.email(),
            Optional.of(bound.hashText(link.bound(cookie))), PendingLink.LIFE);
        rooms.outbox().enqueue(tx, LETTER,
            new Outbox.New(new LinkId(id), user.id(), user.email(), tx.now().plus(PendingLink.LIFE)));
        audit.record(tx, "identity.letter_sent", Users.subject(user), new Change(Map.of(), Map.of("provider",
            link.person().identity().provider().toString())));
    }

    private static Caller caller(Org.Id org, Visitor visitor) {
        return visitor.at(org);
    }

    /// What the link of an e-mail is good for in this browser; none if it is not good there. Changes nothing.
    public Optional<Good> look(String token, String cookie) {
        return PendingLink.find(signingIn.flows, cookie).flatMap(link -> db.read(
            tx -> confirmable(tx, token, cookie, link)
                .flatMap(open -> shown(tx, link).map(shown -> new Good(shown, open.expiresAt())))));
    }

    private Optional<Open> confirmable(Tx tx, String token, String cookie, PendingLink link) {
        return LinkRows.find(tx, Kind.CONFIRM, token).filter(open -> open.org().equals(link.org())
            && open.user().equals(link.user())
            && open.boundTo().filter(hash -> bound.isHash(hash, link.bound(cookie))).isPresent());
    }

    /// Shows it by the link of an e-mail, which is used up then, and shows that the user reads e-mail there.
    public Result byLetter(String token, String cookie, Client client, Visitor visitor) {
        var link = PendingLink.find(signingIn.flows, cookie);
        return link.isEmpty() ? new Result.Over() : asked(cookie, link.get(), client, visitor, "letter",
            tx -> confirmable(tx, token, cookie, link.get()).map(open -> {
                LinkRows.use(tx, open);
                var user = rooms.users().find(tx, tx.org(), open.user()).orElseThrow();
                if (user.verified()) {
                    rooms.users().prove(tx, user);
                } else {
                    accounts.join(tx, user, true);
                }
                return true;
            }));
    }

    /// @param show whether it was shown, and whether something was changed by it
    private Result asked(String cookie, PendingLink link, Client client, Visitor visitor, String how,
        Function<WriteTx, Optional<Boolean>> show) {
        try {
            var result = db.write(caller(link.org(), visitor), tx -> {
                var shown = shown(tx, link);
                var changed = shown.flatMap(_ -> show.apply(tx));
                if (changed.isEmpty()) {
                    return new Result.Over();
                }
                var provider = rooms.providers().find(tx, tx.org(), link.person().identity().provider()).orElseThrow();
                var proof = link.person().proof(link.user(), provider, Optional.of(how));
                var admission = signIn.admit(tx, proof, client);
                if (changed.get() && admission instanceof Admission.Out out) {
                    throw new NotAdmitted(proof, out);
                }
                return new Result.Asked(link.org(), proof, admission, link.then());
            });
            if (result instanceof Result.Asked) {
                PendingLink.end(signingIn.flows, cookie);
            }
            return result;
        } catch (NotAdmitted e) {
            return new Result.Asked(link.org(), e.proof(), e.out(), link.then());
        }
    }

    @Override
    public Draft draft(Tx tx, Queued queued) {
        return signingIn.mailedLinks.find(tx, Kind.CONFIRM, queued.org(), queued.subject())
            .flatMap(open -> signingIn.mailedLinks.token(tx, Kind.CONFIRM, open)
                .<Draft>map(token -> new Draft.Written(letter(tx, open, token))))
            .orElseGet(Draft.Pointless::new);
    }

    private Letter letter(Tx tx, Open open, String token) {
        var org = rooms.orgs().find(tx, open.org()).orElseThrow();
        var mail = new Mail(ShownName.of(org.name()).orElse(org.publicId()), open.email().orElseThrow(),
            Minute.of(open.expiresAt()),
            rooms.publicUrl().link(path(token)));
        var text = """
            You are signing in to %s in another way for the first time. To confirm that the account of %s is yours, open
            this link in the browser in which you are signing in:

            %s

            It works once, and expires at %s.

            If you are not signing in just now, ignore this e-mail and tell an administrator of your organisation.
            """.formatted(mail.org(), mail.email(), mail.link(), mail.until());
        return new Letter("Confirm your sign-in to " + mail.org(), text, HtmlPage.rendered("signin/confirm.jte", mail));
    }
}
