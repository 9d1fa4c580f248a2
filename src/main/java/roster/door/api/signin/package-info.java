/// How an organisation signs people in: identity providers, SAML configurations, AuthN mappings.
package roster.door.api.signin;
