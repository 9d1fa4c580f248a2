package roster.core.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import java.nio.charset.StandardCharsets;
import java.net.URI;
import java.time.InstantSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.base.db.Database;
import roster.base.db.NoteTx;
import roster.base.secret.Purpose;
import roster.core.audit.AuditLog;
import roster.core.audit.AuditLog.Subject;
import roster.core.audit.Change;
import roster.core.identity.Accounts.Person;
import roster.core.identity.Accounts.Said;
import roster.core.identity.Accounts.Whose;
import roster.core.session.Proof;
import roster.core.session.Session;
import roster.core.session.Session.Client;
import roster.core.session.SignIn;
import roster.core.session.SignIn.Admission;
import roster.core.session.SignIn.Why;
import roster.core.session.SignInRecord;
import roster.core.signin.Flows;
import roster.core.signin.Guesses;
import roster.core.signin.PasswordSignIn.Visitor;
import roster.model.Caller;
import roster.model.LoginMethod;
import roster.model.Org;

/// Signing in by OpenID Connect: sends browsers to a provider, and takes them back. Code flow with PKCE, nothing else.
public final class OpenIdSignIn {
    private static final int RANDOM_BYTES = 32;

    /// Sign-ins that clients of one network may begin, and users that providers may create in an organisation.
    private static final int BEGUN_MAX = 600;
    private static final Duration BEGUN_WINDOW = Duration.ofMinutes(15);
    private static final int CREATED_MAX = 1000;
    private static final Duration HOUR = Duration.ofHours(1);

    /// Faults of one organisation's providers that the trail has in an hour.
    private static final int RECORDED_MAX = 60;
    private static final int FAULTS_KEPT = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(OpenIdSignIn.class);

    private final Database db;
    private final AuditLog audit;
    private final UsableProviders providers;
    private final Discovery discovery;
    private final OpenIdCalls calls;
    private final Accounts accounts;
    private final OwnIdentities own;
    private final SignIn signIn;
    private final SignInRecord record;
    private final Flows flows;
    private final Guesses guesses;
    private final Purpose idTokens;
    private final InstantSource clock;

    /// Why a sign-in failed last, by provider, on this node.
    private final Cache<UUID, String> faults = Caffeine.newBuilder().maximumSize(FAULTS_KEPT).build();

    /// What signing in needs of other rooms, and of this one.
    record Parts(Discovery discovery, OpenIdCalls calls, Accounts accounts, OwnIdentities own, SignIn signIn,
        SignInRecord record, Flows flows, Guesses guesses) {}

    OpenIdSignIn(Database db, AuditLog audit, UsableProviders providers, Parts parts, Purpose idTokens,
        InstantSource clock) {
        this.db = db;
        this.audit = audit;
        this.providers = providers;
        this.discovery = parts.discovery();
        this.calls = parts.calls();
        this.accounts = parts.accounts();
        this.own = parts.own();
        this.signIn = parts.signIn();
        this.record = parts.record();
        this.flows = parts.flows();
        this.guesses = parts.guesses();
        this.idTokens = idTokens;
        this.clock = clock;
    }

    /// Where a browser goes to sign in.
    public sealed interface Begun {
        record To(URI provider) implements Begun {}

        record TooMany() implements Begun {}

        /// The provider cannot be used just now.
        record Faulty() implements Begun {}
    }

    /// What a browser wants.
    ///
    /// @param cookie of the browser
    /// @param callback where the provider is to send it back, given the provider's key
    /// @param then where to go on
    public record Wish(String cookie, Function<String, URI> callback, String then, Errand errand) {}

    /// A browser that comes back.
    ///
    /// @param session the caller of its current session, if it has one that is good
    public record Coming(String cookie, Client client, Visitor visitor, Supplier<Optional<Caller>> session) {}

    /// What came of a browser's return.
    public sealed interface Arrival {
        /// The door has been asked.
        record Asked(Org.Id org, Proof proof, Admission admission, String then) implements Arrival {}

        /// The user has to show that an account is theirs: [LinkSignIn] knows which.
        record ToBeShown(PendingLink link) implements Arrival {}

        /// @param provider its name
        record NotConfirmed(Org.Id org, String provider) implements Arrival {}

        record NoAccess(Org.Id org) implements Arrival {}

        /// The user of a session has shown once more who they are.
        record Confirmed(Org.Id org, Session.Begun session, String then) implements Arrival {}

        /// Someone else was shown than the user of the session.
        ///
        /// @param provider its name
        record NotTheirs(String provider) implements Arrival {}

        /// The provider did not ask just now who they are, or does not say so.
        ///
        /// @param provider its name
        record NotAsked(String provider) implements Arrival {}

        /// An account there is that of the user of a session too, from now on.
        record Linked(String then) implements Arrival {}

        record NotLinked(Org.Id org, Why why) implements Arrival {}

        /// Anything that is not as it should be.
        record Faulty() implements Arrival {}
    }

