package roster.door.web.console;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.base.db.Tx;
import roster.base.html.HtmlPage;
import roster.base.http.Needs;
import roster.base.http.Response;
import roster.core.mail.Letter;
import roster.core.mail.LetterSource;
import roster.core.mail.Outbox.Queued;
import roster.core.mail.Outbox;
import roster.model.Id;
import roster.model.Permission;
import roster.model.Problem.NotFound;
import roster.model.Refused;

/// `/console/mailbox`: the e-mails of the organisation, on a local trial, where no mail server is set. Their links work as they
/// do for those they are for.
public final class MailboxPages {
    static final String PATH = "/console/mailbox";
    static final String LETTER = PATH + "/{letter}";

    /// What the page of an e-mail frames.
    static final String HTML = LETTER + "/letter.html";

    private static final int NEWEST = 100;

    private final Outbox outbox;
    private final Map<String, LetterSource> sources;

    /// @param sources who writes e-mails, by their kind
    MailboxPages(Outbox outbox, Map<String, LetterSource> sources) {
        this.outbox = outbox;
        this.sources = Map.copyOf(sources);
    }

    /// @param subject none: what it was about has expired, was cancelled, or is done
    public record Line(Optional<String> subject, String recipient, Times.Shown made, String href) {}

    public record Letters(Shell shell, String heading, List<Line> lines, Optional<String> invite) {}

    /// A part of a line of text.
    ///
    /// @param href none: it is no link
    public record Part(String text, Optional<String> href) {}

    /// @param lines of its text; empty: it is not to be sent any more
    /// @param html what is framed
    public record Page(Shell shell, Back back, String subject, String recipient, Times.Shown made, List<Part> lines,
        Optional<String> html) {}

    void addTo(Console.Pages pages) {
        var manage = Needs.sessionOf(Permission.USER_ACCESS_MANAGE);
        pages.get(PATH, manage, this::list).get(LETTER, manage, this::show).get(HTML, manage, this::html);
    }

    private Response list(Visit visit) {
        visit.viewer(); // a read of its own, before the next
        var lines = visit.read(tx -> outbox.newest(tx, visit.caller().org(), NEWEST).stream()
            .map(queued -> new Line(letter(tx, queued).map(Letter::subject), queued.recipient(),
                visit.times().brief(queued.createdAt()), visit.link().to(LETTER, queued.id()).orElseThrow()))
            .toList());
        return visit.page("web/console/mailbox.jte", new Letters(visit.shell(Section.MAILBOX, "Mailbox"),
            lines.size() == NEWEST ? "The newest " + NEWEST + " emails" : Words.counted(lines.size(), "email"), lines,
            visit.link().to("/console/invite")));
    }

    private Optional<Letter> letter(Tx tx, Queued queued) {
        return Optional.ofNullable(sources.get(queued.kind())).flatMap(source -> source.draft(tx, queued).written());
    }

    /// @param letter none if it is not to be sent any more
    private record Found(Queued queued, Optional<Letter> letter) {}

    private Found found(Visit visit) {
        var sent = visit.request().pathText("letter");
        return Id.parse(sent).flatMap(id -> visit.read(tx -> outbox.find(tx, visit.caller().org(), id)
            .map(queued -> new Found(queued, letter(tx, queued)))))
            .orElseThrow(() -> new Refused(new NotFound(sent + " not found")));
    }

    private Response show(Visit visit) {
        var found = found(visit);
        var subject = found.letter().map(Letter::subject).orElse("Expired, cancelled or done");
        return visit.framing("web/console/letter.jte", new Page(visit.shell(Section.MAILBOX, subject),
            new Back(visit.link().to(PATH).orElseThrow(), "Mailbox"), subject, found.queued().recipient(),
            visit.times().full(found.queued().createdAt()),
            found.letter().map(letter -> letter.text().lines().map(MailboxPages::part).toList()).orElse(List.of()),
            found.letter().flatMap(_ -> visit.link().to(HTML, found.queued().id()))));
    }

    /// Links stand on lines of their own.
    private static Part part(String line) {
        return new Part(line, line.startsWith("http://") || line.startsWith("https://") ? Optional.of(line)
            : Optional.empty());
    }

    private Response html(Visit visit) {
        return found(visit).letter().map(letter -> HtmlPage.foreign(letter.html()))
            .orElseThrow(() -> new Refused(new NotFound("the e-mail is not to be sent any more")));
    }
}
