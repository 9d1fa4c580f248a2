package roster.support;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/// All rows of an organisation at the time this was made, to be put back as a restored database has them.
public final class OrgDump implements AutoCloseable {
    private final TestOrg org;
    private final Connection connection;

    public OrgDump(TestOrg org) throws SQLException {
        this.org = org;
        this.connection = DriverManager.getConnection(org.roster().databaseUrl());
        run("CREATE TEMP TABLE dump_%1$s AS SELECT * FROM %1$s WHERE %2$s = '%3$s'");
    }

    public void restore() throws SQLException {
        connection.setAutoCommit(false);
        run("DELETE FROM %1$s WHERE %2$s = '%3$s'");
        run("INSERT INTO %1$s SELECT * FROM dump_%1$s");
        connection.commit();
    }

    /// On every table that a feature names.
    private void run(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            // Restores in any order: rows that refer to each other come and go together.
            statement.execute("SET session_replication_role = replica");
            for (var feature : org.roster().program().features()) {
                for (var table : feature.tables()) {
                    statement.execute(sql.formatted(table.name(), table.org(), org.id()));
                }
            }
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
