/// What the rooms of the API share: how users, roles and organisations become JSON, and doing a request once.
package roster.door.api.shared;
