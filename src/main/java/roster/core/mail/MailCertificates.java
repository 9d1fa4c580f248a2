package roster.core.mail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import roster.base.postgres.NotStarted;

/// The certificates that a mail server is verified against, where it uses a private certificate authority.
public final class MailCertificates {
    private MailCertificates() {}

    /// Trusts the certificates of a PEM file, and no others.
    ///
    /// @throws IllegalArgumentException saying what is wrong with the file
    public static SSLContext inFile(Path file) {
        try (var in = Files.newInputStream(file)) {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("authority-" + store.size(), certificate);
            }
            if (store.size() == 0) {
                throw new IllegalArgumentException("expected certificates in PEM form");
            }
            var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot be read: " + NotStarted.reason(e, "read"), e);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("expected certificates in PEM form", e);
        }
    }
}
