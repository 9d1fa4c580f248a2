/// Pages for people: accepting an invitation, the mailbox of a local trial, the documentation of the API.
package roster.door.web;
