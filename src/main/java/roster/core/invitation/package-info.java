/// Invitations: a letter with a link, and the page where it is accepted.
package roster.core.invitation;
