/// HTML for people: pages from templates, safe to send, and the forms that come back.
package roster.base.html;
