/// PostgreSQL that comes along: unpacked, started, watched and stopped in the data folder.
package roster.base.postgres;
