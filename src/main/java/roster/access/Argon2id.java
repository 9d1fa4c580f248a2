package roster.access;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import roster.model.Problem.Unavailable;
import roster.model.Refused;

/// The digest of a password, made slow and heavy on purpose, and therefore made by few at once: however many people
/// send a password at one moment, it takes [#AT_ONCE] times [#MEMORY_KIB] of memory, and requests of others have
/// processors left. On threads of its own, as the work would hold up the carriers of virtual threads.
public final class Argon2id implements AutoCloseable {
    /// What OWASP's Password Storage Cheat Sheet asks for at least: 19 MiB, two passes, one lane.
    ///
    /// @see <a href="https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html">OWASP</a>
    static final int MEMORY_KIB = 19 << 10;
    static final int PASSES = 2;
    static final int LANES = 1;

    private static final int DIGEST_BYTES = 32;
    private static final int SALT_BYTES = 16;
    private static final int AT_ONCE = 2;

    /// Whoever comes when so many wait is asked to come again.
    private static final int WAITING_MAX = 500;
    private static final Duration WAIT = Duration.ofSeconds(15);

    private static final SecureRandom RANDOM = new SecureRandom();

    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(AT_ONCE, AT_ONCE, 30, TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(WAITING_MAX), Thread.ofPlatform().name("passwords-", 0).daemon().factory());

    public Argon2id() {
        threads.allowCoreThreadTimeOut(true);
    }

    /// The digest in Argon2's own text form, which names its parameters and holds a fresh salt. Slow: call it by
    /// [#inTurn].
    static String digest(String password) {
        var salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        return Argon2Function
            .getInstance(MEMORY_KIB, PASSES, LANES, DIGEST_BYTES, Argon2.ID, Argon2Function.ARGON2_VERSION_13)
            .hash(password.getBytes(StandardCharsets.UTF_8), salt).getResult();
    }

    /// Runs slow work when it is its turn, and waits for it. Never to be called in a transaction.
    ///
    /// @throws Refused with [Unavailable] if its turn does not come within 15 s, or too many wait already
    <T> T inTurn(Callable<T> work) {
        try {
            var running = threads.submit(work);
            try {
                return running.get(WAIT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                running.cancel(false); // nobody waits for it any more
                throw new Refused(new Unavailable(WAIT.toSeconds()));
            }
        } catch (RejectedExecutionException e) {
            throw new Refused(new Unavailable(WAIT.toSeconds()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refused(new Unavailable(1));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
