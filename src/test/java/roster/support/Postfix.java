package roster.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Postfix as Debian has it, on this machine alone: with a configuration, queue and log of its own in a folder, STARTTLS
/// and a password required, and a certificate for `localhost` by an authority of its own. What it takes ends in a
/// maildir.
public final class Postfix implements AutoCloseable {
    private static final String PASSWORD = "s3cret:p@ss";

    private static final String STORE_PASSWORD = "changeit";
    private static final long PATIENCE_SECONDS = Await.PATIENCE.toSeconds();

    private static final String MAIN = """
        compatibility_level = 3.6
        queue_directory = %1$s/queue
        data_directory = %1$s/data
        maillog_file = %1$s/log
        maillog_file_prefixes = %1$s
        myhostname = localhost
        mydestination =
        mynetworks =
        inet_protocols = ipv4
        smtpd_tls_security_level = encrypt
        smtpd_tls_cert_file = %1$s/mail.pem
        smtpd_tls_key_file = %1$s/mail.key
        smtpd_tls_received_header = yes
        smtpd_sasl_auth_enable = yes
        smtpd_sasl_local_domain = localhost
        smtpd_relay_restrictions = permit_sasl_authenticated, reject
        virtual_mailbox_domains = static:all
        virtual_mailbox_base = %1$s
        virtual_mailbox_maps = static:box/
        virtual_uid_maps = static:65534
        virtual_gid_maps = static:65534
        """;

    private static final String MASTER = """
        127.0.0.1:%d inet n - n - - smtpd
        127.0.0.1:%d inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
        cleanup unix n - n - 0 cleanup
        qmgr unix n - n 300 1 qmgr
        tlsmgr unix - - n 1000? 1 tlsmgr
        rewrite unix - - n - - trivial-rewrite
        bounce unix - - n - 0 bounce
        defer unix - - n - 0 bounce
        trace unix - - n - 0 bounce
        proxymap unix - - n - - proxymap
        virtual unix - n n - - virtual
        error unix - - n - - error
        anvil unix - - n - 1 anvil
        postlog unix-dgram n - n - 1 postlogd
        """;

    private final Path folder;
    private final int port;
    private final int tlsPort;
    private Process process;

    /// Makes the folder; nothing runs yet.
    public Postfix() throws IOException, InterruptedException {
        folder = Files.createTempDirectory("roster-postfix"); // not below our home, which its users may not enter
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (var free = new ServerSocket(0); var another = new ServerSocket(0)) {
            port = free.getLocalPort();
            tlsPort = another.getLocalPort();
        }
        for (var name : List.of("etc", "queue", "data", "box", "etc/sasl")) {
            Files.createDirectory(folder.resolve(name));
        }
        owned("data", "postfix");
        owned("box", "nobody");
        certificates();
        Files.writeString(folder.resolve("etc/main.cf"), MAIN.formatted(folder));
        Files.writeString(folder.resolve("etc/master.cf"), MASTER.formatted(port, tlsPort));
        // Where Debian's Postfix looks, whatever its settings say.
        Files.writeString(folder.resolve("etc/sasl/smtpd.conf"), """
            pwcheck_method: auxprop
            auxprop_plugin: sasldb
            mech_list: PLAIN LOGIN
            sasldb_path: %s/sasldb2
            """.formatted(folder));
        run(PASSWORD, "/usr/sbin/saslpasswd2", "-p", "-c", "-f", file("sasldb2"), "-u", "localhost", "roster");
        owned("sasldb2", "postfix");
    }

    /// Why it cannot run here; nothing if it can.
    public static Optional<String> missing() {
        for (var program : List.of("/usr/sbin/postfix", "/usr/sbin/saslpasswd2")) {
            if (!Files.isExecutable(Path.of(program))) {
                return Optional.of("there is no " + program);
            }
        }
        return "root".equals(System.getProperty("user.name")) ? Optional.empty()
            : Optional.of("Postfix is started by root only");
    }

    public void start() throws IOException, InterruptedException {
        process = new ProcessBuilder("/usr/sbin/postfix", "-c", file("etc"), "start-fg")
            .redirectErrorStream(true).redirectOutput(folder.resolve("out").toFile()).start();
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!listens(port) || !listens(tlsPort)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IOException("Postfix does not start: " + Files.readString(folder.resolve("out")));
            }
            process.waitFor(20, TimeUnit.MILLISECONDS);
        }
    }

    private static boolean listens(int port) {
        try (var socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /// Where it takes letters, name and password in it.
    ///
    /// @param host `localhost`, for which its certificate is, or another name of this machine
    public String url(String host) {
        return "smtp://roster:s3cret%%3Ap%%40ss@%s:%d".formatted(host, port);
    }

    /// The same, where it speaks TLS from the first byte.
    public String tlsUrl() {
        return "smtps://roster:s3cret%%3Ap%%40ss@localhost:%d".formatted(tlsPort);
    }

    /// The certificate of the authority that vouches for it.
    public Path authority() {
        return folder.resolve("ca.pem");
    }

    public String log() throws IOException {
        var log = folder.resolve("log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    /// What it took so far, with the headers it added.
    public List<String> letters() {
        var mails = folder.resolve("box/new");
        if (!Files.exists(mails)) {
            return List.of();
        }
        try (var files = Files.list(mails)) {
            return files.map(Postfix::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void certificates() throws IOException, InterruptedException {
        keytool("ca.p12", "-genkeypair", "-alias", "ca", "-keyalg", "RSA", "-dname", "CN=Test", "-ext", "bc:c");
        keytool("mail.p12", "-genkeypair", "-alias", "mail", "-keyalg", "RSA", "-dname", "CN=localhost");
        keytool("mail.p12", "-certreq", "-alias", "mail", "-file", file("mail.csr"));
        keytool("ca.p12", "-gencert", "-alias", "ca", "-rfc", "-ext", "san=dns:localhost", "-infile", file("mail.csr"),
            "-outfile", file("mail.pem"));
        keytool("ca.p12", "-exportcert", "-alias", "ca", "-rfc", "-file", file("ca.pem"));
        try (var in = Files.newInputStream(folder.resolve("mail.p12"))) {
            var store = KeyStore.getInstance("PKCS12");
            store.load(in, STORE_PASSWORD.toCharArray());
            var key = store.getKey("mail", STORE_PASSWORD.toCharArray()).getEncoded();
            Files.writeString(folder.resolve("mail.key"), "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
                .formatted(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        Files.setPosixFilePermissions(folder.resolve("mail.key"), PosixFilePermissions.fromString("rw-------"));
    }

    private void keytool(String store, String... what) throws IOException, InterruptedException {
        var command = new String[what.length + 7];
        command[0] = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        System.arraycopy(what, 0, command, 1, what.length);
        System.arraycopy(new String[] {"-keystore", file(store), "-storetype", "PKCS12", "-storepass",
            STORE_PASSWORD}, 0, command, what.length + 1, 6);
        run("", command);
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private void owned(String name, String user) throws IOException {
        var file = folder.resolve(name);
        Files.setOwner(file, file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user));
    }

    private static void run(String input, String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("%s failed: %s".formatted(command[0], said));
        }
    }

    /// Stops it and all that it started.
    @Override
    public void close() {
        if (process != null) {
            var all = process.descendants().toList();
            process.destroy();
            all.forEach(ProcessHandle::destroy);
            process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
            all.forEach(one -> one.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join());
        }
        try (var files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
