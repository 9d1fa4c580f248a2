package roster.core.directory;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import roster.core.index.PeopleFilter;
import roster.core.index.PeopleFilter.Kind;
import roster.core.index.PeopleFilter.Seen;
import roster.core.index.PeopleQuery;
import roster.core.index.UserQuery.Sort;
import roster.model.Id;
import roster.model.Problem.BadParameter;
import roster.model.Refused;
import roster.model.Role;
import roster.model.User.Status;

/// The words in which addresses say which people to list: `q`, `status`, `role`, `kind`, `seen`, `mfa`, `added_from`,
/// `added_to` and `sort`. Several values are separated by commas.
public final class PeopleWords {
    /// The most values of one word.
    private static final int VALUES_MAX = 50;

    private static final String NONE = "none";
    private static final String NOT_FOR_90_DAYS = "90d";
    private static final String NO = "no";

    /// A day is this long, such as 2026-11-29: longer years are no days of users.
    private static final int DAY_LENGTH = 10;

    private static final List<Sort> SORTS = List.of(Sort.NAME, Sort.STATUS, Sort.LAST_SIGN_IN, Sort.CREATED_AT,
        Sort.MODIFIED_AT, Sort.EMAIL, Sort.TITLE);

    private final Function<String, Optional<String>> sent;
    private final UnaryOperator<String> names;

    private PeopleWords(Function<String, Optional<String>> sent, UnaryOperator<String> names) {
        this.sent = sent;
        this.names = names;
    }

    /// @param sent the value of a word, if it was sent
    /// @param usual the kind if none was sent
    /// @throws Refused with [BadParameter] for a value that is none, and a text that is too long
    public static PeopleQuery read(Function<String, Optional<String>> sent, Kind usual) {
        return read(sent, UnaryOperator.identity(), usual);
    }

    /// As above, where parameters have other names than the words.
    ///
    /// @param names the name of the parameter, by the word
    public static PeopleQuery read(Function<String, Optional<String>> sent, UnaryOperator<String> names, Kind usual) {
        return new PeopleWords(sent, names).query(usual);
    }

    private PeopleQuery query(Kind usual) {
        var text = sent("q");
        if (text.filter(PeopleQuery::isTooLong).isPresent()) {
            throw bad("q");
        }
        var sort = sent("sort").orElse("name");
        var descending = sort.startsWith("-");
        return new PeopleQuery(text, filter(usual), sort(descending ? sort.substring(1) : sort), descending);
    }

    private PeopleFilter filter(Kind usual) {
        var roles = new LinkedHashSet<>(values("role"));
        var withoutRoles = roles.remove(NONE);
        return new PeopleFilter(statuses(), roles(roles), withoutRoles, sent("kind").map(this::kind).orElse(usual),
            seen(), sent("mfa").map(this::withoutSecondFactor).orElse(false), day("added_from"), day("added_to"));
    }

    private Set<Status> statuses() {
        var statuses = EnumSet.noneOf(Status.class);
        values("status").forEach(value -> statuses.add(Status.parse(value).orElseThrow(() -> bad("status"))));
        return statuses;
    }

    private Set<Role.Id> roles(Collection<String> values) {
        var roles = new LinkedHashSet<Role.Id>();
        values.forEach(value -> roles.add(new Role.Id(Id.parse(value).orElseThrow(() -> bad("role")))));
        return roles;
    }

    private Kind kind(String value) {
        return Stream.of(Kind.values()).filter(kind -> word(kind).equals(value)).findFirst()
            .orElseThrow(() -> bad("kind"));
    }

    private Set<Seen> seen() {
        var seen = EnumSet.noneOf(Seen.class);
        values("seen").forEach(value -> seen.add(Stream.of(Seen.values()).filter(some -> word(some).equals(value))
            .findFirst().orElseThrow(() -> bad("seen"))));
        return seen;
    }

    private boolean withoutSecondFactor(String value) {
        if (!value.equals(NO)) {
            throw bad("mfa");
        }
        return true;
    }

    private Optional<LocalDate> day(String word) {
        return sent(word).map(value -> {
            try {
                if (value.length() != DAY_LENGTH) {
                    throw bad(word);
                }
                return LocalDate.parse(value);
            } catch (DateTimeException e) {
                throw bad(word);
            }
        });
    }

    private Sort sort(String value) {
        return SORTS.stream().filter(sort -> word(sort).equals(value)).findFirst().orElseThrow(() -> bad("sort"));
    }

    private List<String> values(String word) {
        var values = sent(word).map(list -> List.of(list.split(",", VALUES_MAX + 1))).orElse(List.of());
        if (values.size() > VALUES_MAX) {
            throw bad(word);
        }
        return values.stream().map(String::strip).toList();
    }

    private Optional<String> sent(String word) {
        return sent.apply(names.apply(word));
    }

    private Refused bad(String word) {
        return new Refused(new BadParameter(names.apply(word)));
    }

    /// The words of a query, in the order above and without those that say what is usual: equal queries have equal words.
    ///
    /// @param usual the kind that need not be said
    public static Map<String, String> of(PeopleQuery query, Kind usual) {
        var filter = query.filter();
        var roles = new ArrayList<String>();
        filter.roles().stream().map(Role.Id::toString).sorted().forEach(roles::add);
        if (filter.withoutRoles()) {
            roles.add(NONE);
        }
        var words = new LinkedHashMap<String, String>();
        query.text().ifPresent(text -> words.put("q", text));
        put(words, "status", filter.statuses().stream().sorted().map(PeopleWords::word).toList());
        put(words, "role", roles);
        if (filter.kind() != usual) {
            words.put("kind", word(filter.kind()));
        }
        put(words, "seen", filter.seen().stream().sorted().map(PeopleWords::word).toList());
        if (filter.withoutSecondFactor()) {
            words.put("mfa", NO);
        }
        filter.addedFrom().ifPresent(day -> words.put("added_from", day.toString()));
        filter.addedTo().ifPresent(day -> words.put("added_to", day.toString()));
        if (query.sort() != Sort.NAME || query.descending()) {
            words.put("sort", (query.descending() ? "-" : "") + word(query.sort()));
        }
        return words;
    }

    private static void put(Map<String, String> words, String word, List<String> values) {
        if (!values.isEmpty()) {
            words.put(word, String.join(",", values));
        }
    }

    private static String word(Enum<?> value) {
        return value == Seen.NOT_FOR_90_DAYS ? NOT_FOR_90_DAYS : value.name().toLowerCase(Locale.ROOT);
    }
}
