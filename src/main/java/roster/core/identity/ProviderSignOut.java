package roster.core.identity;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import roster.base.db.Database;
import roster.base.json.Json;
import roster.base.secret.Purpose;
import roster.core.session.Session;
import roster.core.session.Sessions;
import roster.core.signin.Flows;
import roster.model.Caller;
import roster.model.Org;

/// Leads a user who has signed out here to their provider, to sign out there too: OpenID Connect RP-Initiated Logout 1.0. What
/// it takes is kept for the browser for a few minutes.
public final class ProviderSignOut {
    private static final Duration LIFE = Duration.ofMinutes(10);
    private static final int STATE_BYTES = 16;

    private final Database db;
    private final UsableProviders providers;
    private final Discovery discovery;
    private final Sessions sessions;
    private final Flows flows;
    private final Purpose idTokens;

    ProviderSignOut(Database db, UsableProviders providers, Discovery discovery, Sessions sessions, Flows flows,
        Purpose idTokens) {
        this.db = db;
        this.providers = providers;
        this.discovery = discovery;
        this.sessions = sessions;
        this.flows = flows;
        this.idTokens = idTokens;
    }

    /// @param provider its name
    /// @param origin where the button leads; none: the provider cannot be led to
    public record Offer(String provider, Optional<String> origin) {}

    /// @param idToken empty: the provider cannot be led to
    private record Kept(Org.Id org, UUID provider, String idToken) {}

    private static String name(String cookie) {
        return "signed out " + cookie;
    }

    /// Keeps what the session of a caller has of its provider, before the session ends.
    ///
    /// @return false if there is nothing
    public boolean keep(Caller caller, String cookie) {
        var there = db.read(tx -> sessions.current(tx, caller)).flatMap(Session::provider);
        there.ifPresent(at -> flows.keep(name(cookie), Json.bytes(List.of(caller.org().value().toString(),
            at.provider().toString(), at.idToken().orElse(""))), LIFE));
        return there.isPresent();
    }

    private Optional<Provider> provider(Kept kept) {
        return db.read(tx -> providers.find(tx, kept.org(), kept.provider()));
    }

    private Optional<URI> endSession(Provider provider) {
        try {
            return discovery.of(provider).endSession();
        } catch (OpenIdFault e) { // it cannot be reached just now: the user has signed out here
            return Optional.empty();
        }
    }

    /// What this browser may be offered.
    public Optional<Offer> offered(String cookie) {
        return flows.look(name(cookie)).map(ProviderSignOut::kept).flatMap(kept -> provider(kept)
            .map(one -> new Offer(one.terms().name(), (kept.idToken().isEmpty() ? Optional.<URI>empty()
                : endSession(one)).map(url -> url.getScheme() + "://" + url.getRawAuthority()))));
    }

    /// Where the browser goes to sign out there. Once.
    ///
    /// @param back where the provider sends it back
    public Optional<URI> take(String cookie, String back) {
        var kept = flows.remove(name(cookie)).map(ProviderSignOut::kept).filter(one -> !one.idToken().isEmpty());
        return kept.flatMap(this::provider).flatMap(one -> endSession(one).flatMap(url -> idTokens
            .open(kept.get().idToken())
            .map(bytes -> URI.create("%s%sid_token_hint=%s&client_id=%s&post_logout_redirect_uri=%s&state=%s"
                .formatted(url, url.getRawQuery() == null ? "?" : "&", new String(bytes, StandardCharsets.US_ASCII),
                    encoded(one.client().id()), encoded(back),
                    db.sources().randomness().base64(STATE_BYTES))))));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static Kept kept(byte... bytes) {
        var all = Json.parse(bytes);
        return new Kept(new Org.Id(UUID.fromString(all.get(0).asString())), UUID.fromString(all.get(1).asString()),
            all.get(2).asString());
    }
}
