/// API keys, application keys and access tokens: issued, listed, changed and revoked.
package roster.core.key;
