/// `/api/v2/roster/events`: what happens in an organisation, for programs.
package roster.door.api.events;
