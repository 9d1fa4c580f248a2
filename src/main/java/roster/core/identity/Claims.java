package roster.core.identity;

import com.nimbusds.jwt.JWTClaimsSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import roster.model.Email;
import roster.model.Text;
import roster.model.User;

/// What a provider says of a user: the claims of the ID token and, for some products, those that only the userinfo endpoint
/// has.
///
/// @param userInfo empty if it was not asked
record Claims(JWTClaimsSet idToken, Map<String, Object> userInfo, Profile profile) {
    /// The most values of one claim that are looked at.
    private static final int VALUES_MAX = 1000;

    private static final int PARTS_MAX = 10;

    String subject() {
        return idToken.getSubject();
    }

    /// An address as the provider says it, and whether it says that it is the user's.
    ///
    /// @param folded as all addresses are compared
    record Address(String folded, boolean verified) {
        String domain() {
            return folded.substring(folded.indexOf('@') + 1);
        }
    }

    /// Address and verification are taken from the same place, as they would not belong together otherwise.
    Optional<Address> address() {
        var token = idToken.getClaims();
        var other = userInfo.containsKey("email")
            && !(token.containsKey("email") && token.containsKey(profile.verifiedClaim()));
        var from = other ? userInfo : token;
        return Optional.ofNullable(from.get("email")).filter(String.class::isInstance).map(String.class::cast)
            .flatMap(Email::folded).map(folded -> new Address(folded, isTrue(from.get(profile.verifiedClaim()))));
    }

    /// `"true"` and 1 count, as some products send them. Google sends a boolean, and nothing else counts for it.
    private boolean isTrue(Object value) {
        return Boolean.TRUE.equals(value) || profile != Profile.GOOGLE
            && ("true".equals(value) || value instanceof Number number && number.doubleValue() == 1);
    }

    /// The domain of the Google Workspace that the account belongs to.
    Optional<String> hostedDomain() {
        return text("hd").flatMap(Email::domain);
    }

    /// The session at the provider.
    Optional<String> sid() {
        return Optional.ofNullable(idToken.getClaim("sid")).filter(String.class::isInstance).map(String.class::cast)
            .filter(SignedTokens::isSubject);
    }

    /// The name of the user, if it can be one here.
    Optional<String> name() {
        var whole = text("name").or(() -> {
            var parts = Stream.of("given_name", "family_name").flatMap(one -> text(one).stream()).toList();
            return parts.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", parts));
        });
        return whole.map(String::strip).filter(name -> !name.isEmpty() && Text.oneLine(name) && Text.storable(name)
            && name.indexOf('<') < 0 && name.indexOf('>') < 0 && !Text.isLonger(name, User.NAME_MAX));
    }

    private Optional<String> text(String name) {
        return Optional.ofNullable(idToken.getClaims().getOrDefault(name, userInfo.get(name)))
            .filter(String.class::isInstance).map(String.class::cast);
    }

    /// Whether the provider shows in `amr` or `acr` one of these values: it asked for more than one factor.
    boolean showsOneOf(List<String> values) {
        return Stream.of("amr", "acr").flatMap(name -> texts(idToken.getClaims().get(name)).stream())
            .anyMatch(values::contains);
    }

    /// When the user last showed the provider who they are, in seconds since 1970.
    Optional<Long> authenticatedAt() {
        return idToken.getClaim("auth_time") instanceof Number number ? Optional.of(number.longValue())
            : Optional.empty();
    }

    /// The values of a claim, by its exact name, else along its dots, as `realm_access.roles`.
    Set<String> values(String key) {
        return Set.copyOf(at(idToken.getClaims(), key).or(() -> at(userInfo, key)).map(Claims::texts)
            .orElse(List.of()));
    }

    private static Optional<Object> at(Map<?, ?> claims, String key) {
        if (claims.get(key) != null) {
            return Optional.of(claims.get(key));
        }
        var parts = key.split("\\.", PARTS_MAX + 1);
        Object value = claims;
        for (var part : parts) {
            value = value instanceof Map<?, ?> map ? map.get(part) : null;
        }
        return parts.length < 2 ? Optional.empty() : Optional.ofNullable(value);
    }

    private static List<String> texts(Object value) {
        return switch (value) {
            case String text -> List.of(text);
            case Boolean flag -> List.of(flag.toString());
            case Number number -> List.of(number.toString());
            case Collection<?> many -> many.stream().limit(VALUES_MAX)
                .filter(one -> one instanceof String || one instanceof Boolean || one instanceof Number)
                .map(Object::toString).toList();
            case null, default -> List.of();
        };
    }

    /// Whether the provider says that a user has more groups than it tells, or tells more than are looked at.
    boolean isIncomplete() {
        return Stream.of(idToken.getClaims(), userInfo)
            .anyMatch(claims -> claims.containsKey("_claim_names") || claims.containsKey("hasgroups")
                || claims.values().stream().anyMatch(value -> isLarge(value, 2)));
    }

    private static boolean isLarge(Object value, int depth) {
        return switch (value) {
            case Collection<?> many -> many.size() > VALUES_MAX;
            case Map<?, ?> map when depth > 0 -> map.values().stream().anyMatch(one -> isLarge(one, depth - 1));
            case null, default -> false;
        };
    }
}
