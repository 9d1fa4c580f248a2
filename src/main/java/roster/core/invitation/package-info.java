/// Invitations: an e-mail with a link, and what happens when it is accepted.
package roster.core.invitation;
