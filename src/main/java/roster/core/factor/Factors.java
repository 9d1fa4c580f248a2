package roster.core.factor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.core.access.Rights;
import roster.core.access.SecondFactorPolicy;
import roster.core.audit.AuditLog;
import roster.core.audit.Change;
import roster.core.factor.Enrolments.Offer;
import roster.core.factor.Passkey.Signed;
import roster.core.notice.AccountNotice;
import roster.core.notice.Notices;
import roster.core.user.UserLife;
import roster.core.user.Users;
import roster.model.Org;
import roster.model.Problem.NotFound;
import roster.model.Problem.OwnFactors;
import roster.model.Problem.Unfit;
import roster.model.Refused;
import roster.model.SecondStep;
import roster.model.User;

/// The second factors of users: who needs one, whether one was shown, and how they change. `users.second_factor` says
/// whether there is any.
public final class Factors implements UserLife {
    private static final String TOTP = "totp";
    private static final String PASSKEY = "passkey";
    private static final String FACTOR = "factor";
    private static final String NAMED = "passkey_name";
    private static final String HAS_ANY = "mfa_enabled";
    private static final String AN_APP = "An authenticator app";

    private final AuditLog audit;
    private final Notices notices;
    private final Rights rights;
    private final Apps apps;
    private final Passkeys passkeys;
    private final RecoveryCodes codes;

    Factors(AuditLog audit, Notices notices, Rights rights, Apps apps, Passkeys passkeys, RecoveryCodes codes) {
        this.audit = audit;
        this.notices = notices;
        this.rights = rights;
        this.apps = apps;
        this.passkeys = passkeys;
        this.codes = codes;
    }

    /// What a user has set up.
    ///
    /// @param codes recovery codes that are left
    /// @param required whether the organisation asks them for a second factor
    public record Standing(boolean app, List<Passkey> passkeys, int codes, boolean required) {}

    public Standing of(Tx tx, User user) {
        return new Standing(apps.has(tx, user), passkeys.of(tx, user), codes.number(tx, user), required(tx, user));
    }

    /// What a user still has to do who has shown one factor.
    ///
    /// @param required whether the organisation asks them for a second one
    public static SecondStep step(User user, boolean required) {
        return user.secondFactor() ? SecondStep.SHOW : required ? SecondStep.ENROL : SecondStep.NONE;
    }

    private boolean required(Tx tx, User user) {
        return requiredLater(tx, user.org(), user.id()).get();
    }

    /// Whether an organisation asks a user for a second factor, asked for with the statement that follows.
    public Supplier<Boolean> requiredLater(Tx tx, Org.Id org, User.Id user) {
        var policy = SecondFactorPolicy.ofLater(tx, org);
        var held = rights.ofLater(tx, org, user);
        return () -> policy.get().asks(held.get());
    }

    /// Whether a second factor is right. What works once is used up; the first code of an app confirms it.
    public boolean shown(WriteTx tx, User user, Second second) {
        return switch (second) {
            case Second.Code(var typed) -> apps.use(tx, user, typed);
            case Second.Recovery(var typed) -> codes.use(tx, user, typed);
            case Second.FirstCode(var offer, var typed) -> !user.secondFactor() && add(tx, user, offer, typed);
            case Second.ByPasskey(var signed) -> shown(tx, user, signed, passkeys.of(tx, user));
        };
    }

    /// A user's passkeys, asked for with the statement that follows.
    public Supplier<List<Passkey>> passkeysLater(Tx tx, Org.Id org, User.Id user) {
        return passkeys.ofLater(tx, org, user);
    }

    /// Whether a passkey is still the user's, and no copy of it was used. They are told of a copy.
    ///
    /// @param own passkeys of the user, as they are now
    public boolean shown(WriteTx tx, User user, Signed signed, List<Passkey> own) {
        return switch (passkeys.use(tx, signed, own)) {
            case RIGHT -> true;
            case GONE -> false;
            case COPIED -> {
                refused(tx, user, PASSKEY, "passkey_copied");
                notices.tell(tx, user, AccountNotice.PASSKEY_COPIED,
                    passkeys.named(tx, user, signed.id().toString()).map(Passkey::name));
                yield false;
            }
        };
    }

    private void refused(WriteTx tx, User user, String method, String reason) {
        audit.record(tx, "sign_in.refused", Users.subject(user),
            new Change(Map.of(), Map.of("method", method, "reason", reason)));
    }

    /// Tells a user that codes of their app are refused, as someone who has their password tries them out.
    public void tellRefused(WriteTx tx, User user) {
        refused(tx, user, TOTP, "too_many_codes");
        notices.tell(tx, user, AccountNotice.CODES_REFUSED, Optional.empty());
    }

    /// Adds an authenticator app whose first code was typed. Nothing happens if the user has one.
    ///
    /// @return false if the code is not right
    public boolean add(WriteTx tx, User user, Offer offer, String typed) {
        if (!apps.add(tx, user, offer, typed)) {
            return false;
        }
        added(tx, user, Map.of(FACTOR, TOTP), AN_APP);
        return true;
    }

    /// Adds a passkey that a device has made.
    ///
    /// @param name as it was typed
    /// @param device its name if none was typed
    /// @return false if the user has as many as they may, or the credential is known already
    public boolean add(WriteTx tx, User user, Ceremonies.Made made, String name, String device) {
        var named = Passkeys.name(name, device);
        if (!passkeys.add(tx, user, made.passkey(), made.handle(), named)) {
            return false;
        }
        added(tx, user, Map.of(FACTOR, PASSKEY, NAMED, named), "The passkey \u201c%s\u201d".formatted(named));
        return true;
    }

