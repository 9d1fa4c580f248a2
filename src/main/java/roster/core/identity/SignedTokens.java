package roster.core.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.oauth2.sdk.id.Audience;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.token.BearerAccessToken;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.claims.AccessTokenHash;
import com.nimbusds.openid.connect.sdk.validators.AccessTokenValidator;
import com.nimbusds.openid.connect.sdk.validators.IDTokenClaimsVerifier;
import com.nimbusds.openid.connect.sdk.validators.InvalidHashException;
import com.nimbusds.openid.connect.sdk.validators.LogoutTokenClaimsVerifier;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;

/// Checks the tokens that providers sign. The library alone accepts a second audience with a foreign `azp`, a token of two days
/// ago and an empty `sub`: what it does not look at is looked at here.
final class SignedTokens {
    /// The longest token, in characters.
    static final int TOKEN_MAX = 64 << 10;

    /// How far clocks of others may be off.
    static final int SKEW_SECONDS = 60;

    private static final Duration AGE_MAX = Duration.ofMinutes(10);
    private static final int SUBJECT_MAX = 255;
    private static final int RSA_BITS_MIN = 2048;
    private static final int ED25519_BYTES = 32;
    private static final int SIGN_BIT = 0x80;
    private static final JOSEObjectType LOGOUT = new JOSEObjectType("logout+jwt");

    private SignedTokens() {}

    /// The claims of an ID token that is good: signed by the provider, made just now, for this client, in answer to this request.
    ///
    /// @param accessToken that came with it
    static JWTClaimsSet idToken(SignedJWT token, Provider provider, Discovery.Found found, String nonce,
        BearerAccessToken accessToken, Instant now) throws OpenIdFault {
        var claims = signed(token, found, Optional.empty());
        var client = new ClientID(provider.client().id());
        try {
            new IDTokenClaimsVerifier(new Issuer(provider.client().issuer()), client, new Nonce(nonce), SKEW_SECONDS)
                .verify(claims, null);
        } catch (BadJWTException e) {
            throw new OpenIdFault("ID token: " + e.getMessage(), e);
        }
        mustBeForUs(claims, client);
        if (!nonce.equals(text(claims, "nonce"))) { // the library's own check, as it is what ties the token to the browser
            throw new OpenIdFault("ID token: another nonce");
        }
        mustBeNew(claims, now);
        mustHaveSubject(claims);
        mustBelongTo(accessToken, token.getHeader().getAlgorithm(), text(claims, "at_hash"));
        return claims;
    }

    /// The claims of a logout token that is good, but for whether it was used before.
    static JWTClaimsSet logoutToken(SignedJWT token, Provider provider, Discovery.Found found, Instant now)
        throws OpenIdFault {
        var claims = signed(token, found, Optional.of(LOGOUT));
        var client = new ClientID(provider.client().id());
        try {
            new LogoutTokenClaimsVerifier(new Issuer(provider.client().issuer()), client).verify(claims, null);
        } catch (BadJWTException e) {
            throw new OpenIdFault("logout token: " + e.getMessage(), e);
        }
        mustBeForUs(claims, client);
        mustBeNew(claims, now);
        if (claims.getClaims().containsKey("nonce")) {
            throw new OpenIdFault("logout token: has a nonce");
        }
        if (claims.getExpirationTime() == null || claims.getJWTID() == null || claims.getJWTID().isEmpty()
            || claims.getJWTID().length() > SUBJECT_MAX) {
            throw new OpenIdFault("logout token: no exp or jti");
        }
        if (claims.getExpirationTime().toInstant().plusSeconds(SKEW_SECONDS).isBefore(now)) {
            throw new OpenIdFault("logout token: expired");
        }
        return claims;
    }

    private static JWTClaimsSet signed(SignedJWT token, Discovery.Found found, Optional<JOSEObjectType> type)
        throws OpenIdFault {
        var header = token.getHeader();
        var algorithm = header.getAlgorithm().equals(JWSAlgorithm.Ed25519) ? JWSAlgorithm.EdDSA : header.getAlgorithm();
        if (!found.algorithms().contains(algorithm)) {
            throw new OpenIdFault("token: signed by an algorithm that is not accepted");
        }
        if (header.getCriticalParams() != null && !header.getCriticalParams().isEmpty()) {
            throw new OpenIdFault("token: its header has critical parameters");
        }
        if (header.getType() != null && !header.getType().equals(JOSEObjectType.JWT)
            && !Optional.of(header.getType()).equals(type)) {
            throw new OpenIdFault("token: of another type");
        }
        try {
            for (var key : found.keys().get(new JWKSelector(JWKMatcher.forJWSHeader(header)), null)) {
                if (isSignedBy(token, key)) {
                    return token.getJWTClaimsSet();
                }
            }
        } catch (KeySourceException e) {
            throw new OpenIdFault(e.getMessage() == null ? "keys: an unknown key, and keys were fetched just now"
                : e.getMessage(), e);
        } catch (JOSEException | GeneralSecurityException | ParseException e) {
            throw new OpenIdFault("token: its signature cannot be checked", e);
        }
        throw new OpenIdFault("token: signed by no key of the provider");
    }

