package roster.core.identity;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.core.access.AllowedMethods;
import roster.core.access.Callers;
import roster.core.audit.AuditLog;
import roster.core.audit.Change;
import roster.core.factor.FactorFeature;
import roster.core.identity.Accounts.Person;
import roster.core.identity.OpenIdSignIn.Arrival;
import roster.core.session.Proof;
import roster.core.session.Session;
import roster.core.session.Session.AtProvider;
import roster.core.session.Session.Client;
import roster.core.session.SessionFeature;
import roster.core.session.SignIn.Why;
import roster.core.user.Users;
import roster.model.Caller;
import roster.model.LoginMethod;
import roster.model.SecondStep;
import roster.model.User;

/// What users do by providers in a session of theirs: they show once more who they are, and link further accounts.
public final class OwnIdentities {
    /// How an identity became the user's that they linked in a session.
    static final String IN_SESSION = "session";

    private final Database db;
    private final AuditLog audit;
    private final UsableProviders providers;
    private final Identities identities;
    private final Users users;
    private final SessionFeature session;
    private final FactorFeature factor;

    OwnIdentities(Database db, AuditLog audit, UsableProviders providers, Identities identities, Users users,
        SessionFeature session, FactorFeature factor) {
        this.db = db;
        this.audit = audit;
        this.providers = providers;
        this.identities = identities;
        this.users = users;
        this.session = session;
        this.factor = factor;
    }

    /// @param provider its name
    public record Linked(UUID id, String provider, Instant linkedAt, Optional<Instant> lastUsedAt) {}

    /// The accounts that are linked with a user's, the first linked first.
    public List<Linked> of(Tx tx, User user) {
        return identities.of(tx, user.org(), user.id()).stream().map(one -> new Linked(one.id(),
            identities.nameOf(tx, user.org(), one), one.linkedAt(), one.lastUsedAt())).toList();
    }

    /// The providers by which a user may sign in, and at which no account is theirs yet.
    public List<Provider> linkable(Tx tx, User user) {
        return providers.offered(tx, user.org()).stream()
            .filter(one -> AllowedMethods.allows(tx, user, one.method())
                && !identities.hasAt(tx, user.org(), user.id(), one.id().value()))
            .toList();
    }

    /// The provider by which a user can show once more who they are: that of their session. Not where a second step is
    /// missing, which it does not replace.
    public Optional<Provider> ofSession(Tx tx, Caller caller) {
        return caller.step() == SecondStep.SHOW ? Optional.empty()
            : session.sessions.current(tx, caller).flatMap(Session::provider)
                .flatMap(at -> providers.find(tx, caller.org(), at.provider()));
    }

    /// Makes the session of a caller fresh, if the identity is the one that it began by.
    Arrival confirmed(Caller caller, Provider provider, Person person, Client client, String then) {
        return db.write(caller, tx -> {
            var user = users.find(tx, tx.org(), caller.user().orElseThrow()).orElseThrow();
            var known = known(tx, person.identity()).filter(one -> session.sessions.current(tx, caller)
                .flatMap(Session::provider).filter(at -> at.identity().equals(one.id())).isPresent());
            if (known.isEmpty() || providers.find(tx, tx.org(), provider.id().value()).isEmpty()) {
                refused(tx, user, provider, "another_identity");
                return new Arrival.NotTheirs(provider.terms().name());
            }
            identities.use(tx, user,
                identities.shownLater(tx, person.proof(user.id(), provider, Optional.empty())));
            var at = new AtProvider(provider.id().value(), known.get().id(), person.identity().sid(),
                person.identity().idToken());
            return new Arrival.Confirmed(tx.org(), session.signIn.renew(tx, at, person.strong(), client), then);
        });
    }

    /// Links an identity with the user of a session. They have shown in it that the account here is theirs.
    Arrival linked(Caller caller, Provider provider, Person person, String then) {
        Callers.mustHaveTakenSecondStep(caller);
        return db.write(caller, tx -> {
            var user = users.find(tx, tx.org(), caller.user().orElseThrow()).orElseThrow();
            var shown = identities.shownLater(tx, person.proof(user.id(), provider, Optional.of(IN_SESSION)));
            var why = obstacle(tx, user, provider, shown);
            if (why.isPresent()) {
                refused(tx, user, provider, why.get().text());
                return new Arrival.NotLinked(tx.org(), why.get());
            }
            identities.use(tx, user, shown);
            return new Arrival.Linked(then);
        });
    }

    private Optional<Why> obstacle(WriteTx tx, User user, Provider provider, Identities.Shown shown) {
        if (!AllowedMethods.allows(tx, user, provider.method())) {
            return Optional.of(Why.METHOD_NOT_ALLOWED);
        }
        return providers.find(tx, tx.org(), provider.id().value()).isEmpty() ? Optional.of(Why.PROVIDER_DISABLED)
            : shown.obstacle();
    }

    private Optional<Identities.Identity> known(WriteTx tx, Proof.Identity shown) {
        return identities.knownLater(tx, shown).get();
    }

    private void refused(WriteTx tx, User user, Provider provider, String reason) {
        audit.record(tx, "sign_in.refused", Users.subject(user),
            new Change(Map.of(), Accounts.facts(provider, reason)));
    }

    /// Whether a user could still sign in without an identity, or get a password by an e-mail.
    public boolean hasAnotherWay(Tx tx, User user, UUID identity) {
        var standard = AllowedMethods.allows(tx, user, LoginMethod.STANDARD)
            && (session.passwords.of(tx, user).isPresent() || factor.ceremonies.hasAny(tx, user)
                || users.provedAddress(tx, user).isPresent());
        return standard || identities.of(tx, user.org(), user.id()).stream()
            .filter(one -> !one.id().equals(identity))
            .anyMatch(one -> providers.find(tx, user.org(), one.provider())
                .filter(provider -> AllowedMethods.allows(tx, user, provider.method())).isPresent());
    }
}
