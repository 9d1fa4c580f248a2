package roster.core.identity;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import roster.base.json.Json;
import roster.core.identity.Accounts.Person;
import roster.core.session.Proof;
import roster.core.signin.Flows;
import roster.model.Org;
import roster.model.User;
import tools.jackson.databind.JsonNode;

/// An account that a provider says is a user's, until the user has shown it in the same browser.
///
/// @param byLetter whether only an e-mail will do
/// @param then where to go on
record PendingLink(Org.Id org, User.Id user, Person person, boolean byLetter, String then) {
    static final Duration LIFE = Duration.ofMinutes(15);

    private static String name(String cookie) {
        return "pending link " + cookie;
    }

    void keep(Flows flows, String cookie) {
        var identity = person.identity();
        flows.keep(name(cookie),
            Json.bytes(Arrays.<Object>asList(org.value().toString(), user.toString(), byLetter, then,
                identity.provider().toString(), identity.issuer(), identity.subject(), identity.sid().orElse(null),
                identity.idToken().orElse(null),
                identity.mappings().map(all -> all.stream().map(UUID::toString).toList()).orElse(null),
                person.address().map(Claims.Address::folded).orElse(""), person.vouched(), person.listed(),
                person.strong(), identity.proved().orElse(null))),
            LIFE);
    }

    static Optional<PendingLink> find(Flows flows, String cookie) {
        return flows.look(name(cookie)).map(bytes -> read(Json.parse(bytes)));
    }

    static void end(Flows flows, String cookie) {
        flows.remove(name(cookie));
    }

    private static PendingLink read(JsonNode all) {
        var mappings = all.get(9).isNull() ? Optional.<List<UUID>>empty()
            : Optional.of(all.get(9).valueStream().map(one -> UUID.fromString(one.asString())).toList());
        var identity = new Proof.Identity(UUID.fromString(all.get(4).asString()), all.get(5).asString(),
            all.get(6).asString(), text(all.get(7)), text(all.get(8)), text(all.get(14)), mappings);
        return new PendingLink(new Org.Id(UUID.fromString(all.get(0).asString())),
            new User.Id(UUID.fromString(all.get(1).asString())),
            new Person(identity, Optional.of(new Claims.Address(all.get(10).asString(), false)),
                all.get(11).asBoolean(), all.get(12).asBoolean(), Optional.empty(), all.get(13).asBoolean()),
            all.get(2).asBoolean(), all.get(3).asString());
    }

    private static Optional<String> text(JsonNode node) {
        return node.isNull() ? Optional.empty() : Optional.of(node.asString());
    }

    /// What a letter is good for only: this browser, this identity, this account.
    String bound(String cookie) {
        return String.join("\n", cookie, org.value().toString(), user.toString(),
            person.identity().provider().toString(), person.identity().issuer(), person.identity().subject());
    }
}
