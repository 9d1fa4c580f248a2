package roster.core.mail;

import jakarta.mail.Address;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.io.UnsupportedEncodingException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Date;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import roster.core.mail.Outbox.Queued;
import roster.model.Email;

/// Hands e-mails to the mail server.
///
/// `smtps://` speaks TLS from the first byte; `smtp://` switches to TLS when the server offers it. TLS is required on the
/// submission port (587), before a password is sent to another machine, and where a certificate authority is configured.
public final class Smtp {
    /// How an attempt ended. Its reason never contains a password or a link.
    sealed interface Outcome {
        record Sent() implements Outcome {}

        /// @param forAll whether every other e-mail would have failed too: the server is away, or refuses our sign-in
        record NotNow(String why, boolean forAll) implements Outcome {}

        /// The server will never accept this e-mail.
        record Never(String why) implements Outcome {}
    }

    /// How long to wait for the server.
    ///
    /// @param connection to be made
    /// @param answer to a command, and for the server to take a part of an e-mail
    /// @param verdict on a whole e-mail. A server may scan it for long, as for viruses, and a client that does not wait
    ///     sends a second copy: RFC 5321 asks for 10 minutes
    /// @param attempt altogether: the other times start again with each byte that the server sends
    record Waits(Duration connection, Duration answer, Duration verdict, Duration attempt) {
        static final Waits STANDARD =
            new Waits(Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofMinutes(10), Duration.ofMinutes(14));
    }

    private static final int SUBMISSION = 587;
    private static final int WHY_MAX = 300;

    /// Refusals that are about our settings, not about the e-mail: it is tried again until they are corrected.
    private static final Set<Integer> ABOUT_US = Set.of(530, 534, 535, 538);

    private final Properties properties;
    private final SSLSocketFactory tls;
    private final Waits waits;
    private final Optional<String> user;
    private final Optional<String> password;
    private final InternetAddress from;
    private final String ourHost;

    /// The sender's address unless another is set. A host that is an IP address stands in brackets there (RFC 5321,
    /// 4.1.3).
    ///
    /// @param host as a URL has it
    public static String usualSender(String host) {
        return "roster@" + (host.startsWith("[") ? "[IPv6:" + host.substring(1)
            : host.matches("[0-9.]+") ? "[" + host + "]" : host);
    }

    /// @param server host, port, and in its user-info name and password, percent-encoded
    /// @param from the sender's address
    /// @param ourHost the host of the public URL, in our greeting and in each `Message-ID`
    /// @param trust the certificate authorities to accept; none: those Java trusts
    public Smtp(URI server, String from, String ourHost, Optional<SSLContext> trust) {
        this(server, from, ourHost, trust, Waits.STANDARD);
    }

