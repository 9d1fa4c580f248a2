package roster.core.identity;

import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.token.BearerAccessToken;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.claims.UserInfo;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import roster.base.net.Outward;
import roster.base.net.Outward.NoAnswer;

/// Asks providers for tokens, and for what they know of a user. The access token serves for that and is dropped.
final class OpenIdCalls {
    private final Outward outward;

    OpenIdCalls(Outward outward) {
        this.outward = outward;
    }

    /// @param secret of Roster at the provider
    /// @param redirect as it was in the request that the code answers
    record Exchange(String code, String verifier, URI redirect, String secret) {
        @Override
        public String toString() {
            return "Exchange";
        }
    }

    /// What a provider gave for a code.
    record Tokens(SignedJWT idToken, BearerAccessToken accessToken) {
        @Override
        public String toString() {
            return "Tokens";
        }
    }

    Tokens exchange(Provider provider, Discovery.Found found, Exchange exchange) throws OpenIdFault {
        var id = new ClientID(provider.client().id());
        var secret = new Secret(exchange.secret());
        var request = new TokenRequest.Builder(found.token(),
            provider.client().basic() ? new ClientSecretBasic(id, secret) : new ClientSecretPost(id, secret),
            new AuthorizationCodeGrant(new AuthorizationCode(exchange.code()), exchange.redirect(),
                new CodeVerifier(exchange.verifier())))
            .build().toHTTPRequest();
        try {
            var headers = new LinkedHashMap<String, String>();
            headers.put("Accept", "application/json");
            if (request.getAuthorization() != null) {
                headers.put("Authorization", request.getAuthorization());
            }
            var response = OIDCTokenResponseParser.parse(library(outward.post(found.token(), headers,
                request.getBody())));
            if (!response.indicatesSuccess()) {
                throw new OpenIdFault("tokens: the provider refused the code: "
                    + code(response.toErrorResponse().getErrorObject().getCode()));
            }
            var tokens = ((OIDCTokenResponse) response.toSuccessResponse()).getOIDCTokens();
            if (!(tokens.getIDToken() instanceof SignedJWT idToken)
                || tokens.getIDTokenString().length() > SignedTokens.TOKEN_MAX) {
                throw new OpenIdFault("tokens: no ID token that is signed");
            }
            return new Tokens(idToken, tokens.getBearerAccessToken());
        } catch (NoAnswer e) {
            throw new OpenIdFault("tokens: " + e.getMessage(), e);
        } catch (ParseException | IllegalArgumentException | ClassCastException e) {
            throw new OpenIdFault("tokens: not an answer of OpenID Connect", e);
        }
    }

    /// The code of an error, as far as it has the form of one.
    static String code(String sent) {
        return sent != null && sent.matches("[a-z_]{1,60}") ? sent : "an unknown error";
    }

    /// @return empty if the provider has no such endpoint
    Map<String, Object> userInfo(Discovery.Found found, BearerAccessToken token, String subject) throws OpenIdFault {
        if (found.userInfo().isEmpty() || token == null) {
            return Map.of();
        }
        try {
            var answer = outward.get(found.userInfo().get(), Map.of("Authorization", token.toAuthorizationHeader(),
                "Accept", "application/json"));
            if (answer.status() != 200) {
                throw new OpenIdFault("userinfo: the provider answered %d".formatted(answer.status()));
            }
            var info = UserInfo.parse(answer.text());
            if (!subject.equals(info.getSubject().getValue())) {
                throw new OpenIdFault("userinfo: of another user");
            }
            return JSONObjectUtils.parse(answer.text()).entrySet().stream().filter(entry -> entry.getValue() != null)
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
        } catch (NoAnswer e) {
            throw new OpenIdFault("userinfo: " + e.getMessage(), e);
        } catch (ParseException | java.text.ParseException | IllegalArgumentException e) {
            throw new OpenIdFault("userinfo: not an answer of OpenID Connect", e);
        }
    }

    private static HTTPResponse library(Outward.Answer answer) throws ParseException {
        var response = new HTTPResponse(answer.status());
        response.setContentType(answer.type().orElse("application/json"));
        response.setBody(answer.text());
        return response;
    }
}
