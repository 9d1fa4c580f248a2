package roster.base.db;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.JdbiException;
import org.postgresql.util.PSQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.model.Problem.Unavailable;
import roster.model.Refused;

/// What failures of the driver and of the pool mean.
final class SqlFailures {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);

    private SqlFailures() {}

    /// Turns failures that mean "away or busy" into a refusal; returns others as they are.
    static RuntimeException translated(RuntimeException e) {
        if (e instanceof JdbiException failure && busy(failure)) {
            LOG.warn("the database is away or busy: {}", e.getMessage());
            return new Refused(new Unavailable(1));
        }
        return e;
    }

    /// Whether the connection is gone, and the transaction with it.
    static boolean isBroken(Throwable e) {
        var state = state(e);
        return e instanceof ConnectionException || state.startsWith("08") || state.startsWith("57P")
            || state.equals("25P03");
    }

    /// Whether PostgreSQL itself said that a statement failed, over a connection that remains: then nothing of its transaction
    /// was committed. The driver's own failures have states, too, and say nothing of what became of the transaction.
    static boolean isOfServer(Throwable e) {
        for (var cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof PSQLException sql && sql.getServerErrorMessage() != null) {
                return !isBroken(e);
            }
        }
        return false;
    }

    /// Lock and statement time-outs, and connections that cannot be had or break.
    private static boolean busy(JdbiException e) {
        if (e instanceof ConnectionException || e.getCause() instanceof SQLTransientConnectionException) {
            return true;
        }
        var state = state(e);
        return state.startsWith("08") || state.startsWith("57P") || state.startsWith("53")
            || state.equals("55P03") || state.equals("57014") || state.equals("25P03") || state.equals("25006");
    }

    static String state(Throwable e) {
        for (var cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return "";
    }
}
