package roster.core.identity;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import roster.base.db.NoteTx;
import roster.base.json.Json;
import roster.core.signin.Flows;
import roster.model.Org;
import tools.jackson.databind.JsonNode;

/// A sign-in that a browser has begun at a provider: what must come back, and where to go on. Only the callback of this
/// provider, in this browser and with this state, finds it, and only once.
///
/// @param key of the provider in addresses: its id, or `google` for the client of the installation
/// @param redirect where the provider sends the browser back
/// @param startedAt in seconds since 1970
record OpenIdFlow(String key, Org.Id org, UUID provider, String nonce, String verifier, URI redirect, String then,
    Errand errand, long startedAt) {
    private static final Duration LIFE = Duration.ofMinutes(10);

    private static final String SIGN_IN = "sign_in";
    private static final String ACCEPT = "accept";
    private static final String AGAIN = "again";
    private static final String LINK = "link";

    @Override
    public String toString() {
        return "OpenIdFlow[" + key + "]";
    }

    private static String name(String cookie, String key, String state) {
        return "openid %s %s %s".formatted(cookie, key, state);
    }

    void keep(Flows flows, String cookie, String state) {
        flows.keep(name(cookie, key, state),
            Json.bytes(Arrays.<Object>asList(key, org.value().toString(), provider.toString(),
                nonce, verifier, redirect.toString(), then, content(errand), startedAt)),
            LIFE);
    }

    private static List<String> content(Errand errand) {
        return switch (errand) {
            case Errand.SignIn() -> List.of(SIGN_IN);
            case Errand.Accept(var token) -> List.of(ACCEPT, token);
            case Errand.Again(var session) -> List.of(AGAIN, session.toString());
            case Errand.Link(var session) -> List.of(LINK, session.toString());
        };
    }

    private static Errand errand(JsonNode node) {
        return switch (node.get(0).asString()) {
            case SIGN_IN -> new Errand.SignIn();
            case ACCEPT -> new Errand.Accept(node.get(1).asString());
            case AGAIN -> new Errand.Again(UUID.fromString(node.get(1).asString()));
            case LINK -> new Errand.Link(UUID.fromString(node.get(1).asString()));
            default -> throw new IllegalStateException("unknown errand");
        };
    }

    /// The token of the invitation that is accepted so.
    Optional<String> invitation() {
        return errand instanceof Errand.Accept(var token) ? Optional.of(token) : Optional.empty();
    }

    /// Takes the flow that a callback answers.
    static Optional<OpenIdFlow> take(NoteTx tx, Flows flows, String cookie, String key, String state) {
        return flows.remove(tx, name(cookie, key, state)).map(bytes -> {
            var all = Json.parse(bytes);
            return new OpenIdFlow(all.get(0).asString(), new Org.Id(UUID.fromString(all.get(1).asString())),
                UUID.fromString(all.get(2).asString()), all.get(3).asString(), all.get(4).asString(),
                URI.create(all.get(5).asString()), all.get(6).asString(), errand(all.get(7)), all.get(8).asLong());
        });
    }

    /// Whether the provider asked its user who they are since they were sent there, up to clocks that are off.
    ///
    /// @param askedAt when it did, as it says, in seconds since 1970
    boolean isAnsweredBy(Optional<Long> askedAt, Instant now) {
        return askedAt.filter(at -> at >= startedAt - SignedTokens.SKEW_SECONDS
            && at <= now.getEpochSecond() + SignedTokens.SKEW_SECONDS).isPresent();
    }
}
