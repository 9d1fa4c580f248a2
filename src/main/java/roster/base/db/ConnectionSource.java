package roster.base.db;

import com.zaxxer.hikari.util.DriverDataSource;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.slf4j.LoggerFactory;

/// Where the pool gets its connections from. The pool opens one after the other, and pauses for 30 ms after each: those that
/// must be there once the node is ready are opened before it asks, side by side.
final class ConnectionSource implements DataSource, AutoCloseable {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(ConnectionSource.class);

    private final DataSource driver;
    private final ConcurrentLinkedQueue<Connection> ahead = new ConcurrentLinkedQueue<>();

    ConnectionSource(Database.Address address) {
        var properties = new Properties();
        properties.putAll(Database.CONNECTION_PROPERTIES);
        driver = new DriverDataSource(address.jdbcUrl(), null, properties, address.user().orElse(null),
            address.password().orElse(null));
    }

    /// Opens connections for the pool to take later. Those that cannot be had are left to the pool.
    ///
    /// @return why the last of them could not be had; nothing if there are as many as were asked for
    Optional<SQLException> openAhead(int count) {
        var missing = new AtomicReference<SQLException>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var i = 0; i < count; i++) {
                threads.execute(() -> {
                    try {
                        ahead.add(driver.getConnection());
                    } catch (SQLException e) {
                        missing.set(e);
                    }
                });
            }
        }
        return Optional.ofNullable(missing.get());
    }

    /// How many are open that the pool has not taken yet.
    int ahead() {
        return ahead.size();
    }

    @Override
    public Connection getConnection() throws SQLException {
        var opened = ahead.poll();
        return opened == null ? driver.getConnection() : opened;
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return driver.getConnection(user, password);
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return driver.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter writer) throws SQLException {
        driver.setLogWriter(writer);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return driver.getLoginTimeout();
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        driver.setLoginTimeout(seconds);
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return driver.getParentLogger();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return driver.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return driver.isWrapperFor(type);
    }

    /// Closes those that the pool has not taken. To be called once the pool is closed.
    @Override
    public void close() {
        for (var left = ahead.poll(); left != null; left = ahead.poll()) {
            try {
                left.close();
            } catch (SQLException e) {
                LOG.debug("a broken connection", e);
            }
        }
    }
}
