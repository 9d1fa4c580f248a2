/// Signing in by OpenID Connect: providers, whose accounts the identities there are, and the roles that their claims give.
package roster.core.identity;
