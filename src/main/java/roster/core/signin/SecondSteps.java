package roster.core.signin;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.net.Network;
import roster.core.factor.FactorFeature;
import roster.core.factor.Factors;
import roster.core.factor.RecoveryCodes;
import roster.core.factor.Second;
import roster.core.session.Session.Begun;
import roster.core.session.Session.Client;
import roster.core.session.SignIn;
import roster.core.session.SignIn.Admission;
import roster.core.signin.Flows.Half;
import roster.core.signin.Guesses.Turn;
import roster.core.signin.PasswordSignIn.Visitor;
import roster.core.user.Users;
import roster.model.Caller;
import roster.model.Org;
import roster.model.User;

/// The second step of signing in, and of being asked again: how often it may be tried, and what it leads to.
public final class SecondSteps {
    /// Wrong codes of an app, of one user.
    private static final int WRONG_MAX = 30;
    private static final Duration DAY = Duration.ofDays(1);

    /// What came of a second factor.
    public sealed interface Outcome {
        /// What the one door says of it.
        ///
        /// @param half what was shown first
        /// @param codes recovery codes that were made with the user's first factor; none otherwise
        record Looked(Half half, Admission admission, List<String> codes) implements Outcome {
            @Override
            public String toString() {
                return "Looked";
            }
        }

        record Wrong() implements Outcome {}

        /// There is no first factor, or its tries are used up.
        record Ended() implements Outcome {}

        /// Codes of the user's app are refused; other factors are not.
        record TooMany(long retrySeconds) implements Outcome {}
    }

    private final Database db;
    private final Flows flows;
    private final Guesses guesses;
    private final SignIn signIn;
    private final Users users;
    private final Factors factors;
    private final RecoveryCodes codes;
    private final FailedSignIns failed;

    SecondSteps(Database db, Flows flows, Guesses guesses, SignIn signIn, Users users, FactorFeature factor,
        FailedSignIns failed) {
        this.db = db;
        this.flows = flows;
        this.guesses = guesses;
        this.signIn = signIn;
        this.users = users;
        this.factors = factor.factors;
        this.codes = factor.codes;
        this.failed = failed;
    }

    /// Looks at the second factor of a browser that has shown the first.
    public Outcome show(String cookie, Second second, Client client, Visitor visitor) {
        var trying = flows.tryHalf(cookie);
        if (trying.isEmpty()) {
            return new Outcome.Ended();
        }
        var half = trying.get().half();
        return switch (place(half.org(), half.proof().user(), second)) {
            case Turn.TooMany(var seconds) -> {
                tellOnce(half, visitor);
                yield new Outcome.TooMany(seconds);
            }
            case Turn.Place place -> {
                var outcome = admitted(half, second, client, visitor);
                if (outcome.admission() instanceof Admission.WrongSecond(var user)) {
                    wrong(user, second, visitor);
                    if (trying.get().left() == 0) {
                        flows.end(cookie);
                        yield new Outcome.Ended();
                    }
                    yield new Outcome.Wrong();
                }
                guesses.giveBack(place);
                flows.end(cookie);
                yield outcome;
            }
        };
    }

    private void tellOnce(Half half, Visitor visitor) {
        var user = half.proof().user();
        if (guesses.take("second factor told " + half.org() + " " + user, 1, DAY)) {
            db.write(caller(half, visitor), tx -> {
                users.find(tx, tx.org(), user).ifPresent(known -> factors.tellRefused(tx, known));
                return null;
            });
        }
    }

    private static Caller caller(Half half, Visitor visitor) {
        return visitor.at(half.org());
    }

    private Outcome.Looked admitted(Half half, Second second, Client client, Visitor visitor) {
        return db.write(caller(half, visitor), tx -> {
            var admission = signIn.admit(tx, half.proof(), Optional.of(second), client);
            return new Outcome.Looked(half, admission,
                admission instanceof Admission.In(var user, var _, var _) && second instanceof Second.FirstCode
                    ? codes.make(tx, user) : List.of());
        });
    }

    /// What came of a second factor that a user shows once more in their session.
    public sealed interface Again {
        record Shown(Begun session) implements Again {}

        record Wrong() implements Again {}

        record TooMany(long retrySeconds) implements Again {}
    }

    /// Looks at a second factor of the caller's, and makes their session fresh.
    public Again again(Caller caller, Second second, Client client) {
        return switch (place(caller.org(), caller.user().orElseThrow(), second)) {
            case Turn.TooMany(var seconds) -> new Again.TooMany(seconds);
            case Turn.Place place -> {
                var begun = db.<Optional<Begun>>write(caller, tx -> {
                    var user = users.find(tx, tx.org(), tx.caller().user().orElseThrow()).orElseThrow();
                    return factors.shown(tx, user, second)
                        ? Optional.of(signIn.renew(tx, Optional.of(second.text()), client)) : Optional.empty();
                });
                if (begun.isEmpty()) {
                    yield new Again.Wrong();
                }
                guesses.giveBack(place);
                yield new Again.Shown(begun.get());
            }
        };
    }

    /// Takes a place for a try at the code of a user's app. Other factors cannot be guessed.
    Turn place(Org.Id org, User.Id user, Second second) {
        return second instanceof Second.Code
            ? guesses.place("second factor " + org + " " + user, WRONG_MAX, DAY) : new Turn.Place(List.of());
    }

    private void wrong(User user, Second second, Visitor visitor) {
        failed.note(user, second.text(), visitor.requestId(), Network.text(visitor.address()));
    }
}
