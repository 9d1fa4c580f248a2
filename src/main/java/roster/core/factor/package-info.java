/// Second factors of users: authenticator apps, codes to recover by, and passkeys.
package roster.core.factor;
