/// How people show who they are: passwords and links, and how often they may try.
package roster.core.signin;