    /// Begins a sign-in at a provider.
    public Begun begin(Provider provider, Wish wish, Visitor visitor) {
        if (!guesses.take("begun at providers from " + Guesses.narrow(visitor.address()), BEGUN_MAX, BEGUN_WINDOW)) {
            return new Begun.TooMany();
        }
        try {
            var found = discovery.of(provider);
            var random = db.sources().randomness();
            var state = random.base64(RANDOM_BYTES);
            var verifier = random.base64(RANDOM_BYTES);
            var nonce = random.base64(RANDOM_BYTES);
            var key = providers.key(provider);
            var redirect = wish.callback().apply(key);
            new OpenIdFlow(key, provider.org(), provider.id().value(), nonce, verifier, redirect, wish.then(),
                wish.errand(), clock.instant().getEpochSecond()).keep(flows, wish.cookie(), state);
            var request = new AuthenticationRequest.Builder(ResponseType.CODE,
                new Scope(provider.client().scopes().toArray(String[]::new)), new ClientID(provider.client().id()),
                redirect).endpointURI(found.authorization()).state(new State(state)).nonce(new Nonce(nonce))
                .codeChallenge(new CodeVerifier(verifier), CodeChallengeMethod.S256);
            if (wish.errand() instanceof Errand.Again) {
                provider.client().profile().asksAgain(request);
            }
            return new Begun.To(request.build().toURI());
        } catch (OpenIdFault e) {
            failed(provider, e.getMessage(), visitor);
            return new Begun.Faulty();
        }
    }

    /// Where browsers are sent by the buttons of a page, as far as it is known.
    public List<String> origins(List<Provider> all) {
        return all.stream().map(one -> discovery.authorizationIfKnown(one).orElse(URI.create(one.client().issuer())))
            .filter(url -> url.getHost() != null).map(url -> url.getScheme() + "://" + url.getRawAuthority()).distinct()
            .toList();
    }

    /// Takes a browser back from a provider.
    ///
    /// @param key of the provider, as the address has it
    /// @param sent what the provider sent, each parameter with all its values
    public Arrival arrive(String key, Map<String, List<String>> sent, Coming coming) {
        var visitor = coming.visitor();
        if (sent.values().stream().anyMatch(values -> values.size() > 1)) {
            return unknown(visitor, "a parameter comes twice");
        }
        var state = one(sent, "state");
        var back = state.flatMap(text -> db.noteBeforeWrite(tx -> {
            var taken = OpenIdFlow.take(tx, flows, coming.cookie(), key, text).map(flow -> back(tx, flow));
            return () -> taken.map(Supplier::get);
        }));
        if (back.isEmpty()) {
            return unknown(visitor, "no sign-in of this browser, provider and state");
        }
        var provider = back.get().provider().filter(one -> providers.key(one).equals(key));
        if (provider.isEmpty()) {
            return unknown(visitor, "the provider was removed or disabled");
        }
        try {
            return arrived(provider.get(), back.get(), sent, coming);
        } catch (OpenIdFault e) {
            failed(provider.get(), e.getMessage(), visitor);
            return new Arrival.Faulty();
        }
    }

    /// @param sealed the secret of Roster at the provider
    private record Back(OpenIdFlow flow, Optional<Provider> provider, Optional<String> sealed) {
        @Override
        public String toString() {
            return "Back[" + flow + "]";
        }
    }

    private Supplier<Back> back(NoteTx tx, OpenIdFlow flow) {
        var asked = providers.askLater(tx, flow.org(), flow.provider());
        return () -> new Back(flow, asked.provider().get(), asked.sealed().get());
    }

    private static Optional<String> one(Map<String, List<String>> sent, String name) {
        return sent.getOrDefault(name, List.of()).stream().filter(text -> !text.isEmpty()).findFirst();
    }

    private Arrival unknown(Visitor visitor, String why) {
        record.failed(LoginMethod.OIDC);
        LOG.atInfo().addKeyValue("request_id", visitor.requestId()).log("A sign-in by a provider is refused: {}", why);
        return new Arrival.Faulty();
    }

    private Arrival arrived(Provider provider, Back back, Map<String, List<String>> sent, Coming coming)
        throws OpenIdFault {
        var flow = back.flow();
        var found = discovery.of(provider);
        var issuer = one(sent, "iss");
        if (issuer.isPresent() ? !issuer.get().equals(provider.client().issuer()) : found.names()) {
            throw new OpenIdFault("the answer is of another issuer, or does not say of which");
        }
        if (one(sent, "error").isPresent()) {
            throw new OpenIdFault("the provider refused: " + OpenIdCalls.code(one(sent, "error").get()));
        }
        var code = one(sent, "code").orElseThrow(() -> new OpenIdFault("the answer has no code"));
        var tokens = calls.exchange(provider, found, new OpenIdCalls.Exchange(code, flow.verifier(), flow.redirect(),
            providers.secret(provider, back.sealed())));
        var idToken = SignedTokens.idToken(tokens.idToken(), provider, found, flow.nonce(), tokens.accessToken(),
            clock.instant());
        var claims = new Claims(idToken, provider.client().profile().asksUserInfo()
            ? calls.userInfo(found, tokens.accessToken(), idToken.getSubject()) : Map.of(),
            provider.client().profile());
        var kept = provider.client().profile().offersLogout() && found.endSession().isPresent()
            ? Optional.of(idTokens.seal(tokens.idToken().getParsedString()
                .getBytes(StandardCharsets.US_ASCII)))
            : Optional.<String>empty();
        var person = person(provider, claims, kept);
        return switch (flow.errand()) {
            case Errand.SignIn _,Errand.Accept _ -> asked(provider, flow, new Said(person, claims), coming);
            case Errand.Again(var session) -> {
                var when = claims.authenticatedAt();
                yield inSession(session, coming, caller -> !flow.isAnsweredBy(when, clock.instant())
                    ? new Arrival.NotAsked(provider.terms().name())
                    : own.confirmed(caller, provider, person, coming.client(), flow.then()));
            }
            case Errand.Link(var session) ->
                inSession(session, coming, caller -> own.linked(caller, provider, person, flow.then()));
        };
    }

