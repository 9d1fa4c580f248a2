/// Roles, and the permissions they hold.
package roster.core.role;
