/// SCIM 2.0 (RFC 7643, 7644 and 9865): directories that provision users and groups. Holds no rule.
package roster.door.scim;
