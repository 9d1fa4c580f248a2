/// Creates organisations, and the first one of an installation.
package roster.core.founding;
