/// Signing in: passwords for now, kept for when people can.
package roster.core.session;
