/// Letters: written with what caused them, sent after the commit.
package roster.core.mail;
