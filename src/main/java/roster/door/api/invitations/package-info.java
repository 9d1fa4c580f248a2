/// `/api/v2/user_invitations`, and the state of invitations and their e-mails.
package roster.door.api.invitations;
