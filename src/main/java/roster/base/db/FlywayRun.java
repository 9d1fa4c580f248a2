package roster.base.db;

import java.sql.SQLException;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

/// Applies migrations. A class of its own, so that Flyway is loaded only when there is something to apply.
final class FlywayRun {
    private FlywayRun() {}

    /// @return the number of files applied
    /// @throws Migrations.Unusable if one cannot be
    static int migrate(Database.Address address) {
        var flyway = Flyway.configure(FlywayRun.class.getClassLoader())
            .dataSource(address.jdbcUrl(), address.user().orElse(null), address.password().orElse(null))
            .locations("classpath:db/migration")
            .configuration(Map.of("flyway.postgresql.transactional.lock", "false"))
            .ignoreMigrationPatterns(new String[0])
            .callbacks(new BoundedWait())
            .connectRetries(3)
            .cleanDisabled(true)
            .load();
        try {
            return flyway.migrate().migrationsExecuted;
        } catch (FlywayException e) {
            throw new Migrations.Unusable("the database cannot be brought up to date: " + e.getMessage(), e);
        }
    }

    /// A change of the schema fails rather than make all requests wait for its lock.
    private static final class BoundedWait implements Callback {
        @Override
        public boolean supports(Event event, Context context) {
            return event == Event.AFTER_CONNECT;
        }

        @Override
        public boolean canHandleInTransaction(Event event, Context context) {
            return true;
        }

        @Override
        public void handle(Event event, Context context) {
            try (var statement = context.getConnection().createStatement()) {
                statement.execute("SET lock_timeout = '2s'");
            } catch (SQLException e) {
                throw new FlywayException(e);
            }
        }

        @Override
        public String getCallbackName() {
            return "lock_timeout";
        }
    }
}
