package roster.core.session;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import roster.base.db.WriteTx;
import roster.core.access.AllowedMethods;
import roster.core.access.AllowedNetworks;
import roster.core.factor.Factors;
import roster.core.factor.Passkey;
import roster.core.factor.Second;
import roster.core.org.Orgs;
import roster.core.session.Session.AtProvider;
import roster.core.session.Session.Begun;
import roster.core.session.Session.Client;
import roster.core.user.Users;
import roster.model.Org;
import roster.model.SecondStep;
import roster.model.User;

/// The one door that makes sessions: whatever proves who a client is, all that must hold besides is looked at here.
public final class SignIn {
    /// What came of a proof.
    public sealed interface Admission {
        record In(User user, Org org, Begun session) implements Admission {}

        /// All is well so far, and a second factor must be shown or set up. Nothing was changed.
        record Step(User user, SecondStep step) implements Admission {}

        /// The second factor is not right.
        record WrongSecond(User user) implements Admission {}

        record Out(Why why) implements Admission {}
    }

    /// Why a client was not let in, in the order in which it is looked at.
    public enum Why {
        ORG_DISABLED, NO_SUCH_USER, USER_DISABLED, NOT_ACTIVE, PASSWORD_CHANGED, METHOD_NOT_ALLOWED,
        PROVIDER_DISABLED, NETWORK_NOT_ALLOWED, PASSKEY_REFUSED, IDENTITY_TAKEN, NO_MAPPED_ROLE;

        /// As the audit entry has it.
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// What identities at providers add to a sign-in, from their own room. All that it needs is asked for with the rest.
    ///
    /// @param usable whether users may sign in by the provider
    /// @param obstacle looked at after all else
    /// @param enter makes the identity the user's if it is not yet, and gives and takes roles; its id comes out
    public record ByProvider(Supplier<Boolean> usable, Supplier<Optional<Why>> obstacle, Function<User, UUID> enter) {}

    private BiFunction<WriteTx, Proof.Provider, ByProvider> byProvider =
        (_, proof) -> new ByProvider(() -> false, Optional::empty, _ -> proof.identity().provider());

    private final SignInRecord record;
    private final Orgs orgs;
    private final Users users;
    private final Passwords passwords;
    private final Factors factors;
    private final Sessions sessions;
    private final FirstSeen firstSeen;

    SignIn(SignInRecord record, Orgs orgs, Users users, Passwords passwords, Factors factors, Sessions sessions,
        FirstSeen firstSeen) {
        this.record = record;
        this.orgs = orgs;
        this.users = users;
        this.passwords = passwords;
        this.factors = factors;
        this.sessions = sessions;
        this.firstSeen = firstSeen;
    }

    /// Lets users sign in by providers. Only before the first request.
    public void allow(BiFunction<WriteTx, Proof.Provider, ByProvider> rules) {
        byProvider = rules;
    }

    /// Lets a client in that has shown one factor, if that is enough; else see [#admit(WriteTx, Proof, Optional, Client)].
    public Admission admit(WriteTx tx, Proof proof, Client client) {
        return admit(tx, proof, Optional.empty(), client);
    }

    /// Lets a client in, or not; both are recorded. The write's caller is a visitor, with their address.
    ///
    /// @param second what else the client has shown, to be looked at if it is needed
    public Admission admit(WriteTx tx, Proof proof, Optional<Second> second, Client client) {
        var asked = ask(tx, proof);
        var user = asked.user().get();
        var why = obstacle(tx, asked, proof);
        if (why.isPresent()) {
            user.ifPresent(known -> record.refused(tx, known, proof, why.get()));
            record.refused(proof);
            return new Admission.Out(why.get());
        }
        var known = user.get();
        if (proof instanceof Proof.Link(var _, var _, var resets) && resets && factors.reset(tx, known)) {
            known = users.find(tx, tx.org(), known.id()).orElseThrow();
        }
        var step = proof.isComplete() ? SecondStep.NONE : Factors.step(known, asked.required().get());
        if (step != SecondStep.NONE && second.isEmpty()) {
            return new Admission.Step(known, step);
        }
        if (step != SecondStep.NONE && !factors.shown(tx, known, second.get())) {
            record.failed(proof);
            return new Admission.WrongSecond(known);
        }
        var shown = new ArrayList<>(proof.factors());
        second.filter(_ -> step != SecondStep.NONE).ifPresent(one -> shown.add(one.text()));
        return begun(tx, new Admitted(known, asked.org().get().orElseThrow(), asked.others().get(), shown),
            asked.provider(), proof, client);
    }

    /// Whether the user has shown a factor here just now besides the proof.
    private static boolean factor(Admitted admitted, Proof proof) {
        return admitted.factors().size() > proof.factors().size();
    }

    /// @param others sessions of the user
    /// @param factors what was shown
    private record Admitted(User user, Org org, List<Sessions.Other> others, List<String> factors) {}

    private Admission begun(WriteTx tx, Admitted admitted, Optional<ByProvider> rules, Proof proof, Client client) {
        var known = admitted.user();
        var atProvider = rules.map(one -> atProvider(known, (Proof.Provider) proof, one));
        var begun = sessions.begin(tx, known, admitted.others(), proof instanceof Proof.Switch(var _, var from)
            ? from.basis()
            : new Session.Basis(SignInRecord.method(proof), admitted.factors(), proof.sessionEndsAt(), atProvider),
            factor(admitted, proof) ? Proof.FRESH : proof.fresh(), client);
        if (proof instanceof Proof.Switch(var _, var from)) {
            sessions.continues(tx, begun, from);
        } else {
            firstSeen.begun(tx, known, client);
        }
        tx.later("UPDATE users SET last_login_at = ?, version = ? WHERE org_id = ? AND id = ?",
            tx.now().truncatedTo(ChronoUnit.MILLIS), tx.version(), tx.org(), known.id());
        record.succeeded(tx, known, proof, admitted.factors(), begun.id(),
            Browser.named(client.userAgent().orElse("")));
        return new Admission.In(known, admitted.org(), begun);
    }

