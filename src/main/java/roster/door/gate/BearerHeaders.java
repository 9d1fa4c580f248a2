package roster.door.gate;

import java.util.regex.Pattern;
import java.util.stream.Stream;
import roster.base.http.CredentialForms;
import roster.base.http.Request;
import roster.core.access.Presented;
import roster.model.Problem.BadKeys;
import roster.model.Problem.NoApiKey;
import roster.model.Refused;

/// What requests present where one secret will do, see [CredentialForms#BEARER]. Directories send what their administrators
/// typed, which may or may not begin with the word Bearer.
final class BearerHeaders {
    /// An application key, or a token, behind the name of the scheme: once, twice, or not at all.
    private static final Pattern SECRET =
        Pattern.compile("(?:(?i:bearer) +){0,2}(?:([0-9a-f]{40})|(" + CredentialHeaders.TOKEN_FORM + "))");

    private BearerHeaders() {}

    /// The secret in `Authorization`, beside which an API key must be good too; else what the contract's API takes.
    ///
    /// @throws Refused with [NoApiKey] or [BadKeys]
    static Presented presented(Request request) {
        var sent = request.headers(CredentialHeaders.AUTHORIZATION).stream().filter(one -> !one.isBlank()).toList();
        if (sent.isEmpty()) {
            return CredentialHeaders.keysOrToken(request);
        }
        var secret = SECRET.matcher(sent.getFirst().strip());
        if (sent.size() > 1 || !secret.matches()) {
            throw new Refused(new BadKeys());
        }
        var apiKey = CredentialHeaders.apiKeyBeside(request);
        return secret.group(1) == null ? new Presented.Token(secret.group(2), apiKey)
            : new Presented.ApplicationKey(secret.group(1), apiKey);
    }

    /// Whether a request shows anything. Empty headers show nothing.
    static boolean sent(Request request) {
        return Stream.of(CredentialHeaders.AUTHORIZATION, CredentialHeaders.API_KEY, CredentialHeaders.APPLICATION_KEY)
            .flatMap(name -> request.headers(name).stream()).anyMatch(value -> !value.isBlank());
    }
}
