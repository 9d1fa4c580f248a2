/// People and service accounts: creation, changes, roles, history and the end of their data.
package roster.core.user;
