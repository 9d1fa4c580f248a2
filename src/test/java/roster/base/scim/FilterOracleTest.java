package roster.base.scim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import roster.model.Problem.BadScim;
import roster.model.Refused;

/// Random filters, in all the ways to write them, against conditions in plain Java.
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FilterOracleTest {
    private static final List<String> WORDS = List.of("a", "B", "ab", "Ba", "AB", "b");
    private static final List<String> OPERATORS = List.of("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le");

    private record Email(String value, String type, Boolean primary) {}

    private record Person(String title, String externalId, boolean active, List<Email> emails) {
        Map<String, Object> resource() {
            var json = new LinkedHashMap<String, Object>();
            json.put("title", title);
            json.put("externalId", externalId);
            json.put("active", active);
            json.put("emails", emails.stream().map(email -> {
                var parts = new LinkedHashMap<String, Object>();
                parts.put("value", email.value());
                parts.put("type", email.type());
                parts.put("primary", email.primary());
                return parts;
            }).toList());
            return Attributes.of(json).values();
        }
    }

    /// A condition, and a way to write it.
    private record Condition<T>(String text, Predicate<T> meets) {}

    private final long seed = Long.getLong("roster.seed", System.nanoTime());
    private final Random random = new Random(seed);

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private String word() {
        return random.nextInt(4) == 0 ? null : one(WORDS);
    }

    private Person person() {
        return new Person(word(), word(), random.nextBoolean(), Stream.generate(() -> new Email(one(WORDS),
            random.nextBoolean() ? one(List.of("work", "home")) : null, one(List.of(true, false))))
            .limit(random.nextInt(3))
            .toList());
    }

    private String cased(String text) {
        return switch (random.nextInt(4)) {
            case 0 -> text.toUpperCase(Locale.ROOT);
            case 1 -> text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
            default -> text;
        };
    }

    private String value(String text) {
        return random.nextInt(3) == 0 ? text : "\"" + text + "\"";
    }

    private static boolean compares(String value, String operator, String with) {
        return switch (operator) {
            case "eq" -> value.equals(with);
            case "co" -> value.contains(with);
            case "sw" -> value.startsWith(with);
            case "ew" -> value.endsWith(with);
            case "gt" -> value.compareTo(with) > 0;
            case "ge" -> value.compareTo(with) >= 0;
            case "lt" -> value.compareTo(with) < 0;
            default -> value.compareTo(with) <= 0;
        };
    }

    /// A comparison of texts, of which something has none or some.
    private <T> Condition<T> text(String name, boolean exact, Function<T, List<String>> values) {
        if (random.nextInt(5) == 0) {
            return switch (random.nextInt(3)) {
                case 0 -> new Condition<>(cased(name) + " " + cased("pr"), it -> !values.apply(it).isEmpty());
                case 1 -> new Condition<>(name + " eq null", it -> values.apply(it).isEmpty());
                default -> new Condition<>(name + " NE null", it -> !values.apply(it).isEmpty());
            };
        }
        var operator = one(OPERATORS);
        var typed = one(WORDS);
        var with = exact ? typed : typed.toLowerCase(Locale.ROOT);
        Predicate<T> some = it -> values.apply(it).stream().map(text -> exact ? text : text.toLowerCase(Locale.ROOT))
            .anyMatch(text -> compares(text, operator.equals("ne") ? "eq" : operator, with));
        return new Condition<>(cased(name) + " " + cased(operator) + " " + value(typed),
            operator.equals("ne") ? some.negate() : some);
    }

    private <T> Condition<T> flag(String name, Predicate<T> isTrue) {
        var with = random.nextBoolean();
        var not = random.nextBoolean();
        return new Condition<>(cased(name) + (not ? " ne " : " eq ") + value(cased(Boolean.toString(with))),
            it -> isTrue.test(it) == with != not);
    }

    private Condition<Email> part() {
        return switch (random.nextInt(3)) {
            case 0 -> text("value", false, email -> List.of(email.value()));
            case 1 -> text("type", false, email -> Stream.ofNullable(email.type()).toList());
            default -> flag("primary", Email::primary);
        };
    }

    private Condition<Person> term() {
        return switch (random.nextInt(7)) {
            case 0 -> text("title", false, person -> Stream.ofNullable(person.title()).toList());
            case 1 -> text("externalId", true, person -> Stream.ofNullable(person.externalId()).toList());
            case 2 -> flag("active", Person::active);
            case 3 -> text(random.nextBoolean() ? "emails" : "emails.value", false,
                person -> person.emails().stream().map(Email::value).toList());
            case 4 -> text("emails.type", false, person -> person.emails().stream().map(Email::type)
                .filter(type -> type != null).toList());
            case 5 -> {
                var inside = tree(2, this::part);
                yield new Condition<>("emails[" + inside.text() + "]",
                    person -> person.emails().stream().anyMatch(inside.meets()));
            }
            default -> {
                var inside = tree(1, this::part);
                var value = this.<Person>text("emails[%s].value".formatted(inside.text()), false,
                    person -> person.emails().stream().filter(inside.meets()).map(Email::value).toList());
                // The case of the whole text was changed, that of values within too.
                yield value.text().startsWith("emails[" + inside.text() + "]") ? value : term();
            }
        };
    }

    private <T> Condition<T> tree(int depth, Supplier<Condition<T>> leaf) {
        if (depth == 0 || random.nextInt(3) == 0) {
            return leaf.get();
        }
        var some = Stream.generate(() -> tree(depth - 1, leaf)).limit(2 + random.nextInt(2)).toList();
        return switch (random.nextInt(4)) {
            case 0 ->
                new Condition<>(cased("not") + " (" + some.getFirst().text() + ")", some.getFirst().meets().negate());
            case 1 -> new Condition<>("(" + joined(some, "or") + ")",
                it -> some.stream().anyMatch(one -> one.meets().test(it)));
            case 2 -> new Condition<>("( " + joined(some, "and") + " )",
                it -> some.stream().allMatch(one -> one.meets().test(it)));
            default -> precedence(leaf);
        };
    }

    /// Without parentheses, `and` comes before `or`.
    private <T> Condition<T> precedence(Supplier<Condition<T>> leaf) {
        var text = new StringBuilder("(");
        var all = new ArrayList<List<Condition<T>>>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            var both = Stream.generate(leaf).limit(1 + random.nextInt(3)).toList();
            text.append(all.isEmpty() ? "" : " " + cased("or") + " ").append(joined(both, "and"));
            all.add(both);
        }
        return new Condition<>(text + ")",
            it -> all.stream().anyMatch(both -> both.stream().allMatch(one -> one.meets().test(it))));
    }

    private <T> String joined(List<Condition<T>> some, String word) {
        return String.join(" " + cased(word) + " ", some.stream().map(Condition::text).toList());
    }

    @Test
    void a_filter_means_what_it_says() {
        var met = 0;
        for (int round = 0; round < 30_000; round++) {
            var condition = tree(3, this::term);
            var person = person();
            var meets = condition.meets().test(person);
            assertThat(Filter.parse(ResourceType.USER, condition.text()).matches(person.resource()))
                .as("%s of %s, seed %d", condition.text(), person, seed).isEqualTo(meets);
            met += meets ? 1 : 0;
        }
        assertThat(met).isBetween(5_000, 25_000);
    }

    @Test
    void any_text_is_read_or_refused() {
        var pieces = List.of("userName", "eq", "\"", "\\", "(", ")", "[", "]", " ", "and", "not", "emails", ".value",
            "urn:", ":", "null",
            "true", "'", "é", "\u0000", "pr", "\\u00e", "😀");
        var read = 0;
        for (int round = 0; round < 50_000; round++) {
            var text = new StringBuilder(round % 2 == 0 ? "userName pr" : "");
            for (int i = random.nextInt(8); i > 0; i--) {
                text.append(random.nextBoolean() ? " " : "").append(one(pieces));
            }
            try {
                if (random.nextBoolean()) {
                    AttributePath.parse(ResourceType.USER, text.toString());
                }
                Filter.parse(ResourceType.USER, text.toString());
                read++;
            } catch (Refused refused) {
                assertThat(refused.problem()).as("%s, seed %d", text, seed).isInstanceOf(BadScim.class);
            }
        }
        assertThat(read).isBetween(500, 25_000);
    }
}
