/// `/api/v2/api_keys`, application keys, access tokens, and the calls that validate keys.
package roster.door.api.keys;
