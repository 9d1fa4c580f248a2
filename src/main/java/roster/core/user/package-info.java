/// People and service accounts: their rules, their roles, and their door.
package roster.core.user;
