package roster.core.signin;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.core.audit.AuditLog;
import roster.core.audit.Change;
import roster.core.session.Proof;
import roster.core.session.Session.Client;
import roster.core.session.SignIn.Admission;
import roster.core.session.SignIn;
import roster.core.signin.LinkRows.Kind;
import roster.core.user.UserLife;
import roster.core.user.Users;
import roster.model.Caller;
import roster.model.Org;
import roster.model.Problem.Unfit;
import roster.model.Refused;
import roster.model.User;

/// Links by which the operator lets a user in: each once, and a newer one ends the older. What ends in the life of a user ends
/// links of all kinds.
public final class Links implements UserLife {
    /// The longest that a link is good, and how long if nothing else is said.
    public static final Duration GOOD_MAX = Duration.ofHours(24);
    public static final Duration GOOD = Duration.ofMinutes(15);

    /// How long a session by a link lasts at most.
    private static final Duration SESSION = Duration.ofHours(1);

    /// What a link is bound to that removes the second factors of a user who lost them.
    private static final String RESETS_FACTORS = "second_factors_reset";

    private static final int TOKEN_BYTES = 32;

    private final Database db;
    private final AuditLog audit;
    private final SignIn signIn;

    Links(Database db, AuditLog audit, SignIn signIn) {
        this.db = db;
        this.audit = audit;
        this.signIn = signIn;
    }

    /// A link that is good.
    public record Good(Org.Id org, User.Id user, Instant expiresAt) {}

    /// What came of using a link.
    public record Entered(Proof proof, Admission admission) {}

    /// The path of a link's page.
    public static String path(String token) {
        return "/sign-in/once/" + token;
    }

    /// Makes a link that leaves second factors alone, as [#make(WriteTx, User, Duration, boolean)] does.
    public String make(WriteTx tx, User user, Duration good) {
        return make(tx, user, good, false);
    }

    /// Makes a link, and ends those before it.
    ///
    /// @param resetsFactors whether it also removes the user's second factors when it is used
    /// @return its token, which is never readable again
    /// @throws Refused with [Unfit] for a user who could not sign in by it
    public String make(WriteTx tx, User user, Duration good, boolean resetsFactors) {
        if (user.serviceAccount() || user.disabled() || !user.verified()) {
            throw new Refused(new Unfit("%s cannot sign in: %s".formatted(user.handle(),
                user.serviceAccount() ? "this is a service account" : "the user is " + user.status().text())));
        }
        var token = tx.randomness().base64(TOKEN_BYTES);
        LinkRows.add(tx, user, new LinkRows.New(tx.newId(), Kind.ONCE, good, Optional.empty(),
            resetsFactors ? Optional.of(RESETS_FACTORS) : Optional.empty()), token);
        audit.record(tx, "sign_in_link.made", Users.subject(user),
            new Change(Map.of(), Map.of("expires_at", tx.now().plus(good).toString(),
                "reset_second_factor", resetsFactors)));
        return token;
    }

    /// The link of a token, if it is good. Changes nothing.
    public Optional<Good> find(Tx tx, String token) {
        return LinkRows.find(tx, Kind.ONCE, token).map(link -> new Good(link.org(), link.user(), link.expiresAt()));
    }

    /// Lets a client in by a link, which is used up then, also if a second factor is still to be shown.
    ///
    /// @return none if the link is not good, or no longer
    public Optional<Entered> enter(Org.Id org, String token, Client client, Caller visitor) {
        return db.write(visitor, tx -> LinkRows.find(tx, Kind.ONCE, token).filter(link -> link.org().equals(org))
            .map(link -> {
                var proof = new Proof.Link(link.user(), tx.now().plus(SESSION),
                    link.boundTo().equals(Optional.of(RESETS_FACTORS)));
                var admission = signIn.admit(tx, proof, client);
                if (!(admission instanceof Admission.Out)) {
                    LinkRows.use(tx, link);
                }
                return new Entered(proof, admission);
            }));
    }

    @Override
    public Supplier<Map<User.Id, Map<String, Object>>> disabled(WriteTx tx, List<User> users) {
        LinkRows.cancel(tx, users, Optional.empty());
        return Map::of;
    }

    @Override
    public void addressChanged(WriteTx tx, User user, Optional<String> left) {
        LinkRows.cancel(tx, List.of(user), Optional.empty());
    }

    @Override
    public Map<String, Object> anonymised(WriteTx tx, User user) {
        LinkRows.forget(tx, user);
        return Map.of();
    }

    int repairTimes(WriteTx tx) {
        return LinkRows.repairTimes(tx, GOOD_MAX);
    }
}
