package roster.door.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.html.HtmlPage;
import roster.base.html.Site;
import roster.base.http.Handler;
import roster.base.http.Needs;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.secret.SecretFile;
import roster.base.source.Randomness;
import roster.core.mail.Letter;
import roster.core.mail.LetterSource;
import roster.core.mail.Outbox;
import roster.core.mail.Outbox.Queued;
import roster.model.Id;
import roster.model.Problem.NoSuchPath;
import roster.model.Refused;

/// `/mailbox/{token}`: shows e-mails on a local trial, where no mail server is configured. It shows those of the whole
/// installation, so its address holds a secret, and it answers only to the names of this machine, which defeats DNS
/// rebinding. Any other request gets the answer of an unknown path.
public final class Mailbox {
    /// An e-mail in the list.
    ///
    /// @param subject none if it has expired or was cancelled
    public record Line(UUID id, String recipient, String written, Optional<String> subject) {}

    /// @param path of the e-mails, relative to the list
    public record Lines(String path, List<Line> lines) {}

    /// @param letter none if it has expired or was cancelled
    public record Shown(UUID id, String recipient, String written, Optional<Letter> letter) {}

    private static final int NEWEST = 100;
    private static final int TOKEN_BYTES = 24;

    private final Database db;
    private final Outbox outbox;
    private final Map<String, LetterSource> sources;
    private final Site site;
    private final String token;

    /// @param token as [#token] has it
    public Mailbox(Database db, Outbox outbox, Map<String, LetterSource> sources, Site site, String token) {
        this.db = db;
        this.outbox = outbox;
        this.sources = Map.copyOf(sources);
        this.site = site;
        this.token = token;
    }

    /// The token of a data folder, created on first use, so that the address stays the same after a restart.
    public static String token(Path folder, Randomness randomness) {
        var file = tokenFile(folder);
        try {
            if (!Files.exists(file)) {
                SecretFile.write(file, randomness.hex(TOKEN_BYTES) + "\n");
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The file that holds the token of a data folder.
    public static Path tokenFile(Path folder) {
        return folder.resolve("mailbox-token");
    }

    /// Its path, token included.
    public String path() {
        return "/mailbox/" + token;
    }

    public void addTo(Routes routes) {
        routes.get("/mailbox/{token}", Needs.Simple.NOTHING, guarded(this::list));
        routes.get("/mailbox/{token}/{letter}", Needs.Simple.NOTHING, guarded(this::show));
        routes.get("/mailbox/{token}/{letter}/html", Needs.Simple.NOTHING, guarded(this::html));
    }

    private Handler guarded(Handler handler) {
        return site.meant(request -> {
            if (!MessageDigest.isEqual(bytes(request.pathText("token")), bytes(token))) {
                throw new Refused(new NoSuchPath());
            }
            return handler.handle(request);
        });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Response list(Request request) {
        List<Line> lines = db.read(tx -> outbox.newest(tx, NEWEST).stream()
            .map(queued -> new Line(queued.id(), queued.recipient(), written(queued),
                letter(tx, queued).map(Letter::subject)))
            .toList());
        return HtmlPage.answer(200, "web/mailbox/list.jte", new Lines(token, lines));
    }

    private Response show(Request request) {
        return HtmlPage.framing(200, "web/mailbox/email.jte", sought(request));
    }

    private Response html(Request request) {
        return sought(request).letter().map(letter -> HtmlPage.foreign(letter.html()))
            .orElseThrow(() -> new Refused(new NoSuchPath()));
    }

    private Shown sought(Request request) {
        return Id.parse(request.pathText("letter"))
            .flatMap(id -> db.read(tx -> outbox.find(tx, id).map(queued -> new Shown(id, queued.recipient(),
                written(queued), letter(tx, queued)))))
            .orElseThrow(() -> new Refused(new NoSuchPath()));
    }

    private Optional<Letter> letter(Tx tx, Queued queued) {
        return Optional.ofNullable(sources.get(queued.kind()))
            .flatMap(source -> source.draft(tx, queued).written());
    }

    private static String written(Queued queued) {
        return queued.createdAt().toString().substring(0, 19).replace('T', ' ') + " UTC";
    }
}
