package roster.core.session;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import roster.base.db.WriteTx;
import roster.core.access.AllowedMethods;
import roster.core.access.AllowedNetworks;
import roster.core.audit.AuditLog;
import roster.core.audit.Change;
import roster.core.org.Orgs;
import roster.core.session.Session.Begun;
import roster.core.session.Session.Client;
import roster.core.user.Users;
import roster.model.User;

/// The one door that makes sessions: whatever proves who a client is, all that must hold besides is looked at here.
public final class SignIn {
    /// What came of a proof.
    public sealed interface Admission {
        record In(User user, Begun session) implements Admission {}

        record Out(Why why) implements Admission {}
    }

    /// Why a client was not let in, in the order in which it is looked at.
    public enum Why {
        ORG_DISABLED, NO_SUCH_USER, USER_DISABLED, NOT_ACTIVE, PASSWORD_CHANGED, METHOD_NOT_ALLOWED,
        NETWORK_NOT_ALLOWED;

        /// As the audit entry has it.
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final AuditLog audit;
    private final Orgs orgs;
    private final Users users;
    private final Passwords passwords;
    private final Sessions sessions;
    private final FirstSeen firstSeen;

    SignIn(AuditLog audit, Orgs orgs, Users users, Passwords passwords, Sessions sessions,
        FirstSeen firstSeen) {
        this.audit = audit;
        this.orgs = orgs;
        this.users = users;
        this.passwords = passwords;
        this.sessions = sessions;
        this.firstSeen = firstSeen;
    }

    /// Lets a client in, or not; both are recorded. The write's caller is a visitor, with their address.
    public Admission admit(WriteTx tx, Proof proof, Client client) {
        var user = users.find(tx, tx.org(), proof.user());
        var why = obstacle(tx, user, proof);
        if (why.isPresent()) {
            user.ifPresent(known -> audit.record(tx, "sign_in.refused", Users.subject(known),
                new Change(Map.of(), Map.of("method", method(proof), "reason", why.get().text()))));
            return new Admission.Out(why.get());
        }
        var known = user.orElseThrow();
        var begun = sessions.begin(tx, known, method(proof), proof.factors(), proof.sessionEndsAt(), client);
        firstSeen.begun(tx, known, client);
        tx.update("UPDATE users SET last_login_at = ?, version = ? WHERE org_id = ? AND id = ?", tx.now(), tx.version(),
            tx.org(), known.id());
        audit.record(tx, "sign_in.succeeded", Users.subject(known), new Change(Map.of(), Map.of("method",
            method(proof), "factors", proof.factors(), "session", begun.id().toString(), "browser",
            Browser.named(client.userAgent().orElse("")))));
        return new Admission.In(known, begun);
    }

    /// A new token for the session that the caller acts by, as after a change of what lets them in. All that held for the
    /// session was looked at when the write began.
    public Begun renew(WriteTx tx, Client client) {
        var caller = tx.caller();
        var user = users.find(tx, tx.org(), caller.user().orElseThrow()).orElseThrow();
        var old = sessions.running(tx, user.id(), new Session.Id(caller.session().orElseThrow()));
        sessions.end(tx, user.id(), old.id().toString(), "renewed");
        return sessions.begin(tx, user, old.method(), old.factors(), old.endsAt(), client);
    }

    private static String method(Proof proof) {
        return proof.method().map(method -> method.text()).orElse(Session.LINK);
    }

    private Optional<Why> obstacle(WriteTx tx, Optional<User> found, Proof proof) {
        if (orgs.find(tx, tx.org()).filter(org -> !org.disabled()).isEmpty()) {
            return Optional.of(Why.ORG_DISABLED);
        }
        var user = found.filter(one -> !one.serviceAccount());
        if (user.isEmpty()) {
            return Optional.of(Why.NO_SUCH_USER);
        }
        if (user.get().disabled()) {
            return Optional.of(Why.USER_DISABLED);
        }
        if (!user.get().verified()) {
            return Optional.of(Why.NOT_ACTIVE);
        }
        if (proof instanceof Proof.Password(var id, var version)
            && passwords.version(tx, tx.org(), id).filter(now -> now == version).isEmpty()) {
            return Optional.of(Why.PASSWORD_CHANGED);
        }
        if (proof.method().filter(method -> !AllowedMethods.allows(tx, user.get(), method)).isPresent()) {
            return Optional.of(Why.METHOD_NOT_ALLOWED);
        }
        return AllowedNetworks.admits(tx, tx.caller()) ? Optional.empty() : Optional.of(Why.NETWORK_NOT_ALLOWED);
    }
}
