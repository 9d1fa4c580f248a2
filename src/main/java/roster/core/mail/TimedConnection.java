package roster.core.mail;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The sockets of one connection to the mail server, plain and under TLS. The newest is the one in use. Its time limits can
/// be changed at any time, which the mail library has no setting for.
final class TimedConnection {
    private static final String CONNECTED_BY_CALLER = "sockets are connected by the caller, with a time limit";

    private static final Logger LOG = LoggerFactory.getLogger(TimedConnection.class);

    private final SSLSocketFactory tls;
    private Socket newest = new Socket();
    private boolean cut;

    /// @param tls makes sockets that are protected
    TimedConnection(SSLSocketFactory tls) {
        this.tls = tls;
    }

    /// From now on, waits this long for each answer.
    synchronized void patient(Duration time) throws SocketException {
        newest.setSoTimeout(Math.toIntExact(time.toMillis()));
    }

    /// Bounds everything until the limit is closed: when the time is over, the connection is closed, whatever it waits for,
    /// and no other can be opened.
    Limit limit(Duration time) {
        return new Limit(time);
    }

    final class Limit implements AutoCloseable {
        private final Thread watch;

        private Limit(Duration time) {
            watch = Thread.ofVirtual().name("mail-limit").start(() -> {
                try {
                    Thread.sleep(time);
                } catch (InterruptedException e) {
                    return; // by close()
                }
                cut();
            });
        }

        boolean reached() {
            synchronized (TimedConnection.this) {
                return cut;
            }
        }

        @Override
        public void close() {
            watch.interrupt();
            var interrupted = false;
            while (true) {
                try {
                    watch.join(); // or it might close the next connection
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            synchronized (TimedConnection.this) {
                cut = false;
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void cut() {
        Socket using;
        synchronized (this) {
            cut = true;
            using = newest;
        }
        try {
            using.close();
        } catch (IOException e) {
            LOG.warn("the connection to the mail server could not be closed: {}", e.toString());
        }
    }

    private synchronized Socket kept(Socket socket) throws IOException {
        if (cut) {
            socket.close();
            throw new SocketException("time is over");
        }
        newest = socket;
        return socket;
    }

    SocketFactory clear() {
        return new Clear();
    }

    SSLSocketFactory tls() {
        return new Tls();
    }

    private final class Clear extends SocketFactory {
        @Override
        public Socket createSocket() throws IOException {
            return kept(new Socket());
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw new UnsupportedOperationException(CONNECTED_BY_CALLER);
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) {
            throw new UnsupportedOperationException(CONNECTED_BY_CALLER);
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw new UnsupportedOperationException(CONNECTED_BY_CALLER);
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
            throw new UnsupportedOperationException(CONNECTED_BY_CALLER);
        }
    }

    private final class Tls extends SSLSocketFactory {
        @Override
        public String[] getDefaultCipherSuites() {
            return tls.getDefaultCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return tls.getSupportedCipherSuites();
        }

        @Override
        public Socket createSocket() throws IOException {
            return kept(tls.createSocket());
        }

        /// Upgrades a plain connection to TLS.
        @Override
        public Socket createSocket(Socket below, String host, int port, boolean closesIt) throws IOException {
            return kept(tls.createSocket(below, host, port, closesIt));
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw new UnsupportedOperationException(CONNECTED_BY_CALLER);
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) {
            throw new UnsupportedOperationException(CONNECTED_BY_CALLER);
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw new UnsupportedOperationException(CONNECTED_BY_CALLER);
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
            throw new UnsupportedOperationException(CONNECTED_BY_CALLER);
        }
    }
}
