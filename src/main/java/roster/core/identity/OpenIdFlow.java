package roster.core.identity;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import roster.base.json.Json;
import roster.core.signin.Flows;
import roster.model.Org;

/// A sign-in that a browser has begun at a provider: what must come back, and where to go on. Only the callback of this
/// provider, in this browser and with this state, finds it, and only once.
///
/// @param key of the provider in addresses: its id, or `google` for the client of the installation
/// @param redirect where the provider sends the browser back
/// @param invitation the token of an invitation that is accepted so
/// @param again whether the user of a session shows once more who they are
record OpenIdFlow(String key, Org.Id org, UUID provider, String nonce, String verifier, URI redirect, String then,
    Optional<String> invitation, boolean again, long startedAt) {
    private static final Duration LIFE = Duration.ofMinutes(10);

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
                nonce, verifier, redirect.toString(), then, invitation.orElse(""), again, startedAt)),
            LIFE);
    }

    /// Takes the flow that a callback answers.
    static Optional<OpenIdFlow> take(Flows flows, String cookie, String key, String state) {
        return state.isEmpty() ? Optional.empty() : flows.remove(name(cookie, key, state)).map(bytes -> {
            var all = Json.parse(bytes);
            return new OpenIdFlow(all.get(0).asString(), new Org.Id(UUID.fromString(all.get(1).asString())),
                UUID.fromString(all.get(2).asString()), all.get(3).asString(), all.get(4).asString(),
                URI.create(all.get(5).asString()), all.get(6).asString(),
                Optional.of(all.get(7).asString()).filter(text -> !text.isEmpty()), all.get(8).asBoolean(),
                all.get(9).asLong());
        });
    }

    /// The parameters of a callback that may come but once.
    static final List<String> PARAMETERS = List.of("state", "code", "iss", "error");
}
