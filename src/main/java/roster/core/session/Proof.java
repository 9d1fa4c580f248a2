package roster.core.session;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import roster.core.factor.Passkey.Signed;
import roster.model.LoginMethod;
import roster.model.User;

/// What a client has shown of whose account it is, to be let in by [SignIn].
public sealed interface Proof {
    /// How long a session is fresh after a factor was shown.
    Duration FRESH = Duration.ofMinutes(15);

    /// The factor of a provider that has shown that it asked for a second one.
    String STRONG = "provider_second";

    User.Id user();

    /// The password of the user.
    ///
    /// @param version of the password's row when it was compared: another one was set since if it differs
    record Password(User.Id user, long version) implements Proof {}

    /// A link that the operator made, which was used up in the same write.
    ///
    /// @param endsAt of the session
    /// @param resetsFactors whether the user's second factors are removed, as they lost them
    record Link(User.Id user, Instant endsAt, boolean resetsFactors) implements Proof {
        public Link(User.Id user, Instant endsAt) {
            this(user, endsAt, false);
        }
    }

    /// Another session of the same browser, which is to become its current one. What it began by is looked at once more.
    record Switch(User.Id user, Session from) implements Proof {}

    /// A passkey by which a challenge was signed just now: a first and a second factor in one.
    record ByPasskey(Signed signed) implements Proof {
        @Override
        public User.Id user() {
            return signed.user();
        }
    }

    /// An identity at a provider, shown by a token of the provider that was checked.
    ///
    /// @param by `google_oidc` or `oidc`
    /// @param link how the identity becomes the user's, when the client is let in; none: it is theirs already
    /// @param strong whether the provider has shown that it asked for a second factor, and is believed
    record Provider(User.Id user, LoginMethod by, Identity identity, Optional<String> link, boolean strong)
        implements Proof {}

    /// What a provider said.
    ///
    /// @param provider the id of ours
    /// @param subject `sub`, which names the identity at the provider
    /// @param sid the session at the provider
    /// @param idToken sealed
    /// @param proved an address that the user reads, as the provider is believed everywhere
    /// @param mappings AuthN mappings whose claims the identity has; none: what it has is not known
    record Identity(UUID provider, String issuer, String subject, Optional<String> sid, Optional<String> idToken,
        Optional<String> proved, Optional<List<UUID>> mappings) {
        @Override
        public String toString() {
            return "Identity[" + provider + "]";
        }
    }

    /// The login method that must be allowed; none for a link of the operator.
    default Optional<LoginMethod> method() {
        return switch (this) {
            case Password _,ByPasskey _ -> Optional.of(LoginMethod.STANDARD);
            case Link _ -> Optional.empty();
            case Switch(var _, var from) -> LoginMethod.named(from.method());
            case Provider provider -> Optional.of(provider.by());
        };
    }

    /// The id of the provider that it is by.
    default Optional<UUID> provider() {
        return switch (this) {
            case Password _,ByPasskey _,Link _ -> Optional.empty();
            case Switch(var _, var from) -> from.provider().map(Session.AtProvider::provider);
            case Provider provider -> Optional.of(provider.identity().provider());
        };
    }

    default List<String> factors() {
        return switch (this) {
            case Password _ -> List.of("password");
            case ByPasskey _ -> List.of("passkey");
            case Link _ -> List.of("link");
            case Switch(var _, var from) -> from.factors();
            case Provider provider -> provider.strong() ? List.of("provider", STRONG) : List.of("provider");
        };
    }

    /// For how long the session is fresh. Then the user must show a factor again to do what matters most.
    default Duration fresh() {
        return switch (this) {
            case Password _,ByPasskey _,Link _ -> FRESH;
            case Switch _ -> Duration.ZERO;
            case Provider _ -> Duration.ZERO; // the provider may not have asked for anything just now
        };
    }

    /// Whether no second factor is asked for besides.
    default boolean isComplete() {
        return switch (this) {
            case Password _,Link _ -> false;
            case ByPasskey _ -> true;
            case Switch(var _, var from) -> from.hasShownSecond();
            case Provider provider -> provider.strong();
        };
    }

    default Optional<Instant> sessionEndsAt() {
        return switch (this) {
            case Password _,ByPasskey _,Provider _ -> Optional.empty();
            case Link(var _, var endsAt, var _) -> Optional.of(endsAt);
            case Switch(var _, var from) -> from.endsAt();
        };
    }
}
