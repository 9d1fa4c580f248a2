/// E-mails: queued in the transaction of what caused them, sent after the commit.
package roster.core.mail;
