package roster.core.access;

import java.util.Optional;

/// What a request shows to say who sends it. Each kind has a [Resolver]. The text form tells nothing.
public sealed interface Presented {
    /// All that is shown, as one text: callers are remembered by its digest.
    String secrets();

    /// An API key alone: it stands for an organisation, and no user.
    record ApiKey(String key) implements Presented {
        @Override
        public String secrets() {
            return key;
        }

        @Override
        public String toString() {
            return "ApiKey";
        }
    }

    /// An application key, which stands for its owner, in the organisation of the API key beside it.
    record KeyPair(String apiKey, String applicationKey) implements Presented {
        @Override
        public String secrets() {
            return apiKey + applicationKey;
        }

        @Override
        public String toString() {
            return "KeyPair";
        }
    }

    /// An access token, which stands for both keys.
    ///
    /// @param apiKey one that was sent beside it, and must be good too
    record Token(String token, Optional<String> apiKey) implements Presented {
        @Override
        public String secrets() {
            return apiKey.orElse("") + token;
        }

        @Override
        public String toString() {
            return "Token";
        }
    }
}
