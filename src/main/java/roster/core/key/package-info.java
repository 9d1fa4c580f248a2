/// API keys and application keys: issued, listed, revoked.
package roster.core.key;
