package roster.base.db;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jdbi.v3.core.ConnectionException;
import org.postgresql.Driver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A connection kept for one query that almost every request needs: the versions and stamps of organisations. The pool
/// would cost more than the query. For one thread at a time.
final class VersionConnection {
    /// Limit for connecting and for an answer, in seconds, each.
    private static final int SECONDS = 5;

    private static final String QUESTION = "SELECT id, version, stamp, "
        + OrgVersions.ACCESS + " AS access FROM orgs WHERE id = ANY (?::uuid[])";

    private static final Logger LOG = LoggerFactory.getLogger(VersionConnection.class);

    private final Database.Address address;
    private Connection connection;
    private PreparedStatement question;

    VersionConnection(Database.Address address) {
        this.address = address;
    }

    /// Asks for the organisations that are waiting once the connection is ready. A connection that broke since the last
    /// query, for example when PostgreSQL was restarted, is replaced, and the query is sent again.
    ///
    /// @param waiting called once, before the first byte of the query is sent; not at all without a connection
    /// @return the states of those that exist
    /// @throws ConnectionException if there is no connection, or no answer to a query that was sent again
    Map<UUID, OrgVersions.Told> ask(Supplier<Set<UUID>> waiting) {
        try {
            var kept = connection != null;
            if (!kept) {
                open();
            }
            var orgs = waiting.get();
            try {
                return answer(orgs);
            } catch (SQLException e) {
                close();
                if (!kept) {
                    throw e;
                }
                LOG.debug("reconnecting for versions: {}", e.getMessage());
                open();
                return answer(orgs);
            }
        } catch (SQLException e) {
            close();
            throw SqlFailures.translated(new ConnectionException(e));
        } catch (RuntimeException | Error e) {
            close(); // an answer may still be on its way
            throw e;
        }
    }

    private void open() throws SQLException {
        var properties = new Properties();
        address.user().ifPresent(user -> properties.setProperty("user", user));
        address.password().ifPresent(password -> properties.setProperty("password", password));
        Database.CONNECTION_PROPERTIES.forEach(properties::setProperty);
        properties.setProperty("connectTimeout", "" + SECONDS);
        properties.setProperty("loginTimeout", "" + SECONDS);
        properties.setProperty("socketTimeout", "" + SECONDS);
        connection = new Driver().connect(address.jdbcUrl(), properties);
        try (var settings = connection.createStatement()) {
            settings.execute(Database.CONNECTION_SETTINGS);
        }
        question = connection.prepareStatement(QUESTION);
    }

    private Map<UUID, OrgVersions.Told> answer(Set<UUID> orgs) throws SQLException {
        question.setString(1, array(orgs));
        try (var rows = question.executeQuery()) {
            var states = HashMap.<UUID, OrgVersions.Told>newHashMap(orgs.size());
            while (rows.next()) {
                states.put(rows.getObject(1, UUID.class), new OrgVersions.Told(
                    new OrgVersions.State(rows.getLong(2), rows.getLong(3)), rows.getLong(4)));
            }
            return states;
        }
    }

    /// In PostgreSQL's text form of an array.
    private static String array(Set<UUID> orgs) {
        var text = new StringBuilder(2 + 37 * orgs.size()).append('{');
        for (var org : orgs) {
            text.append(text.length() == 1 ? "" : ",").append(org);
        }
        return text.append('}').toString();
    }

    void close() {
        var old = connection;
        connection = null;
        question = null;
        if (old != null) {
            try {
                old.close();
            } catch (SQLException e) {
                LOG.debug("a broken connection", e);
            }
        }
    }
}
