package roster.core.mail;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.base.db.Database;
import roster.base.work.Stop;
import roster.base.work.Wake;
import roster.base.work.Worker;
import roster.core.mail.Delivery.State;
import roster.core.mail.LetterSource.Draft;
import roster.core.mail.Outbox.Claim;
import roster.core.mail.Smtp.Outcome;

/// Sends queued e-mails in the background: no request ever waits for a mail server.
///
/// A letter is claimed in a short transaction, written and sent outside of any, and how that ended is noted in another.
/// A node that dies in between leaves a claim that runs out; the letter may then go out twice, with one `Message-ID`.
public final class Mailer {
    /// How long to wait for what.
    ///
    /// @param poll for letters that another node wrote, and after the mail server was found to be away
    /// @param first after the first attempt that failed
    /// @param longest between two attempts; each pause before it is four times the last
    public record Pauses(Duration poll, Duration first, Duration longest) {
        public static final Pauses STANDARD = new Pauses(Duration.ofSeconds(5), Duration.ofSeconds(5),
            Duration.ofHours(4));

        /// @param attempts that failed so far; a tenth more or less, so that letters do not come back all at once
        Duration after(int attempts) {
            var millis = Math.min(longest.toMillis(), first.toMillis() * Math.pow(4, attempts - 1));
            return Duration.ofMillis((long) (millis * ThreadLocalRandom.current().nextDouble(0.9, 1.1)));
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Mailer.class);

    /// A mail server takes its time over each letter; so many are on their way to it at once.
    private static final int THREADS = 4;

    /// How many letters are taken before the organisations that have any are looked for anew.
    private static final int ROUND = 50;

    /// Longer than one attempt can take: [Smtp.Waits#attempt] cuts it before.
    private static final Duration CLAIM = Duration.ofMinutes(15);

    private final Database db;
    private final Outbox outbox;
    private final Map<String, LetterSource> sources;
    private final Smtp smtp;
    private final SendRate sendRate;
    private final Pauses pauses;
    private final MeterRegistry meters;

    /// @param sources who writes the letters, by their kind
    /// @param sendRate of all letters of this node
    public Mailer(Database db, Outbox outbox, Map<String, LetterSource> sources, Smtp smtp, SendRate sendRate,
        Pauses pauses, MeterRegistry meters) {
        this.db = db;
        this.outbox = outbox;
        this.sources = Map.copyOf(sources);
        this.smtp = smtp;
        this.sendRate = sendRate;
        this.pauses = pauses;
        this.meters = meters;
    }

    /// What is being sent when the node stops may end; if it is broken off, it is tried again later.
    public Worker worker() {
        return new Worker("mailer", "Sends queued e-mails.", Wake.on(outbox.added(), "each new e-mail", pauses.poll()),
            THREADS, this::run, Optional.empty());
    }

    private void run(Stop stop) {
        try (var line = smtp.line()) {
            while (!stop.requested() && round(line, stop)) {
                // and again, on the same connection
            }
        }
    }

    /// Sends one letter of each organisation that has any, and again, so that none waits for another's thousands.
    ///
    /// @return whether there may be more to send at once
    private boolean round(Smtp.Line line, Stop stop) {
        var orgs = new ArrayDeque<>(db.read(outbox::orgsWithDueLetters));
        var turns = Math.max(ROUND, orgs.size());
        var any = false;
        for (var org = orgs.poll(); org != null && turns > 0 && sendRate.await(stop); org = orgs.poll(), turns--) {
            var next = org;
            var claim = db.note(tx -> outbox.claim(tx, next, CLAIM));
            if (claim.isPresent()) {
                any = true;
                orgs.add(org);
                if (!deliver(line, claim.get(), stop)) {
                    return false;
                }
            }
        }
        return any;
    }

    /// @return whether to go on: not while the mail server is away
    private boolean deliver(Smtp.Line line, Claim claim, Stop stop) {
        var outcome = attempted(line, claim);
        if (outcome.isEmpty()) {
            note(claim, State.DROPPED, Optional.of("no longer wanted"), Duration.ZERO, stop);
            return true;
        }
        switch (outcome.get()) {
            case Outcome.Sent() -> note(claim, State.SENT, Optional.empty(), Duration.ZERO, stop);
            case Outcome.Never(var why) -> note(claim, State.FAILED, Optional.of(why), Duration.ZERO, stop);
            case Outcome.NotNow(var why, var forAll) -> {
                var pause = pauses.after(claim.letter().attempts());
                if (claim.now().plus(pause).isBefore(claim.goodUntil())) {
                    note(claim, State.DEFERRED, Optional.of(why), pause, stop);
                } else {
                    note(claim, State.FAILED, Optional.of("gave up: " + why), Duration.ZERO, stop);
                }
                return !forAll;
            }
        }
        return true;
    }

    private Optional<Outcome> attempted(Smtp.Line line, Claim claim) {
        var queued = claim.letter();
        if (claim.overdue()) {
            return Optional.of(new Outcome.Never("gave up: " + queued.lastError().orElse("its time was over")));
        }
        Draft draft;
        try {
            draft = db.read(tx -> {
                var written = sources.get(queued.kind()).draft(tx, queued);
                // Asked afterwards: had it been sent again in between, two letters would bring the new link.
                return outbox.wanted(tx, queued) ? written : new Draft.Pointless();
            });
        } catch (RuntimeException e) {
            LOG.error("letter {} could not be written", queued.id(), e);
            return Optional.of(new Outcome.NotNow("it could not be written; the log says why", false));
        }
        return switch (draft) {
            case Draft.Written(var letter) -> Optional.of(line.send(queued, letter));
            case Draft.NotYet(var why) -> Optional.of(new Outcome.NotNow(why, false));
            case Draft.Pointless() -> Optional.empty();
        };
    }

    /// That a letter is out must be noted, or it goes out again: while the database is away it is tried again.
    private void note(Claim claim, State state, Optional<String> why, Duration pause, Stop stop) {
        var letter = claim.letter();
        meters.counter("roster.mail.letters", "outcome", state.text()).increment();
        LOG.atInfo().addKeyValue("org", letter.org()).addKeyValue("letter", letter.id())
            .addKeyValue("attempt", letter.attempts()).log("letter {}{}", state.text(),
                why.map(text -> ": " + text).orElse(""));
        var interrupted = Thread.interrupted(); // the note is worth the wait
        while (true) {
            try {
                db.note(tx -> {
                    outbox.note(tx, claim, state, why, pause);
                    return null;
                });
                break;
            } catch (RuntimeException e) {
                if (stop.requested() || interrupted) {
                    throw e;
                }
                LOG.warn("letter {}: its state could not be noted yet: {}", letter.id(), e.toString());
                interrupted = slept(pauses.poll());
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean slept(Duration time) {
        try {
            Thread.sleep(time);
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }
}
