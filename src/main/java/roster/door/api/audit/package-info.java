/// `/api/v2/audit/events`.
package roster.door.api.audit;
