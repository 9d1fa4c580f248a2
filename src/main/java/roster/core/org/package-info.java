/// Organisations.
package roster.core.org;
