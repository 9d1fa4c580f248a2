/// `/api/v2/user_invitations`, and what became of invitations and their e-mails.
package roster.door.api.invitations;
