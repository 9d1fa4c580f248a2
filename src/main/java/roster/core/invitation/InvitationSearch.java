package roster.core.invitation;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import roster.core.index.InvitationQuery.Sort;
import roster.core.index.InvitationRequest.Filter;
import roster.model.Id;
import roster.model.Problem.BadParameter;
import roster.model.Refused;
import roster.model.Text;
import roster.model.User;

/// Which invitations to list, and in which order. Two equal ones are the same list, whatever the page.
///
/// @param text part of the address; or the id of an invitation, or of the user who is invited
/// @param fates only those that got so far; empty: all
/// @param sender only those that this user sent
/// @param sentFrom only those that were made on this day or later
/// @param endingSoon only those that end within a day
public record InvitationSearch(Optional<String> text, Set<Fate> fates, Optional<User.Id> sender,
    Optional<LocalDate> sentFrom, boolean endingSoon, Sort sort, boolean descending) {
    /// The longest text, in characters.
    public static final int TEXT_MAX = 200;

    private static final Duration SOON = Duration.ofDays(1);
    private static final String SOON_WORD = "1d";
    private static final String OPEN = "open";

    /// A day is this long, such as 2026-11-29: longer years are no days of invitations.
    private static final int DAY_LENGTH = 10;

    private static final Map<Sort, String> SORTS = new LinkedHashMap<>();
    static {
        SORTS.put(Sort.CREATED_AT, "sent");
        SORTS.put(Sort.EXPIRES_AT, "expires");
        SORTS.put(Sort.EMAIL, "address");
    }

    public InvitationSearch {
        fates = Set.copyOf(fates);
    }

    public static boolean isTooLong(String text) {
        return Text.length(text) > TEXT_MAX;
    }

    /// The words in which addresses say it: `q`, `state`, `sender`, `sent_from`, `expires` and `sort`. States are separated by
    /// commas; `open` is all of those that can be accepted.
    ///
    /// @param sent the value of a word, if it was sent
    /// @throws Refused with [BadParameter] for a value that is none, and a text that is too long
    public static InvitationSearch read(Function<String, Optional<String>> sent) {
        var text = sent.apply("q");
        if (text.filter(InvitationSearch::isTooLong).isPresent()) {
            throw bad("q");
        }
        var sort = sent.apply("sort").orElse("-sent");
        var descending = sort.startsWith("-");
        var word = descending ? sort.substring(1) : sort;
        return new InvitationSearch(text, sent.apply("state").map(InvitationSearch::fates).orElse(Set.of()),
            sent.apply("sender").map(id -> new User.Id(Id.parse(id).orElseThrow(() -> bad("sender")))),
            sent.apply("sent_from").map(InvitationSearch::day), sent.apply("expires").map(InvitationSearch::soon)
                .orElse(false),
            SORTS.entrySet().stream().filter(one -> one.getValue().equals(word)).map(Map.Entry::getKey).findFirst()
                .orElseThrow(() -> bad("sort")),
            descending);
    }

    private static Set<Fate> fates(String words) {
        var fates = EnumSet.noneOf(Fate.class);
        for (var word : words.split(",", Fate.values().length + 2)) {
            if (word.equals(OPEN)) {
                fates.addAll(Fate.OPEN);
            } else {
                fates.add(Stream.of(Fate.values()).filter(fate -> fate.word().equals(word)).findFirst()
                    .orElseThrow(() -> bad("state")));
            }
        }
        return fates.size() == Fate.values().length ? Set.of() : fates;
    }

    private static LocalDate day(String value) {
        try {
            if (value.length() != DAY_LENGTH) {
                throw bad("sent_from");
            }
            return LocalDate.parse(value);
        } catch (DateTimeException e) {
            throw bad("sent_from");
        }
    }

    private static boolean soon(String value) {
        if (!value.equals(SOON_WORD)) {
            throw bad("expires");
        }
        return true;
    }

    private static Refused bad(String word) {
        return new Refused(new BadParameter(word));
    }

    /// What [#read] reads; without what is usual.
    public Map<String, String> words() {
        var words = new LinkedHashMap<String, String>();
        text.ifPresent(sought -> words.put("q", sought));
        if (!fates.isEmpty()) {
            words.put("state", statesWord());
        }
        sender.ifPresent(id -> words.put("sender", id.toString()));
        sentFrom.ifPresent(day -> words.put("sent_from", day.toString()));
        if (endingSoon) {
            words.put("expires", SOON_WORD);
        }
        if (sort != Sort.CREATED_AT || !descending) {
            words.put("sort", (descending ? "-" : "") + SORTS.get(sort));
        }
        return words;
    }

    private String statesWord() {
        var all = fates.containsAll(Fate.OPEN);
        return Stream.concat(all ? Stream.of(OPEN) : Stream.empty(), fates.stream().sorted()
            .filter(fate -> !all || !Fate.OPEN.contains(fate)).map(Fate::word)).collect(Collectors.joining(","));
    }

    /// All conditions but that on the state.
    ///
    /// @param zone in which days begin
    Filter filter(ZoneId zone, Instant now) {
        return new Filter(text, sender, sentFrom.map(day -> day.atStartOfDay(zone).toInstant()),
            endingSoon ? Optional.of(now.plus(SOON)) : Optional.empty());
    }

    /// The word of a sort.
    public static String word(Sort sort) {
        return SORTS.get(sort);
    }
}