    /// Lets the client in by the session that the caller acts by, which is to become the current one of its browser.
    public Admission switchTo(WriteTx tx, Client client) {
        var user = tx.caller().user().orElseThrow();
        return admit(tx, new Proof.Switch(user,
            sessions.running(tx, user, new Session.Id(tx.caller().session().orElseThrow()))), client);
    }

    /// A new token for the session that the caller acts by, as after a change of what lets them in. All that held for the
    /// session was looked at when the write began.
    public Begun renew(WriteTx tx, Client client) {
        return renew(tx, Optional.empty(), client);
    }

    /// The same after another factor was shown or set up in the session.
    public Begun renew(WriteTx tx, Optional<String> factor, Client client) {
        return renewed(tx, basis -> factor.map(basis::with).orElse(basis), client);
    }

    /// The same after the provider of the session has shown once more whose it is.
    ///
    /// @param strong whether the provider has shown that it asked for a second factor, and is believed
    public Begun renew(WriteTx tx, AtProvider provider, boolean strong, Client client) {
        return renewed(tx, basis -> strong ? basis.with(Proof.STRONG).at(provider) : basis.at(provider), client);
    }

    private Begun renewed(WriteTx tx, UnaryOperator<Session.Basis> change, Client client) {
        var caller = tx.caller();
        var user = users.find(tx, tx.org(), caller.user().orElseThrow()).orElseThrow();
        var old = sessions.running(tx, user.id(), new Session.Id(caller.session().orElseThrow()));
        sessions.end(tx, user.id(), old.id().toString(), "renewed");
        var begun = sessions.begin(tx, user, sessions.othersLater(tx, tx.org(), user.id()).get(),
            change.apply(old.basis()), Proof.FRESH, client);
        sessions.continues(tx, begun, old);
        return begun;
    }

    private static AtProvider atProvider(User user, Proof.Provider proof, ByProvider rules) {
        return new AtProvider(proof.identity().provider(), rules.enter().apply(user), proof.identity().sid(),
            proof.identity().idToken());
    }

    /// What decides, asked for in one round trip before any of it is looked at.
    ///
    /// @param password,passkeys asked for where the proof is by them
    /// @param required whether the organisation asks the user for a second factor
    private record Asked(Supplier<Optional<Org>> org, Supplier<Optional<User>> user, Supplier<Optional<Long>> password,
        Supplier<Boolean> method, Supplier<Boolean> network, Supplier<List<Passkey>> passkeys,
        Supplier<List<Sessions.Other>> others, Supplier<Boolean> required, Optional<ByProvider> provider) {}

    private Asked ask(WriteTx tx, Proof proof) {
        var user = proof.user();
        return new Asked(orgs.findLater(tx, tx.org()), users.findLater(tx, tx.org(), user),
            proof instanceof Proof.Password ? passwords.versionLater(tx, tx.org(), user) : Optional::empty,
            proof.method().map(method -> AllowedMethods.allowsLater(tx, tx.org(), user, method)).orElse(() -> true),
            AllowedNetworks.admitsLater(tx, tx.caller()),
            proof instanceof Proof.ByPasskey ? factors.passkeysLater(tx, tx.org(), user) : List::of,
            sessions.othersLater(tx, tx.org(), user),
            proof.isComplete() ? () -> false : factors.requiredLater(tx, tx.org(), user),
            proof instanceof Proof.Provider provider ? Optional.of(byProvider.apply(tx, provider)) : Optional.empty());
    }

    private Optional<Why> obstacle(WriteTx tx, Asked asked, Proof proof) {
        if (asked.org().get().filter(org -> !org.disabled()).isEmpty()) {
            return Optional.of(Why.ORG_DISABLED);
        }
        var user = asked.user().get().filter(one -> !one.serviceAccount());
        if (user.isEmpty()) {
            return Optional.of(Why.NO_SUCH_USER);
        }
        if (user.get().disabled()) {
            return Optional.of(Why.USER_DISABLED);
        }
        if (!user.get().verified()) {
            return Optional.of(Why.NOT_ACTIVE);
        }
        if (proof instanceof Proof.Password(var _, var version)
            && asked.password().get().filter(now -> now == version).isEmpty()) {
            return Optional.of(Why.PASSWORD_CHANGED);
        }
        if (!asked.method().get()) {
            return Optional.of(Why.METHOD_NOT_ALLOWED);
        }
        if (asked.provider().filter(one -> !one.usable().get()).isPresent()) {
            return Optional.of(Why.PROVIDER_DISABLED);
        }
        if (!asked.network().get()) {
            return Optional.of(Why.NETWORK_NOT_ALLOWED);
        }
        if (proof instanceof Proof.ByPasskey(var signed)
            && !factors.shown(tx, user.get(), signed, asked.passkeys().get())) {
            return Optional.of(Why.PASSKEY_REFUSED);
        }
        return asked.provider().flatMap(one -> one.obstacle().get());
    }
}
