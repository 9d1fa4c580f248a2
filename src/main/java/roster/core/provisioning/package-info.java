/// What directories say of users and groups, beside what Roster knows of them itself. The rules of users, roles and members
/// are those of their own rooms.
package roster.core.provisioning;
