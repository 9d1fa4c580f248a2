package roster.core.signin;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.base.db.Database;
import roster.base.net.Network;
import roster.core.session.Devices;
import roster.core.session.Passwords;
import roster.core.session.Passwords.Candidate;
import roster.core.session.Passwords.Chosen;
import roster.core.session.Proof;
import roster.core.session.Session.Client;
import roster.core.session.SignIn;
import roster.core.session.SignIn.Admission;
import roster.core.session.SignInRecord;
import roster.core.signin.Guesses.Turn;
import roster.model.Caller;
import roster.model.Email;
import roster.model.LoginMethod;
import roster.model.Org;
import roster.model.Refused;
import roster.model.Text;

/// Signing in by address and password. Whatever is wrong, the answer is the same and takes the same time: one look for
/// addresses, and one computation.
public final class PasswordSignIn {
    /// @param page the organisation on whose page it was typed; none: that of all
    /// @param device the browser's cookie, as it was sent
    public record Attempt(String address, String password, Optional<Org.Id> page, InetAddress client,
        Optional<String> device) {
        @Override
        public String toString() {
            return "Attempt";
        }

        /// The address in the one form in which addresses are compared.
        public String folded() {
            return Email.folded(address).orElseGet(() -> Text.folded(address));
        }
    }

    /// What came of it.
    public sealed interface Outcome {
        /// @param matched one or more
        record Right(List<Candidate> matched) implements Outcome {}

        record Wrong() implements Outcome {}

        record TooMany(long retrySeconds) implements Outcome {}
    }

    private static final Logger LOG = LoggerFactory.getLogger(PasswordSignIn.class);

    private final Database db;
    private final Passwords passwords;
    private final Guesses guesses;
    private final Devices devices;
    private final SignIn signIn;
    private final FailedSignIns failed;
    private final SignInRecord record;

    PasswordSignIn(Database db, Passwords passwords, Guesses guesses, Devices devices, SignIn signIn,
        FailedSignIns failed, SignInRecord record) {
        this.record = record;
        this.db = db;
        this.passwords = passwords;
        this.guesses = guesses;
        this.devices = devices;
        this.signIn = signIn;
        this.failed = failed;
    }

    /// Looks at a password.
    ///
    /// @throws Refused with Unavailable if too many wait
    public Outcome look(Attempt attempt, String requestId) {
        var address = attempt.folded();
        var candidates = db.read(tx -> passwords.candidates(tx, address, attempt.page()));
        return compared(attempt, address, candidates, attempt.page(), requestId);
    }

    /// Looks at the password of a user who is signed in and types it once more.
    ///
    /// @throws Refused with Unavailable if too many wait
    public Outcome lookAgain(Attempt attempt, Candidate own, String requestId) {
        return compared(attempt, attempt.folded(), List.of(own), Optional.of(own.org()), requestId);
    }

    /// @param alone the organisation of all candidates, on its own page. On that of all no browser is known: a try there is one
    ///     in every organisation, also in those where its user has never signed in
    private Outcome compared(Attempt attempt, String address, List<Candidate> candidates, Optional<Org.Id> alone,
        String requestId) {
        var nonce = alone.flatMap(org -> devices.nonce(attempt.device(), org, address));
        return switch (guesses.take(address, nonce, attempt.client())) {
            case Turn.TooMany(var seconds) -> {
                record.tooMany(LoginMethod.STANDARD);
                yield new Outcome.TooMany(seconds);
            }
            case Turn.Place place -> {
                var matched = matching(attempt, address, candidates, alone.isPresent(), place);
                if (matched.isEmpty()) {
                    failed.note(candidates, requestId, Network.text(attempt.client()));
                    record.failed(LoginMethod.STANDARD);
                    if (candidates.isEmpty()) {
                        LOG.atInfo().addKeyValue("request_id", requestId).log("A sign-in failed: no such user");
                    }
                    yield new Outcome.Wrong();
                }
                guesses.giveBack(place);
                yield new Outcome.Right(matched);
            }
        };
    }

    private List<Candidate> matching(Attempt attempt, String address, List<Candidate> candidates, boolean alone,
        Turn.Place place) {
        try {
            return passwords.matching(Guesses.narrow(attempt.client()), address, attempt.password(), candidates, alone);
        } catch (Refused e) { // it was not looked at
            guesses.giveBack(place);
            throw e;
        }
    }

    /// Lets the client in by a password that was right.
    ///
    /// @param remade a new digest of the password, if there is to be one
    public Admission enter(Org.Id org, Proof.Password proof, Client client, Visitor visitor,
        Optional<Chosen.Fit> remade) {
        return db.write(visitor.at(org), tx -> {
            var admission = signIn.admit(tx, proof, client);
            if (admission instanceof Admission.In(var user, var _, var _)) {
                remade.ifPresent(fit -> passwords.remake(tx, user, fit));
            }
            return admission;
        });
    }

    /// A new digest of a password that was right, where the stored one has an earlier form or salt.
    public Optional<Chosen.Fit> remade(Attempt attempt, Candidate matched) {
        return passwords.remade(Guesses.narrow(attempt.client()), attempt.folded(), attempt.password(), matched);
    }

    /// A client that is not signed in.
    public record Visitor(String requestId, InetAddress address) {
        /// The caller of a write of an organisation.
        public Caller at(Org.Id org) {
            return Caller.visitor(org, requestId, Optional.of(Network.text(address)));
        }
    }
}
