/// The users and roles of organisations as a node remembers them, and the same answers by SQL where there is no room.
package roster.core.directory;
