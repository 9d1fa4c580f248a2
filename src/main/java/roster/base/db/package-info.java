/// PostgreSQL: transactions, rows, migrations, and the embedded server of a first run.
package roster.base.db;
