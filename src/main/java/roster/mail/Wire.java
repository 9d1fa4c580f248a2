package roster.mail;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;

/// The sockets of one connection to the mail server, in clear and under TLS: the newest is the one in use, and how long
/// it waits can be changed in between, which the mail library has no setting for.
final class Wire {
    private static final String CONNECTED_BY_ASKER = "sockets are connected by whoever asks for them, in time";

    private final SSLSocketFactory tls;
    private Socket newest = new Socket();

    /// @param tls makes sockets that are protected
    Wire(SSLSocketFactory tls) {
        this.tls = tls;
    }

    /// From now on an answer is waited for so long.
    void patient(Duration time) throws SocketException {
        newest.setSoTimeout(Math.toIntExact(time.toMillis()));
    }

    private Socket kept(Socket socket) {
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
        public Socket createSocket() {
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
