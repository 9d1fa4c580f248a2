/// Passwords, stored for sign-in, which does not exist yet.
package roster.core.session;
