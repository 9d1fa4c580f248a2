/// Roles, and the permissions they hold.
package roster.role;