    private void added(WriteTx tx, User user, Map<String, Object> facts, String told) {
        mark(tx, user, true);
        audit.record(tx, "second_factor.added", Users.subject(user),
            new Change(Map.of(HAS_ANY, user.secondFactor()), with(facts, HAS_ANY, true)));
        notices.tell(tx, user, AccountNotice.SECOND_FACTOR_ADDED, Optional.of(told));
    }

    private static Map<String, Object> with(Map<String, Object> facts, String name, Object value) {
        var all = new LinkedHashMap<>(facts);
        all.put(name, value);
        return all;
    }

    private static void mark(WriteTx tx, User user, boolean has) {
        tx.update("UPDATE users SET second_factor = ?, version = ? WHERE org_id = ? AND id = ?", has, tx.version(),
            tx.org(), user.id());
    }

    /// Removes a user's authenticator app, and with their last factor the codes to recover by. No-op if there is none.
    ///
    /// @throws Refused with [Unfit] if the organisation asks for a second factor, and the user has no other
    public void removeApp(WriteTx tx, User user) {
        if (!apps.has(tx, user)) {
            return;
        }
        var last = passkeys.of(tx, user).isEmpty();
        mustNotBeNeeded(tx, user, last);
        apps.delete(tx, user);
        removed(tx, user, last, Map.of(FACTOR, TOTP), AN_APP);
    }

    /// The same for a passkey.
    ///
    /// @param id as it was sent
    /// @throws Refused with [NotFound], and as [#removeApp] does
    public void removePasskey(WriteTx tx, User user, String id) {
        var passkey = passkey(tx, user, id);
        var last = passkeys.of(tx, user).size() == 1 && !apps.has(tx, user);
        mustNotBeNeeded(tx, user, last);
        passkeys.delete(tx, passkey);
        removed(tx, user, last, Map.of(FACTOR, PASSKEY, NAMED, passkey.name()),
            "The passkey \u201c%s\u201d".formatted(passkey.name()));
    }

    /// @throws Refused with [NotFound]
    public void renamePasskey(WriteTx tx, User user, String id, String typed) {
        var passkey = passkey(tx, user, id);
        var name = Passkeys.name(typed, passkey.name());
        if (!name.equals(passkey.name())) {
            passkeys.rename(tx, passkey, name);
            audit.record(tx, "second_factor.renamed", Users.subject(user),
                new Change(Map.of(NAMED, passkey.name()), Map.of(NAMED, name)));
        }
    }

    private Passkey passkey(Tx tx, User user, String id) {
        return passkeys.named(tx, user, id).orElseThrow(() -> new Refused(new NotFound(id + " not found")));
    }

    private void mustNotBeNeeded(Tx tx, User user, boolean last) {
        if (last && required(tx, user)) {
            throw new Refused(new Unfit("Your organisation asks for a second step. Set up another one first."));
        }
    }

    private void removed(WriteTx tx, User user, boolean last, Map<String, Object> facts, String told) {
        if (last) {
            codes.delete(tx, user);
            mark(tx, user, false);
        }
        audit.record(tx, "second_factor.removed", Users.subject(user),
            new Change(with(facts, HAS_ANY, true), Map.of(HAS_ANY, !last)));
        notices.tell(tx, user, AccountNotice.SECOND_FACTOR_REMOVED, Optional.of(told));
    }

    /// Removes all factors of a user who lost them, and their recovery codes. No-op if there are none.
    ///
    /// @return whether there were any
    /// @throws Refused with [OwnFactors] for the caller's own: a client that took over a session must not get rid of them
    public boolean reset(WriteTx tx, User user) {
        if (tx.caller().user().equals(Optional.of(user.id()))) {
            throw new Refused(new OwnFactors());
        }
        var had = end(tx, user);
        if (had) {
            notices.tell(tx, user, AccountNotice.SECOND_FACTOR_REMOVED,
                Optional.of("All second steps and recovery codes, by an administrator"));
        }
        return had;
    }

    /// @return whether there was any
    private boolean end(WriteTx tx, User user) {
        var gone = forget(tx, user);
        if (!gone.isEmpty()) {
            mark(tx, user, false);
            audit.record(tx, "second_factor.reset", Users.subject(user),
                new Change(with(gone, HAS_ANY, user.secondFactor()), Map.of(HAS_ANY, false)));
        }
        return !gone.isEmpty();
    }

    /// @return what there was
    private Map<String, Object> forget(WriteTx tx, User user) {
        var factors = new ArrayList<String>();
        if (apps.delete(tx, user)) {
            factors.add(TOTP);
        }
        if (passkeys.deleteAll(tx, user) > 0) {
            factors.add(PASSKEY);
        }
        var gone = new LinkedHashMap<String, Object>();
        if (!factors.isEmpty()) {
            gone.put("factors", factors);
        }
        var number = codes.delete(tx, user);
        if (number > 0) {
            gone.put("recovery_codes", number);
        }
        return gone;
    }

    @Override
    public void deprovisioned(WriteTx tx, User user) {
        end(tx, user);
    }

    @Override
    public Map<String, Object> anonymised(WriteTx tx, User user) {
        forget(tx, user);
        return Map.of();
    }
}
