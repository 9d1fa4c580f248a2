/// Organisations.
package roster.org;
