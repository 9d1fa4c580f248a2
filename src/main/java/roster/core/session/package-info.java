/// Passwords and sessions: who has shown who they are, and for how long that holds.
package roster.core.session;
