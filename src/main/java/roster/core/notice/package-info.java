/// What users are told by e-mail about how their account is signed in to.
package roster.core.notice;
