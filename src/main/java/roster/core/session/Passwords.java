package roster.core.session;

import com.nulabinc.zxcvbn.Zxcvbn;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.base.secret.Argon2id;
import roster.base.secret.Purpose;
import roster.base.secret.Secrets;
import roster.base.settings.Parsers;
import roster.base.settings.Setting;
import roster.base.settings.Settings;
import roster.base.fair.FairExecutor;
import roster.core.audit.AuditLog;
import roster.core.audit.Change;
import roster.core.notice.AccountNotice;
import roster.core.notice.Notices;
import roster.core.user.UserLife;
import roster.core.user.Users;
import roster.model.Org;
import roster.model.Text;
import roster.model.User;

/// Passwords: their rules, and the SQL of the `passwords` table, which has Argon2id digests. Each organisation
/// has its own; digests of one address share a salt, so that one computation is compared with all of them.
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

    /// A password of a user who could sign in by it.
    ///
    /// @param version of its row
    public record Candidate(Org.Id org, User.Id user, String digest, long version) {
        @Override
        public String toString() {
            return "Candidate[" + user + "]";
        }
    }

    /// Half of the processors, at least one.
    public static final Setting<Integer> THREADS = Setting.of("ROSTER_PASSWORD_THREADS",
        "Passwords that are digested at the same time, 1 to 64: each takes 19 MiB of memory and a processor",
        Passwords::threads).derived("half the processors");

    public static final Setting<BreachedPasswords> BREACHED = Setting.of("ROSTER_BREACHED_PASSWORDS_FILE",
        "File of SHA-1 digests of passwords that may not be chosen, sorted, one a line, as public lists of breached "
            + "passwords have them",
        name -> BreachedPasswords.in(Parsers.path(name))).derived("none");

    /// Digests that may wait for a thread, and for how long.
    private static final int WAITING_MAX = 200;
    private static final Duration WAIT = Duration.ofSeconds(5);

    private final AuditLog audit;
    private final SignInPointers pointers;
    private final Notices notices;
    private final Optional<BreachedPasswords> breached;
    private final Purpose salts;

    /// Separate from the digests, so that passwords that are slow to judge delay only the judging of others.
    private final FairExecutor judging = new FairExecutor("password-judging", 1);

    /// Few at once limit the memory, however many users sign in or choose a password at the same time.
    private final FairExecutor digests;

    public Passwords(AuditLog audit, SignInPointers pointers, Notices notices, Secrets secrets,
        Settings settings) {
        this.audit = audit;
        this.pointers = pointers;
        this.notices = notices;
        this.breached = settings.get(BREACHED);
        this.salts = secrets.purpose("password salts");
        this.digests = new FairExecutor("password-digests",
            settings.get(THREADS).orElse(Math.max(1, Runtime.getRuntime().availableProcessors() / 2)), WAITING_MAX,
            WAIT);
    }

    private static int threads(String text) {
        if (!text.matches("[1-9]|[1-5][0-9]|6[0-4]")) {
            throw new IllegalArgumentException("expected a number from 1 to 64");
        }
        return Integer.parseInt(text);
    }

    /// What is wrong with the length or the characters of a password, if anything. Cheap: to be asked before [#choose],
    /// which makes others wait.
    public static Optional<String> faultAtSight(String typed) {
        return fault(prepared(typed));
    }

    /// Judges a password, and makes its digest if it is fit. Both take long and wait for the organisation's turn: never
    /// call it in a transaction, nor many times at once for one user.
    ///
    /// @param address of the user
    /// @param known what others know about the user: names and addresses, which make poor passwords
    /// @param stillWanted asked before the digest is made, to spare the work for requests that were overtaken
    /// @throws roster.model.Refused with Unavailable if its turn does not come soon
    public Chosen choose(Org.Id org, String address, String typed, List<String> known, BooleanSupplier stillWanted) {
        var password = prepared(typed);
        var why = fault(password).or(() -> breach(password))
            .or(() -> judging.await(org, () -> weakness(password, known)));
        if (why.isPresent()) {
            return new Chosen.Unfit(why.get());
        }
        return digests.await(org,
            () -> stillWanted.getAsBoolean() ? new Chosen.Fit(Argon2id.digest(password, salt(address)))
                : new Chosen.Pointless());
    }

    private byte[] salt(String address) {
        return Arrays.copyOf(salts.hash(address), Argon2id.SALT_BYTES);
    }

    /// Which of some passwords was typed, by one computation however many there are, also for none. Takes long, and waits
    /// for the client's turn: never call it in a transaction.
    ///
    /// @param whom the client's network
    /// @param address as it was typed, folded
    /// @param candidates those whose digests have another salt than the address count only if `alone`
    /// @param alone whether they are of one organisation, on its own page
    /// @throws roster.model.Refused with Unavailable if its turn does not come soon
    public List<Candidate> matching(Object whom, String address, String typed, List<Candidate> candidates,
        boolean alone) {
        var password = prepared(typed);
        var like = alone ? candidates.stream().findFirst() : Optional.<Candidate>empty();
        var digest = digests.await(whom, () -> like.isPresent() ? Argon2id.digestLike(like.get().digest(), password)
            : Argon2id.digest(password, salt(address)));
        return candidates.stream().filter(one -> Argon2id.same(one.digest(), digest)).toList();
    }

    /// The digest of a password that was right, made anew if it has an earlier form or another salt than its address.
    public Optional<Chosen.Fit> remade(Object whom, String address, String typed, Candidate matched) {
        return Argon2id.isMadeWith(matched.digest(), salt(address)) ? Optional.empty()
            : Optional.of(new Chosen.Fit(
                digests.await(whom, () -> Argon2id.digest(prepared(typed), salt(address)))));
    }

    /// Passwords of people who have or had an address, in all organisations or one.
    public List<Candidate> candidates(Tx tx, String address, Optional<Org.Id> only) {
        return pointers.find(tx, address, only);
    }

    /// The user's own password.
    public Optional<Candidate> of(Tx tx, User user) {
        return tx.query("SELECT org_id, user_id, digest, version FROM passwords WHERE org_id = ? AND user_id = ?",
            user.org(), user.id()).optional(SignInPointers::candidate);
    }

    /// When the user's password was set, if they have one.
    public Optional<Instant> setAt(Tx tx, User user) {
        return tx.query("SELECT set_at FROM passwords WHERE org_id = ? AND user_id = ?", user.org(), user.id())
            .optional(row -> row.instant("set_at"));
    }

    /// The version of the row of a user's password.
    Optional<Long> version(Tx tx, Org.Id org, User.Id user) {
        return versionLater(tx, org, user).get();
    }

    /// The same, asked for with the statement that follows.
    Supplier<Optional<Long>> versionLater(Tx tx, Org.Id org, User.Id user) {
        return tx.laterOptional(row -> row.number("version"),
            "SELECT version FROM passwords WHERE org_id = ? AND user_id = ?", org, user);
    }

    /// Stores a password, replacing an earlier one.
    public void set(WriteTx tx, User user, Chosen.Fit password) {
        store(tx, user, password);
        audit.record(tx, "user.password_set", Users.subject(user),
            new Change(Map.of(), Map.of("password_set_at", tx.now().toString())));
    }

    /// Stores another password that the user chose for themselves, and tells them.
    public void change(WriteTx tx, User user, Chosen.Fit password) {
        store(tx, user, password);
        audit.record(tx, "password.changed", Users.subject(user),
            new Change(Map.of(), Map.of("password_set_at", tx.now().toString())));
        notices.tell(tx, user, AccountNotice.PASSWORD_SET, Optional.empty());
    }

    /// Stores a password that the user chose by a link that was sent to them, and tells them.
    public void reset(WriteTx tx, User user, Chosen.Fit password) {
        store(tx, user, password);
        audit.record(tx, "password.reset", Users.subject(user),
            new Change(Map.of(), Map.of("password_set_at", tx.now().toString())));
        notices.tell(tx, user, AccountNotice.PASSWORD_SET, Optional.empty());
    }

    /// Stores another digest of the same password.
    public void remake(WriteTx tx, User user, Chosen.Fit password) {
        tx.update("UPDATE passwords SET digest = ?, version = ? WHERE org_id = ? AND user_id = ?", password.digest(),
            tx.version(), tx.org(), user.id());
    }

    private void store(WriteTx tx, User user, Chosen.Fit password) {
        pointers.add(tx, user);
        tx.update("""
            INSERT INTO passwords (org_id, user_id, digest, set_at, version) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (org_id, user_id)
                DO UPDATE SET digest = excluded.digest, set_at = excluded.set_at, version = excluded.version
            """, tx.org(), user.id(), password.digest(), tx.now(), tx.version());
    }

    @Override
    public void addressChanged(WriteTx tx, User user, Optional<String> left) {
        if (version(tx, tx.org(), user.id()).isPresent()) {
            pointers.add(tx, user);
        }
    }

    @Override
    public void addressRespelled(WriteTx tx, User user, String before) {
        addressChanged(tx, user, Optional.empty());
    }

    @Override
    public void deprovisioned(WriteTx tx, User user) {
        anonymised(tx, user);
    }

    @Override
    public Map<String, Object> anonymised(WriteTx tx, User user) {
        tx.update("DELETE FROM passwords WHERE org_id = ? AND user_id = ?", tx.org(), user.id());
        pointers.remove(tx, user);
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

    private Optional<String> breach(String password) {
        return breached.filter(file -> file.has(password)).map(
            _ -> "This password was found in a breach of another service: attackers try it first. Choose another one.");
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
