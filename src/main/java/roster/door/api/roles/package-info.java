/// `/api/v2/roles` and `/api/v2/permissions`.
package roster.door.api.roles;
