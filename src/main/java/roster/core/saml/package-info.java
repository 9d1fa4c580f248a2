/// What an organisation's SAML identity provider says of itself, and the older organisation calls that show it.
package roster.core.saml;