    /// Only if the browser still has the session that it was sent away with.
    private Arrival inSession(UUID session, Coming coming, Function<Caller, Arrival> answer) {
        return coming.session().get().filter(caller -> caller.session().equals(Optional.of(session))).map(answer)
            .orElseGet(() -> unknown(coming.visitor(), "the session that it was begun in has ended"));
    }

    /// Without the mappings whose claims they have, which are looked for when an account is.
    private static Person person(Provider provider, Claims claims, Optional<String> idToken) {
        var address = claims.address();
        var vouched = address.filter(one -> Accounts.vouches(provider, claims, one)).isPresent();
        var strong = provider.terms().believesFactor() && claims.showsOneOf(provider.terms().factorValues());
        var proved = address.filter(_ -> vouched && provider.client().profile() == Profile.GOOGLE)
            .map(Claims.Address::folded);
        return new Person(new Proof.Identity(provider.id().value(), provider.client().issuer(), claims.subject(),
            claims.sid(), idToken, proved, Optional.empty()), address, vouched,
            address.filter(one -> Accounts.lists(provider, one)).isPresent(), claims.name(), strong);
    }

    /// Users who are new to Roster are created at a second attempt, so that only they count.
    private Arrival asked(Provider provider, OpenIdFlow flow, Said said, Coming coming) {
        var first = asked(provider, flow, said, coming, false);
        return first instanceof Arrival.NoAccess && flow.invitation().isEmpty()
            && Accounts.couldCreate(provider, said.person())
            && guesses.take("created by providers in " + provider.org(), CREATED_MAX, HOUR)
                ? asked(provider, flow, said, coming, true) : first;
    }

    private Arrival asked(Provider provider, OpenIdFlow flow, Said said, Coming coming, boolean mayCreate) {
        var visitor = coming.visitor();
        var caller = visitor.at(provider.org());
        try {
            var arrival =
                db.write(caller, tx -> switch (accounts.find(tx, provider, said, mayCreate, flow.invitation())) {
                    case Whose.Theirs(var proof, var changed) -> {
                        var admission = signIn.admit(tx, proof, coming.client());
                        if (changed && admission instanceof Admission.Out out) {
                            throw new NotAdmitted(proof, out);
                        }
                        yield new Arrival.Asked(provider.org(), proof, admission, flow.then());
                    }
                    case Whose.ToBeShown(var user, var person, var byLetter) ->
                        new Arrival.ToBeShown(
                            new PendingLink(provider.org(), user.id(), person, byLetter, flow.then()));
                    case Whose.NotConfirmed() -> new Arrival.NotConfirmed(provider.org(), provider.terms().name());
                    case Whose.Nobodys() -> new Arrival.NoAccess(provider.org());
                });
            if (arrival instanceof Arrival.ToBeShown(var link)) {
                link.keep(flows, coming.cookie());
            }
            return arrival;
        } catch (NotAdmitted e) {
            return new Arrival.Asked(provider.org(), e.proof(), e.out(), flow.then());
        }
    }

    /// Tells operators and administrators why a sign-in failed. Nothing of it is shown to the browser.
    private void failed(Provider provider, String reason, Visitor visitor) {
        LOG.atWarn().addKeyValue("org", provider.org()).addKeyValue("provider", provider.id())
            .addKeyValue("request_id", visitor.requestId()).log("A sign-in by a provider failed: {}", reason);
        record.failed(provider.method());
        faults.put(provider.id().value(), "%s %s".formatted(clock.instant(), reason));
        if (guesses.take("trail provider " + provider.org(), RECORDED_MAX, HOUR)) {
            db.write(visitor.at(provider.org()),
                tx -> {
                    audit.record(tx, "sign_in.failed", new Subject("identity_provider", provider.id(),
                        provider.terms().name()), new Change(Map.of(), Accounts.facts(provider, reason)));
                    return null;
                });
        }
    }

    /// Why a sign-in by a provider failed last on this node.
    public Optional<String> lastFault(Provider provider) {
        return Optional.ofNullable(faults.getIfPresent(provider.id().value()));
    }
}
