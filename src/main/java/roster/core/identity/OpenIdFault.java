package roster.core.identity;

/// What a provider sent, or did not, is not good. The message is for operators and administrators: it has no token, no code
/// and no text of the provider's but what is named.
public final class OpenIdFault extends Exception {
    private static final long serialVersionUID = 1;

    OpenIdFault(String message) {
        super(message);
    }

    OpenIdFault(String message, Throwable cause) {
        super(message, cause);
    }
}
