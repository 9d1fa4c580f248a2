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

/// The sockets of one connection to the mail server, in clear and under TLS: the newest is the one in use, and how long
/// it waits can be changed in between, which the mail library has no setting for.
final class TimedConnection {
    private static final String CONNECTED_BY_ASKER = "sockets are connected by whoever asks for them, in time";

    private static final Logger LOG = LoggerFactory.getLogger(TimedConnection.class);

    private final SSLSocketFactory tls;
    private Socket newest = new Socket();
    private boolean cut;

    /// @param tls makes sockets that are protected
    TimedConnection(SSLSocketFactory tls) {
        this.tls = tls;
    }

    /// From now on an answer is waited for so long.
    synchronized void patient(Duration time) throws SocketException {
        newest.setSoTimeout(Math.toIntExact(time.toMillis()));
    }

    /// Bounds all that is done until the limit is closed: once the time is over the connection is cut, whatever it waits
    /// for, and no other is made.
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
                    watch.join(); // or it might cut what comes next
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
            LOG.warn("a mail server's connection was cut, but not well: {}", e.toString());
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
            throw new UnsupportedOperationException(CONNECTED_BY_ASKER);
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) {
            throw new UnsupportedOperationException(CONNECTED_BY_ASKER);
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw new UnsupportedOperationException(CONNECTED_BY_ASKER);
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
            throw new UnsupportedOperationException(CONNECTED_BY_ASKER);
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

        /// A connection in clear turns to TLS.
        @Override
        public Socket createSocket(Socket below, String host, int port, boolean closesIt) throws IOException {
            return kept(tls.createSocket(below, host, port, closesIt));
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw new UnsupportedOperationException(CONNECTED_BY_ASKER);
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) {
            throw new UnsupportedOperationException(CONNECTED_BY_ASKER);
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw new UnsupportedOperationException(CONNECTED_BY_ASKER);
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
            throw new UnsupportedOperationException(CONNECTED_BY_ASKER);
        }
    }
}
