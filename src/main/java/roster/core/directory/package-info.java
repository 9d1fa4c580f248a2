/// The users and roles of organisations, cached in memory, and the same answers by SQL for those that do not fit.
package roster.core.directory;
