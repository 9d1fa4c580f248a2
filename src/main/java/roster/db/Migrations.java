package roster.db;

import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/// The schema, brought up to date by the numbered files of `db/migration`, each in a transaction of its own.
public final class Migrations {
    /// A database that this version of Roster cannot work on; the message says what to do.
    public static final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unusable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private Migrations() {}

    /// Applies what is missing. Several nodes may start at once: one migrates, the others wait.
    ///
    /// @return how many files were applied
    /// @throws Unusable if the schema is newer than this version of Roster, or was changed by hand
    public static int run(Database.Address address) {
        var flyway = Flyway.configure(Migrations.class.getClassLoader())
            .dataSource(address.jdbcUrl(), address.user().orElse(null), address.password().orElse(null))
            .locations("classpath:db/migration")
            .configuration(Map.of("flyway.postgresql.transactional.lock", "false"))
            .ignoreMigrationPatterns(new String[0])
            .initSql("SET lock_timeout = '2s'")
            .connectRetries(3)
            .cleanDisabled(true)
            .load();
        try {
            flyway.validate();
        } catch (FlywayException e) {
            // Pending migrations fail validation too; what is left after they ran is a real difference.
            return migrate(flyway);
        }
        return 0;
    }

    private static int migrate(Flyway flyway) {
        try {
            return flyway.migrate().migrationsExecuted;
        } catch (FlywayException e) {
            throw new Unusable("the database cannot be used: " + e.getMessage(), e);
        }
    }
}
