package roster.core.key;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import roster.model.Id;
import roster.model.Problem.BadParameter;
import roster.model.Refused;
import roster.model.Text;
import roster.model.User;

/// Which keys of a kind to list, and in which order.
///
/// @param text substring of the name, letter case ignored, or an id
/// @param owner only theirs; of API keys, only those they made
public record KeyQuery(Optional<String> text, Optional<User.Id> owner, Use use, Sort sort, boolean descending) {
    /// The longest text, in characters.
    public static final int TEXT_MAX = 200;

    /// When keys were used last. A key that never was is not used for 90 days once it is as old as that.
    public enum Use {
        ANY("any", "true"),
        NOT_FOR_90_DAYS("90d", "COALESCE(k.last_used_at, k.created_at) < roster_now() - interval '90 days'"),
        NEVER("never", "k.last_used_at IS NULL");

        private final String word;
        private final String condition;

        Use(String word, String condition) {
            this.word = word;
            this.condition = condition;
        }

        /// Its name in addresses.
        public String word() {
            return word;
        }

        /// In SQL, of keys `k`.
        String condition() {
            return condition;
        }
    }

    /// Ties: by id.
    public enum Sort {
        NAME, LAST_USED_AT, CREATED_AT;

        /// Its name in addresses.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static boolean isTooLong(String text) {
        return Text.length(text) > TEXT_MAX;
    }

    /// The words in which addresses say it: `q`, `owner`, `use` and `sort`.
    ///
    /// @param sent the value of a word, if it was sent
    /// @throws Refused with [BadParameter] for a value that is none, and a text that is too long
    public static KeyQuery read(Function<String, Optional<String>> sent) {
        var text = sent.apply("q");
        if (text.filter(KeyQuery::isTooLong).isPresent()) {
            throw bad("q");
        }
        var owner = sent.apply("owner").map(id -> new User.Id(Id.parse(id).orElseThrow(() -> bad("owner"))));
        var use = sent.apply("use").orElse(Use.ANY.word);
        var sort = sent.apply("sort").orElse(Sort.NAME.word());
        var descending = sort.startsWith("-");
        var column = descending ? sort.substring(1) : sort;
        return new KeyQuery(text, owner,
            Stream.of(Use.values()).filter(one -> one.word.equals(use)).findFirst().orElseThrow(() -> bad("use")),
            Stream.of(Sort.values()).filter(one -> one.word().equals(column)).findFirst()
                .orElseThrow(() -> bad("sort")),
            descending);
    }

    private static Refused bad(String word) {
        return new Refused(new BadParameter(word));
    }

    /// What [#read] reads; without what is usual.
    public Map<String, String> words() {
        var words = new LinkedHashMap<String, String>();
        text.ifPresent(sought -> words.put("q", sought));
        owner.ifPresent(id -> words.put("owner", id.toString()));
        if (use != Use.ANY) {
            words.put("use", use.word);
        }
        if (sort != Sort.NAME || descending) {
            words.put("sort", (descending ? "-" : "") + sort.word());
        }
        return words;
    }
}
