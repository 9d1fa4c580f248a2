/// PostgreSQL: connections, transactions, rows and migrations.
package roster.base.db;
