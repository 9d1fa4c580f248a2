package roster.core.signin;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.base.work.Signal;
import roster.base.work.Stop;
import roster.base.work.Wake;
import roster.base.work.Worker;
import roster.model.Problem.LimitReached;
import roster.model.Refused;
import roster.model.User;

/// E-mails that visitors ask for. Whether there is one to send is found out after the answer, so that neither its content nor
/// its duration tells who has an account. Beyond the limits, the answer is the same and nothing is sent.
public final class LetterRequests {
    /// Links that administrators send to one user in an hour.
    static final int ADMINISTRATOR_MAX = 10;

    private static final int CLIENT_MAX = 20;
    private static final int ADDRESS_MAX = 3;
    private static final int ADDRESS_DAY_MAX = 10;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration PERIOD = Duration.ofMinutes(1);
    private static final int WAITING_MAX = 1000;

    /// How often a step is done at most, and the pause after one that the busy database refused: such times last for seconds.
    private static final int TRIES = 10;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(LetterRequests.class);

    private final Guesses guesses;
    private final Signal signal = new Signal();
    private final Queue<Step> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger asked = new AtomicInteger();

    /// @param first whether it is the first of its request
    private record Step(Runnable work, boolean first, int triesLeft) {
        private Step again() {
            return new Step(work, first, triesLeft - 1);
        }
    }

    LetterRequests(Guesses guesses) {
        this.guesses = guesses;
    }

    /// Counts a request of a client, and does the work soon if there were not too many: 20 an hour for one network. Work that the
    /// busy database refuses is done again, so it changes nothing but by its last statement, or leaves that to [#then]. If this
    /// node stops before, the work is not done.
    public void ask(InetAddress client, Runnable work) {
        if (mayAsk(client)) {
            if (asked.incrementAndGet() <= WAITING_MAX) {
                waiting.add(new Step(work, true, TRIES));
            } else {
                asked.decrementAndGet();
                LOG.warn("Too many e-mails are asked for: one is not sent");
            }
        }
        signal.ring();
    }

    /// Adds a further step to the work that runs. It is done again by itself, if need be.
    void then(Runnable work) {
        waiting.add(new Step(work, false, TRIES));
    }

    /// Counts a request of a client.
    public boolean mayAsk(InetAddress client) {
        return guesses.take("letters to " + Guesses.narrow(client), CLIENT_MAX, HOUR);
    }

    /// Counts an e-mail to an address: 3 an hour, 10 a day.
    ///
    /// @param address folded
    public boolean maySend(String address) {
        return guesses.take("letters of hour " + address, ADDRESS_MAX, HOUR)
            && guesses.take("letters of day " + address, ADDRESS_DAY_MAX, DAY);
    }

    /// Counts an e-mail that an administrator sends to a user. Separate from those that visitors ask for, which cannot use it up.
    ///
    /// @throws Refused with [LimitReached]
    void admit(User user) {
        if (!guesses.take("letters of administrators to " + user.org() + user.id(), ADMINISTRATOR_MAX, HOUR)) {
            var period = (int) HOUR.toSeconds();
            throw new Refused(new LimitReached("password-resets-per-user", ADMINISTRATOR_MAX, period, 0, period));
        }
    }

    Worker worker() {
        return new Worker("letter-requests", "Sends the e-mails that visitors ask for, where they are due.",
            Wake.on(signal, "a request", PERIOD), this::work);
    }

    private void work(Stop stop) {
        for (var next = waiting.poll(); next != null; next = stop.requested() ? null : waiting.poll()) {
            work(next, stop);
        }
    }

    private void work(Step step, Stop stop) {
        var again = false;
        try {
            step.work().run();
        } catch (Refused e) { // the database is busy
            again = step.triesLeft() > 1 && !stop.within(PAUSE);
            if (again) {
                waiting.add(step.again());
            } else {
                LOG.atWarn().addKeyValue("problem", e.problem()).log("An e-mail that was asked for is not sent");
            }
        } finally { // whatever becomes of it, it must not count for ever
            if (step.first() && !again) {
                asked.decrementAndGet();
            }
        }
    }
}
