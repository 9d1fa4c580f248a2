/// How users of an organisation may sign in: identity providers, the SAML configuration, and mappings to roles.
package roster.core.saml;
