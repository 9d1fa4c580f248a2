package roster.door.web.console;

import java.util.Optional;
import java.util.stream.Stream;
import roster.core.key.KeyKind;
import roster.door.web.console.KeySecretPage.Secret;

/// A call of the API that uses a key, to be pasted into a shell. Keys and addresses have no character that a shell knows.
final class Curl {
    private Curl() {}

    /// @param apiKey that goes with an application key; none: it is taken from the environment
    static Secret of(Visit visit, KeyKind kind, String secret, Optional<String> apiKey) {
        return switch (kind) {
            case API_KEY -> new Secret("API key", secret, call(visit, "/api/v1/validate", "DD-API-KEY: " + secret), "");
            case APPLICATION_KEY -> new Secret("Application key", secret, apiKey.map(api -> call(visit,
                "/api/v2/current_user", "DD-API-KEY: " + api, "DD-APPLICATION-KEY: " + secret))
                .orElseGet(() -> call(visit, "/api/v2/current_user", "DD-APPLICATION-KEY: " + secret)
                    + " \\\n  -H \"DD-API-KEY: ${DD_API_KEY:?is not set}\""),
                apiKey.isPresent() ? "The audit trail notes that you saw the API key in it."
                    : "It takes an API key from the variable DD_API_KEY.");
            case ACCESS_TOKEN -> new Secret("Access token", secret,
                call(visit, "/api/v2/current_user", "Authorization: Bearer " + secret), "");
        };
    }

    /// The first person that a directory would see.
    static String ofDirectory(Visit visit, String token) {
        return call(visit, ProvisioningPages.ADDRESS + "/Users?count=1", "Authorization: Bearer " + token);
    }

    private static String call(Visit visit, String path, String... headers) {
        return "curl '" + visit.absolute(path) + "'" + String.join("",
            Stream.of(headers).map(header -> " \\\n  -H '" + header + "'").toList());
    }
}
