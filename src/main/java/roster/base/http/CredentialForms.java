package roster.base.http;

/// What callers of a route may show.
public enum CredentialForms {
    /// Keys or a token, as all of the contract's API; a session, where a page of ours asks.
    CONTRACT,
    /// The same keys, or one secret by itself in `Authorization`: a token or an application key. No session.
    BEARER
}
