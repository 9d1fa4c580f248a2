/// The embedded PostgreSQL: unpacked, started, watched and stopped in the data folder.
package roster.base.postgres;
