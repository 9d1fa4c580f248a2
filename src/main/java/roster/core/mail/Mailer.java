package roster.core.mail;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.base.db.Database;
import roster.base.work.DueRows;
import roster.base.work.DueTable.Claim;
import roster.base.work.Stop;
import roster.base.work.Wake;
import roster.base.work.Worker;
import roster.core.mail.Delivery.State;
import roster.core.mail.LetterSource.Draft;
import roster.core.mail.Outbox.Queued;

/// Sends queued e-mails in the background: no request ever waits for a mail server.
///
/// An e-mail whose sending was broken off may go out twice, with one `Message-ID`.
public final class Mailer {
    private static final Logger LOG = LoggerFactory.getLogger(Mailer.class);

    /// A mail server takes its time over each e-mail; so many are on their way to it at once.
    private static final int THREADS = 4;

    /// Longer than one attempt can take: [Smtp.Waits#attempt] cuts it before.
    static final Duration CLAIM = Duration.ofMinutes(15);

    private final Database db;
    private final Outbox outbox;
    private final Map<String, LetterSource> sources;
    private final Smtp smtp;
    private final SendRate sendRate;
    private final DueRows.Pauses pauses;
    private final MeterRegistry meters;
    private final DueRows<Queued> due;

    /// @param sources who writes the e-mails, by their kind
    /// @param sendRate of all e-mails of this node
    public Mailer(Database db, Outbox outbox, Map<String, LetterSource> sources, Smtp smtp, SendRate sendRate,
        DueRows.Pauses pauses, MeterRegistry meters) {
        this.db = db;
        this.outbox = outbox;
        this.sources = Map.copyOf(sources);
        this.smtp = smtp;
        this.sendRate = sendRate;
        this.pauses = pauses;
        this.meters = meters;
        this.due = new DueRows<>(db, Outbox.DUE, CLAIM, pauses, this::ended);
    }

    /// What is being sent when the node stops may end; if it is broken off, it is tried again later.
    public Worker worker() {
        return new Worker("mailer", "Sends queued e-mails.", Wake.on(outbox.added(), "each new e-mail", pauses.poll()),
            THREADS, this::run, Optional.empty());
    }

    private void run(Stop stop) {
        try (var line = smtp.line()) {
            due.run(stop, () -> sendRate.await(stop), claim -> attempt(line, claim.row()));
        }
    }

    private DueRows.Outcome attempt(Smtp.Line line, Queued queued) {
        return switch (draft(queued)) {
            case Draft.Written(var letter) -> switch (line.send(queued, letter)) {
                case Smtp.Outcome.Sent() -> new DueRows.Outcome.Ended(State.SENT.text(), Optional.empty());
                case Smtp.Outcome.Never(var why) -> new DueRows.Outcome.Ended(State.FAILED.text(), Optional.of(why));
                case Smtp.Outcome.NotNow(var why, var forAll) -> new DueRows.Outcome.Later(why, forAll);
            };
            case Draft.NotYet(var why) -> new DueRows.Outcome.Later(why, false);
            case Draft.Pointless() -> new DueRows.Outcome.Ended(State.DROPPED.text(),
                Optional.of("no longer wanted"));
        };
    }

    private Draft draft(Queued queued) {
        try {
            return db.read(tx -> {
                var written = sources.get(queued.kind()).draft(tx, queued);
                // Asked afterwards: had it been sent again in between, two e-mails would bring the new link.
                return outbox.wanted(tx, queued) ? written : new Draft.Pointless();
            });
        } catch (RuntimeException e) {
            LOG.error("e-mail {} could not be written", queued.id(), e);
            return new Draft.NotYet("it could not be written; the log says why");
        }
    }

    private void ended(Claim<Queued> claim, String state, Optional<String> why) {
        meters.counter("roster.mail.letters", "outcome", state).increment();
        LOG.atInfo().addKeyValue("org", claim.org()).addKeyValue("letter", claim.id())
            .addKeyValue("attempt", claim.attempts()).log("e-mail {}{}", state,
                why.map(text -> ": " + text).orElse(""));
    }
}
