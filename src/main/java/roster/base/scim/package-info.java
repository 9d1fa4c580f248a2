/// The grammar of SCIM 2.0 (RFC 7643, 7644 and 9865): schemas, paths, filters, patches, and what a resource is made of. Knows
/// no user, no SQL and no HTTP.
package roster.base.scim;