    /// The library needs another one for Edwards curves, which the JDK has.
    private static boolean isSignedBy(SignedJWT token, JWK key) throws JOSEException, GeneralSecurityException {
        if (key instanceof OctetKeyPair pair) {
            var verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new EdECPublicKeySpec(
                NamedParameterSpec.ED25519, point(pair.getDecodedX()))));
            verifier.update(token.getSigningInput());
            return verifier.verify(token.getSignature().decode());
        }
        if (key instanceof RSAKey rsa && rsa.size() < RSA_BITS_MIN) {
            return false;
        }
        return key instanceof AsymmetricJWK asymmetric && token.verify(new DefaultJWSVerifierFactory()
            .createJWSVerifier(token.getHeader(), asymmetric.toPublicKey()));
    }

    /// RFC 8032, 5.1.2: the last byte first, and its highest bit is the sign of the other coordinate.
    private static EdECPoint point(byte... x) throws GeneralSecurityException {
        if (x.length != ED25519_BYTES) {
            throw new GeneralSecurityException("not a key of Ed25519");
        }
        var odd = (x[ED25519_BYTES - 1] & SIGN_BIT) != 0;
        var bytes = new byte[ED25519_BYTES];
        for (int i = 0; i < ED25519_BYTES; i++) {
            bytes[i] = x[ED25519_BYTES - 1 - i];
        }
        bytes[0] &= (byte) ~SIGN_BIT;
        return new EdECPoint(odd, new BigInteger(1, bytes));
    }

    private static void mustBeForUs(JWTClaimsSet claims, ClientID client) throws OpenIdFault {
        var audience = Audience.create(claims.getAudience());
        if (!audience.equals(List.of(new Audience(client.getValue())))) {
            throw new OpenIdFault("token: for another client, or for several");
        }
        if (claims.getClaims().containsKey("azp") && !client.getValue().equals(claims.getClaim("azp"))) {
            throw new OpenIdFault("token: azp is another client");
        }
    }

    private static void mustBeNew(JWTClaimsSet claims, Instant now) throws OpenIdFault {
        var made = Optional.ofNullable(claims.getIssueTime()).map(Date::toInstant)
            .orElseThrow(() -> new OpenIdFault("token: no iat"));
        if (made.isBefore(now.minus(AGE_MAX).minusSeconds(SKEW_SECONDS))
            || made.isAfter(now.plusSeconds(SKEW_SECONDS))) {
            throw new OpenIdFault("token: iat is not within the last 10 minutes");
        }
        var notBefore = claims.getNotBeforeTime();
        if (notBefore != null && notBefore.toInstant().isAfter(now.plusSeconds(SKEW_SECONDS))) {
            throw new OpenIdFault("token: not good yet");
        }
    }

    private static void mustHaveSubject(JWTClaimsSet claims) throws OpenIdFault {
        var subject = claims.getSubject();
        if (!isSubject(subject)) {
            throw new OpenIdFault("ID token: sub is not 1 to %d characters".formatted(SUBJECT_MAX));
        }
    }

    static boolean isSubject(String subject) {
        return subject != null && !subject.isEmpty() && subject.length() <= SUBJECT_MAX
            && roster.model.Text.storable(subject);
    }

    private static void mustBelongTo(BearerAccessToken accessToken, JWSAlgorithm algorithm, String hash)
        throws OpenIdFault {
        if (hash == null || accessToken == null) {
            return;
        }
        try {
            // The library knows the digest of the curve by the older name of the algorithm only.
            AccessTokenValidator.validate(accessToken, algorithm, new AccessTokenHash(hash));
        } catch (InvalidHashException | IllegalArgumentException e) {
            throw new OpenIdFault("ID token: at_hash is of another access token", e);
        }
    }

    /// @return null if it is not there, or no text
    private static String text(JWTClaimsSet claims, String name) {
        return claims.getClaim(name) instanceof String text ? text : null;
    }
}
