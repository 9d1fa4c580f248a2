package roster.core.signin;

import roster.base.db.Database;
import roster.core.factor.Passkey.Signed;
import roster.core.session.Proof;
import roster.core.session.Session.Client;
import roster.core.session.SignIn;
import roster.core.session.SignIn.Admission;
import roster.core.signin.PasswordSignIn.Visitor;

/// Signing in by a passkey, which says itself whose it is.
public final class PasskeySignIn {
    private final Database db;
    private final SignIn signIn;

    PasskeySignIn(Database db, SignIn signIn) {
        this.db = db;
        this.signIn = signIn;
    }

    public Admission enter(Signed signed, Client client, Visitor visitor) {
        return db.write(visitor.at(signed.org()),
            tx -> signIn.admit(tx, new Proof.ByPasskey(signed), client));
    }
}
