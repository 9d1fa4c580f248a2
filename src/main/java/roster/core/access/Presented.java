package roster.core.access;

import java.util.Optional;

/// The credentials that a request presents. Each kind has a [Resolver]. `toString` tells the kind, and reveals nothing.
public sealed interface Presented {
    /// All secrets as one text: callers are remembered by its digest, together with the kind.
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

    /// An application key, which stands for its owner, in the organisation of the API key sent with it.
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

    /// An application key without a pair: it leads to its organisation by itself.
    ///
    /// @param apiKey one that was sent with it, and must be valid too, and of the same organisation
    record ApplicationKey(String key, Optional<String> apiKey) implements Presented {
        @Override
        public String secrets() {
            return apiKey.orElse("") + key;
        }

        @Override
        public String toString() {
            return "ApplicationKey";
        }
    }

    /// An access token, which stands for both keys.
    ///
    /// @param apiKey one that was sent with it, and must be valid too
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

    /// The token of a session, which stands for the user who signed in.
    record Session(String token) implements Presented {
        @Override
        public String secrets() {
            return token;
        }

        @Override
        public String toString() {
            return "Session";
        }
    }
}
