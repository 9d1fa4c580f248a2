package roster.core.signin;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import roster.core.session.Proof;
import roster.model.LoginMethod;
import roster.model.User;
import tools.jackson.databind.JsonNode;

/// What a browser has shown first, as a flow keeps it.
final class ProofCodec {
    private static final String PASSWORD = "password";
    private static final String LINK = "link";
    private static final String PROVIDER = "provider";

    private ProofCodec() {}

    static List<?> content(Proof proof) {
        return switch (proof) {
            case Proof.Password(var user, var version) -> List.of(PASSWORD, user.toString(), Long.toString(version));
            case Proof.Link(var user, var endsAt, var _) -> List.of(LINK, user.toString(), endsAt.toString());
            case Proof.Switch _ -> throw new IllegalStateException("a switch is decided at once");
            case Proof.ByPasskey _ -> throw new IllegalArgumentException("no second step follows a passkey");
            case Proof.Provider(var user, var by, var identity, var link, var strong) -> Arrays.asList(PROVIDER,
                user.toString(), by.text(), link.orElse(null), strong, identity.provider().toString(),
                identity.issuer(), identity.subject(), identity.sid().orElse(null), identity.idToken().orElse(null),
                identity.mappings().map(all -> all.stream().map(UUID::toString).toList()).orElse(null),
                identity.proved().orElse(null));
        };
    }

    static Proof proof(JsonNode node) {
        var user = new User.Id(UUID.fromString(node.get(1).asString()));
        return switch (node.get(0).asString()) {
            case PASSWORD -> new Proof.Password(user, Long.parseLong(node.get(2).asString()));
            case LINK -> new Proof.Link(user, Instant.parse(node.get(2).asString()));
            case PROVIDER -> new Proof.Provider(user, LoginMethod.named(node.get(2).asString()).orElseThrow(),
                new Proof.Identity(UUID.fromString(node.get(5).asString()), node.get(6).asString(),
                    node.get(7).asString(), text(node.get(8)), text(node.get(9)), text(node.get(11)),
                    mappings(node.get(10))),
                text(node.get(3)), node.get(4).asBoolean());
            default -> throw new IllegalStateException("unknown proof");
        };
    }

    private static Optional<String> text(JsonNode node) {
        return node.isNull() ? Optional.empty() : Optional.of(node.asString());
    }

    private static Optional<List<UUID>> mappings(JsonNode node) {
        return node.isNull() ? Optional.empty()
            : Optional.of(node.valueStream().map(one -> UUID.fromString(one.asString())).toList());
    }
}
