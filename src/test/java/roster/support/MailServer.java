package roster.support;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/// A mail server for tests: GreenMail, and a [Relay] in front of it that can be told to refuse.
public final class MailServer implements AutoCloseable {

    private final GreenMail server =
        new GreenMail(new ServerSetup(0, ServerSetup.getLocalHostAddress(), ServerSetup.PROTOCOL_SMTP));
    private final Relay relay;

    public MailServer() {
        server.setUser("roster", "s3cret:p@ss");
        server.start();
        relay = new Relay(() -> server.getSmtp().getPort());
    }

    /// Its address, name and password in it.
    public String url() {
        return "smtp://roster:s3cret%3Ap%40ss@127.0.0.1:" + relay.port();
    }

    public Relay relay() {
        return relay;
    }

    /// Letters received so far for this address.
    public List<MimeMessage> letters(String recipient) {
        return Arrays.stream(server.getReceivedMessages()).filter(mail -> {
            try {
                return mail.getAllRecipients()[0].toString().equals(recipient);
            } catch (MessagingException e) {
                throw new IllegalStateException(e);
            }
        }).toList();
    }

    /// Waits for the first letter to this address.
    public MimeMessage letter(String recipient) {
        eventually(() -> !letters(recipient).isEmpty());
        return letters(recipient).getFirst();
    }

    /// The plain text of a letter, or its HTML.
    public static String part(MimeMessage mail, String type) {
        try {
            var parts = (Multipart) mail.getContent();
            for (int i = 0; i < parts.getCount(); i++) {
                BodyPart part = parts.getBodyPart(i);
                if (part.isMimeType(type)) {
                    return part.getContent().toString().replace("\r\n", "\n");
                }
            }
            throw new AssertionError("no part of type " + type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A letter as it came over the wire.
    public static String raw(MimeMessage mail) {
        try {
            var out = new ByteArrayOutputStream();
            mail.writeTo(out);
            return out.toString(StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The path of the link in a letter, from `/invitations/` on.
    public static String link(MimeMessage mail) {
        var text = part(mail, "text/plain");
        return text.substring(text.indexOf("/invitations/")).split("\\s", 2)[0];
    }

    public static void eventually(BooleanSupplier happened) {
        Await.until("what mail is to bring about", happened);
    }

    @Override
    public void close() {
        relay.close();
        server.stop();
    }
}
