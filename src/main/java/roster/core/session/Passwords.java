package roster.core.session;

import com.nulabinc.zxcvbn.Zxcvbn;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import roster.base.db.WriteTx;
import roster.base.secret.Argon2id;
import roster.base.source.Randomness;
import roster.base.fair.FairExecutor;
import roster.core.audit.AuditLog;
import roster.core.audit.AuditLog.Subject;
import roster.core.audit.Change;
import roster.core.user.UserLife;
import roster.model.Org;
import roster.model.Text;
import roster.model.User;

/// Passwords: their rules, and the SQL of the `passwords` table, which has Argon2id digests. Stored for sign-in, which
/// does not exist yet.
public final class Passwords implements UserLife, AutoCloseable {
    /// The shortest password, in characters (Unicode code points).
    public static final int LENGTH_MIN = 12;

    /// The longest password, in characters (Unicode code points): limits the work for one password.
    public static final int LENGTH_MAX = 200;

    /// On a scale of 0 to 4: 3 withstands 10^8 guesses.
    private static final int SCORE_MIN = 3;

    /// How much of a password is judged, in characters. A password whose beginning is hard to guess is hard to guess as a
    /// whole. Judging is slow where many characters could stand for letters (`4@8(`): 0.2 s for the worst 32, 1.3 s for 72.
    private static final int JUDGED_MAX = 32;

    private static final int WORDS_MAX = 40;
    private static final String BETWEEN = "[^\\p{L}\\p{N}]+";

    /// What became of a password that a user chose.
    public sealed interface Chosen {
        /// @param digest to be stored
        record Fit(String digest) implements Chosen {
            @Override
            public String toString() {
                return "Fit";
            }
        }

        /// @param why one sentence or more, for the user
        record Unfit(String why) implements Chosen {}

        /// The request was overtaken by another; no digest was made.
        record Pointless() implements Chosen {}
    }

    /// Loads its word lists when it is first asked.
    private static final class Judge {
        private static final Zxcvbn ZXCVBN = new Zxcvbn();
    }

    private final AuditLog audit;
    private final Randomness randomness;

    /// Separate from the digests, so that passwords that are slow to judge delay only the judging of others.
    private final FairExecutor judging = new FairExecutor("password-judging", 1);

    /// Two at once limit the memory to that of two digests, however many users choose a password at the same time.
    private final FairExecutor digests = new FairExecutor("password-digests", 2);

    public Passwords(AuditLog audit, Randomness randomness) {
        this.randomness = randomness;
        this.audit = audit;
    }

    /// What is wrong with the length or the characters of a password, if anything. Cheap: to be asked before [#choose],
    /// which makes others wait.
    public static Optional<String> faultAtSight(String typed) {
        return fault(prepared(typed));
    }

    /// Judges a password, and makes its digest if it is fit. Both take long and wait for the organisation's turn: never
    /// call it in a transaction, nor many times at once for one user.
    ///
    /// @param known what others know about the user: names and addresses, which make poor passwords
    /// @param stillWanted asked before the digest is made, to spare the work for requests that were overtaken
    /// @throws roster.model.Refused with Unavailable if its turn does not come soon
    public Chosen choose(Org.Id org, String typed, List<String> known, BooleanSupplier stillWanted) {
        var password = prepared(typed);
        var why = fault(password).or(() -> judging.await(org, () -> weakness(password, known)));
        if (why.isPresent()) {
            return new Chosen.Unfit(why.get());
        }
        return digests.await(org,
            () -> stillWanted.getAsBoolean() ? new Chosen.Fit(Argon2id.digest(password, randomness))
                : new Chosen.Pointless());
    }

    /// Stores a password, replacing an earlier one.
    public void set(WriteTx tx, User user, Chosen.Fit password) {
        tx.update("""
            INSERT INTO passwords (org_id, user_id, digest, set_at, version) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (org_id, user_id)
                DO UPDATE SET digest = excluded.digest, set_at = excluded.set_at, version = excluded.version
            """, tx.org(), user.id(), password.digest(), tx.now(), tx.version());
        audit.record(tx, "user.password_set", new Subject("user", user.id(), user.handle()),
            new Change(Map.of(), Map.of("password_set_at", tx.now().toString())));
    }

    @Override
    public Map<String, Object> anonymised(WriteTx tx, User user) {
        tx.update("DELETE FROM passwords WHERE org_id = ? AND user_id = ?", tx.org(), user.id());
        return Map.of();
    }

    /// One form for what keyboards type in different ways (RFC 8265, OpaqueString): normal form C, and every kind of blank
    /// is a space.
    static String prepared(String typed) {
        var prepared = new StringBuilder();
        Text.clean(typed).codePoints().map(c -> Character.getType(c) == Character.SPACE_SEPARATOR ? ' ' : c)
            .forEach(prepared::appendCodePoint);
        return prepared.toString();
    }

    private static Optional<String> fault(String password) {
        if (password.isEmpty()) {
            return Optional.of("Choose a password.");
        }
        if (Text.length(password) < LENGTH_MIN) {
            return Optional.of("This password is too short: it needs at least %d characters.".formatted(LENGTH_MIN));
        }
        if (Text.length(password) > LENGTH_MAX) {
            return Optional.of("This password is too long: it may have at most %d characters.".formatted(LENGTH_MAX));
        }
        return Text.oneLine(password) && Text.storable(password) ? Optional.empty()
            : Optional.of("This password has characters in it that cannot be typed.");
    }

    /// Why a password is too easy to guess, if it is.
    private static Optional<String> weakness(String password, List<String> known) {
        var judged = password.substring(0,
            password.offsetByCodePoints(0, Math.min(JUDGED_MAX, Text.length(password))));
        var strength = Judge.ZXCVBN.measure(judged, words(known));
        if (strength.getScore() >= SCORE_MIN) {
            return Optional.empty();
        }
        var feedback = strength.getFeedback();
        var why = new ArrayList<String>();
        why.add("This password is too easy to guess.");
        Optional.of(feedback.getWarning(Locale.ENGLISH)).filter(warning -> !warning.isBlank()).map(Passwords::sentence)
            .ifPresent(why::add);
        feedback.getSuggestions(Locale.ENGLISH).stream().map(Passwords::sentence).forEach(why::add);
        return Optional.of(String.join(" ", why));
    }

    private static String sentence(String text) {
        return text.endsWith(".") ? text : text + ".";
    }

    /// Each known text as a whole, the same without what separates its words, and its words.
    private static List<String> words(List<String> known) {
        Set<String> words = new LinkedHashSet<>();
        for (var text : known) {
            var lower = Text.folded(text);
            words.add(lower);
            words.add(lower.replaceAll(BETWEEN, ""));
            for (var word : lower.split(BETWEEN)) {
                if (word.length() > 2) {
                    words.add(word);
                }
            }
        }
        return words.stream().limit(WORDS_MAX).toList();
    }

    @Override
    public void close() {
        judging.close();
        digests.close();
    }
}
