/// Users, service accounts, who has a role, and anonymising: `/api/v2/users`, `/api/v2/current_user` and what is beside them.
package roster.door.api.users;