    Smtp(URI server, String from, String ourHost, Optional<SSLContext> trust, Waits waits) {
        var info = Optional.ofNullable(server.getRawUserInfo());
        user = info.map(text -> decoded(text.split(":", 2)[0]));
        password = info.filter(text -> text.contains(":")).map(text -> decoded(text.split(":", 2)[1]));
        properties = properties(server, user.isPresent(), trust.isPresent(), ourHost, waits);
        tls = trust.map(SSLContext::getSocketFactory)
            .orElseGet(() -> (SSLSocketFactory) SSLSocketFactory.getDefault());
        this.waits = waits;
        this.from = address(from);
        this.ourHost = ourHost;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static InternetAddress address(String from) {
        try {
            // A domain that is an IP address in brackets is none of [Email]'s, and ASCII.
            return new InternetAddress(Email.mailed(from).orElse(from), "Roster", "UTF-8");
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Properties properties(URI server, boolean authenticates, boolean trustNamed, String ourHost,
        Waits waits) {
        var tls = server.getScheme().equals("smtps");
        var port = server.getPort() > 0 ? server.getPort() : tls ? 465 : 25;
        var host = server.getHost().replaceAll("[\\[\\]]", "");
        var thisMachine = Set.of("localhost", "127.0.0.1", "::1").contains(host);
        var properties = new Properties();
        properties.put("mail.smtp.host", host);
        properties.put("mail.smtp.port", Integer.toString(port));
        properties.put("mail.smtp.localhost", ourHost);
        properties.put("mail.smtp.auth", Boolean.toString(authenticates));
        properties.put("mail.smtp.ssl.enable", Boolean.toString(tls));
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        properties.put("mail.smtp.starttls.enable", "true");
        properties.put("mail.smtp.starttls.required",
            Boolean.toString(!tls && (port == SUBMISSION || trustNamed || authenticates && !thisMachine)));
        // Or a server whose certificate our sockets refuse would be tried again with Java's own, which may accept it.
        properties.put("mail.smtp.socketFactory.fallback", "false");
        properties.put("mail.smtp.connectiontimeout", Long.toString(waits.connection().toMillis()));
        properties.put("mail.smtp.timeout", Long.toString(waits.answer().toMillis()));
        properties.put("mail.smtp.writetimeout", Long.toString(waits.answer().toMillis()));
        properties.put("mail.smtp.quitwait", "false");
        return properties;
    }

    /// A connection, opened with the first e-mail and kept for the next ones. For one thread.
    final class Line implements AutoCloseable {
        private final TimedConnection connection = new TimedConnection(tls);
        private final Session session = session(connection, false);

        /// For addresses with other than ASCII characters before the `@`. It requires an extension (SMTPUTF8) of every
        /// server on the way, which many lack, so it is used only where needed.
        private final Session international = session(connection, true);
        private SMTPTransport transport;
        private Session connected;

        Outcome send(Queued queued, Letter letter) {
            MimeMessage mail;
            Address[] to;
            Session needed;
            try {
                to = new Address[] {recipient(queued.recipient())};
                needed = ascii(to[0]) && ascii(from) ? session : international;
                mail = mail(needed, queued, letter, to[0]);
            } catch (MessagingException e) {
                return new Outcome.Never(masked(e.getMessage()));
            }
            try (var limit = connection.limit(waits.attempt())) {
                return send(mail, to, needed, limit);
            }
        }

        private Outcome send(MimeMessage mail, Address[] to, Session needed, TimedConnection.Limit limit) {
            try {
                if (transport == null || connected != needed) {
                    close();
                    connect(needed);
                }
                // Without it, letters beyond ASCII would go out to a server that cannot know what they mean.
                if (needed == international && !transport.supportsExtension("SMTPUTF8")) {
                    return lacking(to[0]);
                }
                transport.sendMessage(mail, to);
                return new Outcome.Sent();
            } catch (MessagingException e) {
                var broken = transport == null || !transport.isConnected();
                close();
                return limit.reached() ? new Outcome.NotNow("the server took too long", true) : judged(e, broken);
            }
        }

        private Outcome lacking(Address to) {
            return ascii(to)
                ? new Outcome.NotNow("the mail server lacks SMTPUTF8, which the sender's address needs", true)
                : new Outcome.Never("the mail server lacks SMTPUTF8, which the part of the address before the @ needs");
        }

        private void connect(Session through) throws MessagingException {
            var fresh = new Patient(through);
            fresh.connect(user.orElse(null), password.orElse(null));
            transport = fresh;
            connected = through;
        }

        /// Waits longer for the verdict on an e-mail than for other answers.
        private final class Patient extends SMTPTransport {
            Patient(Session session) {
                super(session, new URLName("smtp", null, -1, null, null, null));
            }

            @Override
            protected void finishData() throws IOException, MessagingException {
                connection.patient(waits.verdict());
                super.finishData();
                connection.patient(waits.answer());
            }
        }

        @Override
        public void close() {
            if (transport != null) {
                try {
                    transport.close();
                } catch (MessagingException e) {
                    // It is no longer used either way.
                } finally {
                    transport = null;
                }
            }
        }
    }

    Line line() {
        return new Line();
    }

    private Session session(TimedConnection connection, boolean international) {
        var its = new Properties();
        its.putAll(properties);
        its.put("mail.smtp.socketFactory", connection.clear());
        its.put("mail.smtp.ssl.socketFactory", connection.tls());
        its.put("mail.mime.allowutf8", Boolean.toString(international));
        return Session.getInstance(its);
    }

    private static InternetAddress recipient(String email) throws AddressException {
        var address = new InternetAddress();
        address.setAddress(Email.mailed(email)
            .orElseThrow(() -> new AddressException("not an address that mail can go to")));
        address.validate();
        return address;
    }

    private static boolean ascii(Address address) {
        return ((InternetAddress) address).getAddress().chars().allMatch(c -> c < 0x80);
    }

    private MimeMessage mail(Session session, Queued queued, Letter letter, Address to) throws MessagingException {
        var id = "<%s@%s>".formatted(queued.id(), ourHost);
        var mail = new MimeMessage(session) {
            @Override
            protected void updateMessageID() throws MessagingException {
                setHeader("Message-ID", id); // the same at each attempt, so that a second copy can be recognised
            }
        };
        mail.setFrom(from);
        mail.setRecipient(Message.RecipientType.TO, to);
        mail.setSubject(letter.subject(), "UTF-8");
        mail.setSentDate(new Date());
        mail.setHeader("Auto-Submitted", "auto-generated");
        mail.setContent(new MimeMultipart("alternative", part(letter.text(), "plain"), part(letter.html(), "html")));
        mail.saveChanges();
        return mail;
    }

    private static MimeBodyPart part(String text, String subtype) throws MessagingException {
        var part = new MimeBodyPart();
        part.setText(text, "UTF-8", subtype);
        part.setHeader("Content-Transfer-Encoding", "quoted-printable");
        return part;
    }

    private Outcome judged(MessagingException e, boolean broken) {
        var code = 0;
        var aboutUs = false;
        var said = e.getMessage();
        for (Exception next = e; next != null; next = next instanceof MessagingException m ? m.getNextException()
            : null) {
            var reply = reply(next);
            if (reply > 0) {
                code = reply; // the last in the chain is about the address, the first about the whole
                said = next.getMessage();
                aboutUs = ABOUT_US.contains(code) || aboutSender(next);
            }
        }
        var why = masked(said);
        if (code >= 500 && code < 600 && !aboutUs) {
            return new Outcome.Never(why);
        }
        return new Outcome.NotNow(why, aboutUs || code == 0 && broken || e instanceof AuthenticationFailedException);
    }

    /// All e-mails have one sender: a server that refuses it refuses them all, until the setting is corrected.
    private static boolean aboutSender(Exception e) {
        return e instanceof SMTPSenderFailedException
            || e instanceof SMTPSendFailedException failed && failed.getReturnCode() >= 500
                && failed.getCommand() != null && failed.getCommand().startsWith("MAIL FROM");
    }

    private static int reply(Exception e) {
        return switch (e) {
            case SMTPAddressFailedException refused -> refused.getReturnCode();
            case SMTPSenderFailedException refused -> refused.getReturnCode();
            case SMTPSendFailedException refused -> refused.getReturnCode();
            default -> 0;
        };
    }

    /// A server may quote anything in its reply, the invitation link included: all that could be a token is masked.
    private String masked(String said) {
        var text = Letter.oneLine(said == null ? "no reason given" : said).replaceAll("[A-Za-z0-9_-]{40,}", "***");
        for (var secret : password.stream().filter(some -> !some.isEmpty()).toList()) {
            text = text.replace(secret, "***");
        }
        return text.length() > WHY_MAX ? text.substring(0, WHY_MAX) : text;
    }
}
