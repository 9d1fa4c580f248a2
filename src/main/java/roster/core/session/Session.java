package roster.core.session;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import roster.model.User;

/// A browser in which a user is signed in, without its token.
///
/// @param method a login method, or `link`
/// @param factors what was shown: `password`, `link`, `provider`, `provider_second`, `totp`, `recovery_code`,
///     `passkey`
/// @param address of the client that signed in
/// @param browser its `User-Agent`
/// @param endsAt earlier than settings say
/// @param provider by which the user signed in, if by one
public record Session(Id id, User.Id user, String method, List<String> factors, Optional<String> address,
    Optional<String> browser, Instant createdAt, Optional<Instant> endsAt, Instant lastSeenAt,
    Optional<AtProvider> provider) {
    private static final Set<String> SECOND = Set.of("totp", "recovery_code", "passkey", "provider_second");

    /// The method of a session by a link of the operator.
    public static final String LINK = "link";

    public record Id(UUID value) implements roster.model.Id {
        @Override
        public String toString() {
            return value.toString();
        }
    }

    /// What a session began by.
    ///
    /// @param endsAt earlier than settings say
    record Basis(String method, List<String> factors, Optional<Instant> endsAt, Optional<AtProvider> provider) {
        /// The same after another factor was shown.
        Basis with(String factor) {
            return new Basis(method, Stream.concat(factors.stream(), Stream.of(factor)).distinct().toList(), endsAt,
                provider);
        }

        /// The same after the provider was asked again.
        Basis at(AtProvider now) {
            return new Basis(method, factors, endsAt, Optional.of(now));
        }
    }

    /// The provider by which a user signed in.
    ///
    /// @param sid the session there
    /// @param idToken sealed
    public record AtProvider(UUID provider, UUID identity, Optional<String> sid, Optional<String> idToken) {
        @Override
        public String toString() {
            return "AtProvider[" + provider + "]";
        }
    }

    /// Whether more than one factor was shown.
    boolean hasShownSecond() {
        return factors.stream().anyMatch(SECOND::contains);
    }

    Basis basis() {
        return new Basis(method, factors, endsAt, provider);
    }

    /// A session just begun: the only moment at which its token is readable.
    public record Begun(Id id, String token) {
        @Override
        public String toString() {
            return "Begun[" + id + "]";
        }
    }

    /// The client that signs in.
    ///
    /// @param userAgent as it was sent
    /// @param tokens of sessions that its browser has: those of the same user are replaced
    /// @param device its cookie of [Devices], as it was sent
    public record Client(Optional<String> userAgent, List<String> tokens, Optional<String> device) {
        @Override
        public String toString() {
            return "Client";
        }
    }

    /// For example `Firefox on Linux`.
    public String browserName() {
        return Browser.named(browser.orElse(""));
    }

    /// What was shown, as `password and authenticator app`.
    public String shownBy() {
        return factors.stream().map(factor -> switch (factor) {
            case LINK -> "link of the operator";
            case "totp" -> "authenticator app";
            case "recovery_code" -> "recovery code";
            case Proof.STRONG -> "second step there";
            default -> factor;
        }).collect(Collectors.joining(" and "));
    }

    Map<String, Object> facts(String why) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("method", method);
        facts.put("created_at", createdAt.toString());
        facts.put("why", why);
        return facts;
    }
}
