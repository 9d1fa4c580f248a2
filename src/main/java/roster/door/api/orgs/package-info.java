/// `/api/v2/org` and the settings of an organisation.
package roster.door.api.orgs;
