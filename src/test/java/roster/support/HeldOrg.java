package roster.support;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import roster.Node;

/// The lock of an organisation, held from outside, so that writes queue up behind it in an order that the test decides.
public final class HeldOrg implements AutoCloseable {
    private static final int ROUNDS = 20;

    private final TestOrg org;
    private final Connection connection;

    public HeldOrg(TestOrg org) throws SQLException {
        this.org = org;
        this.connection = DriverManager.getConnection(org.roster().databaseUrl());
        connection.setAutoCommit(false);
        try (var lock = connection.prepareStatement("SELECT 1 FROM orgs WHERE id = ? FOR UPDATE")) {
            lock.setObject(1, org.id().value());
            lock.execute();
        }
    }

    /// The connection whose transaction has the lock.
    public Connection connection() {
        return connection;
    }

    /// Waits until so many writes of the test's node queue for the lock, or one of them has given up.
    public void awaitWaiting(int writes, Future<?>... all) {
        awaitWaiting(org.roster().node(), org, writes, all);
    }

    /// Waits until so many writes of a node queue for the lock of an organisation, or one of them has given up.
    public static void awaitWaiting(Node node, TestOrg org, int writes, Future<?>... all) {
        Await.until("%d writes of %s queue".formatted(writes, org.id()),
            () -> node.roster.kernel().db().writesWaiting(org.id()) >= writes
                || Stream.of(all).anyMatch(Future::isDone));
    }

    public void release() throws SQLException {
        connection.rollback();
    }

    /// Repeats a round while it ends with 503: a machine that is slow enough makes a write wait for the lock for longer than
    /// 2 s, which no write does.
    public static Answer inTime(Callable<Answer> round) throws Exception {
        for (int left = ROUNDS;; left--) {
            var answer = round.call();
            if (answer.status() != 503 || left == 0) {
                return answer;
            }
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close(); // which rolls back
    }
}
