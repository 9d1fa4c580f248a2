/// What is derived from the secret key: seals, tokens, tags and cursors; digests of what must not be readable again;
/// and files that only their owner may read.
package roster.base.secret;
