package roster.core.mail;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The sockets of one connection to the mail server, plain and under TLS. The newest is the one in use. Its time limits can
/// be changed at any time, which the mail library has no setting for.
final class TimedConnection {
    private static final String CONNECTED_BY_CALLER = "sockets are connected by the caller, with a time limit";

    /// For all answers of one attempt: the mail library keeps each whole in memory, however long it is.
    private static final int ANSWER_BYTES_MAX = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(TimedConnection.class);

    private final SSLSocketFactory tls;
    private final AtomicLong unread = new AtomicLong(ANSWER_BYTES_MAX);
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
            unread.set(ANSWER_BYTES_MAX);
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

    /// A socket that fails once the mail server has sent more than [#ANSWER_BYTES_MAX] in one attempt, under STARTTLS too.
    private final class Bounded extends Socket {
        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read() throws IOException {
                    return counted(super.read(), 1);
                }

                @Override
                public int read(byte[] into, int at, int length) throws IOException {
                    var read = super.read(into, at, length);
                    return counted(read, read);
                }
            };
        }
    }

    private int counted(int result, int bytes) throws IOException {
        if (result >= 0 && unread.addAndGet(-bytes) < 0) {
            throw new SocketException("the mail server sends answers without end");
        }
        return result;
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
            return kept(new Bounded());
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
