/// Recordings of the live API, played against Roster.
package roster.recordings;
