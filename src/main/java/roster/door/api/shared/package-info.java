/// What the rooms of the API share: users, roles and organisations as JSON, and idempotency.
package roster.door.api.shared;
