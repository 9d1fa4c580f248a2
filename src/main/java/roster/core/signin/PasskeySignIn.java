package roster.core.signin;

import java.util.Optional;
import roster.base.db.Database;
import roster.base.net.Network;
import roster.core.factor.Passkey.Signed;
import roster.core.session.Proof;
import roster.core.session.Session.Client;
import roster.core.session.SignIn;
import roster.core.session.SignIn.Admission;
import roster.core.signin.PasswordSignIn.Visitor;
import roster.model.Caller;

/// Signing in by a passkey, which says itself whose it is.
public final class PasskeySignIn {
    private final Database db;
    private final SignIn signIn;

    PasskeySignIn(Database db, SignIn signIn) {
        this.db = db;
        this.signIn = signIn;
    }

    public Admission enter(Signed signed, Client client, Visitor visitor) {
        return db.write(Caller.visitor(signed.org(), visitor.requestId(), Optional.of(Network.text(visitor.address()))),
            tx -> signIn.admit(tx, new Proof.ByPasskey(signed), client));
    }
}
