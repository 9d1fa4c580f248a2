/// How users of an organisation sign in: identity providers, SAML configurations, AuthN mappings.
package roster.door.api.signin;
