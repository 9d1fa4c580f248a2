/// What happens in an organisation, told to programs: the audit trail as a feed of events.
package roster.core.event;
