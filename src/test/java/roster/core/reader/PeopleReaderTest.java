package roster.core.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import roster.core.reader.PeopleReader.People;
import roster.core.reader.PeopleReader.TooLong;
import roster.core.reader.PeopleReader.TooManyLines;
import roster.model.Email;

/// What holds of whatever is pasted. `-Droster.seed=` repeats a run.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PeopleReaderTest {
    private static final long SEED = Long.getLong("roster.seed", System.nanoTime());
    private static final String ALPHABET =
        "aAbz09@@@@..,,;;<>()[]{}\"\"''  \t\n\r|:-_+*?/\\&=\u00a0\u200b\u200d\ufefféß“”«\u202e\0漢😀";
    private static final List<String> WORDS =
        List.of("email", "name", "roles", "mailto:", "To:", "ann@x.example", "@", "\n",
            ",", ";", "\t", "\"", " <", ">", "Lee, Ann", "sep=;\n", "bob@y", ",com", "1. ", "(", ")");

    /// Of texts that would take minutes if the time grew with the square of it.
    private static final int LENGTH = PastedText.MAX / 4;

    private final Random random = new Random(SEED);

    private String text(int length) {
        var text = new StringBuilder();
        while (text.length() < length) {
            if (random.nextInt(3) == 0) {
                text.append(WORDS.get(random.nextInt(WORDS.size())));
            } else {
                text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
            }
        }
        return text.toString();
    }

    @Test
    void any_text_is_read_and_only_addresses_are_taken_for_such() {
        for (int i = 0; i < 5_000; i++) {
            var text = text(random.nextInt(200));
            var lines = ((People) PeopleReader.read(text)).lines();
            assertThat(lines.stream().map(PastedLine::number)).as("seed %d: %s", SEED, text)
                .isEqualTo(IntStream.rangeClosed(1, lines.size()).boxed().toList());
            for (var line : lines) {
                assertThat(line.email().isPresent()).as(text).isNotEqualTo(line.fault().isPresent());
                assertThat(line.email().flatMap(Email::folded).isPresent()).as(text)
                    .isEqualTo(line.email().isPresent());
                assertThat(line.source()).as(text).doesNotContainPattern("[\\x00-\\x08\\n\\r]").isNotBlank();
            }
        }
    }

    /// As where what is to be mended waits in the field: of lines that are written as programs write them.
    @Test
    void what_was_read_is_read_alike_again() {
        for (int i = 0; i < 500; i++) {
            var text = IntStream.range(0, 1 + random.nextInt(8)).mapToObj(number -> written(someone(number), '\n'))
                .collect(Collectors.joining("\n"));
            for (var line : ((People) PeopleReader.read(text)).lines()) {
                // Not as the first line, which may name columns.
                var again = ((People) PeopleReader.read("first@x.example\n" + line.source())).lines();
                assertThat(again.stream().map(PastedLine::email)).as("seed %d: %s: %s", SEED, text, line)
                    .containsExactly(Optional.of("first@x.example"), line.email());
            }
        }
    }

    private record Someone(String first, String last, String email) {}

    private Someone someone(int number) {
        var first = List.of("Ann", "Jörg", "Zoé", "Íñigo", "Anne-Marie", "花子").get(random.nextInt(6));
        var last = List.of("Lee", "O'Hara", "van der Meer", "Müller", "佐藤").get(random.nextInt(5));
        return new Someone(first, last,
            "user%d.%s@host%d.example".formatted(number, random.nextInt(9), random.nextInt(5)));
    }

    /// In one of the forms that mail programs and spreadsheets write.
    private String written(Someone one, char between) {
        var full = one.first() + " " + one.last();
        return switch (random.nextInt(between == '\n' ? 7 : 4)) {
            case 0 -> "%s <%s>".formatted(full, one.email());
            case 1 -> "\"%s, %s\" <%s>".formatted(one.last(), one.first(), one.email());
            case 2 -> "%s, %s <%s>".formatted(one.last(), one.first(), one.email());
            case 3 -> "\"%s\" <mailto:%s>".formatted(full, one.email());
            case 4 -> "%s\t%s\t%s".formatted(one.first(), one.last(), one.email());
            case 5 -> "%s,%s,%s".formatted(one.first(), one.last(), one.email());
            default -> "%d. %s (%s)".formatted(random.nextInt(100), full, one.email());
        };
    }

    @Test
    void everyone_is_found_in_order_with_their_names_whatever_the_form() {
        for (int round = 0; round < 500; round++) {
            var people = IntStream.range(0, 1 + random.nextInt(20)).mapToObj(this::someone).toList();
            var between = ";,\n".charAt(random.nextInt(3));
            var text = people.stream().map(one -> written(one, between))
                .collect(Collectors.joining(between == '\n' ? List.of("\n", "\r\n", "\n\n").get(random.nextInt(3))
                    : between + " "));
            var lines = ((People) PeopleReader.read(text)).lines();
            assertThat(lines.stream().map(line -> line.name().orElse("") + " " + line.email().orElse("")).toList())
                .as("seed %d: %s", SEED, text).isEqualTo(people.stream()
                    .map(one -> one.first() + " " + one.last() + " " + one.email()).toList());
        }
    }

    /// They are valid, as users.md 4.5 says, and often not what was meant.
    @Test
    void an_address_without_a_dot_in_its_domain_is_read_and_told_from_others() {
        var lines = ((People) PeopleReader.read("""
            bob@acme
            Ann.Lee <ann.lee@ACME>
            cy@acme.example
            di@acme\u3002example
            eve@acme,example
            nobody
            """)).lines();

        assertThat(lines.stream().map(line -> line.email().isPresent()).toList())
            .containsExactly(true, true, true, true, false, false);
        assertThat(lines.stream().map(PastedLine::domainWithoutDot).toList()).containsExactly(Optional.of("acme"),
            Optional.of("acme"), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    @Test
    void ten_thousand_lines_are_read_and_one_more_is_not() {
        var lines = IntStream.range(0, PeopleReader.LINES_MAX).mapToObj("u%d@x.example"::formatted)
            .collect(Collectors.joining("\n"));
        assertThat(((People) PeopleReader.read(lines)).lines()).hasSize(PeopleReader.LINES_MAX);
        assertThat(PeopleReader.read(lines + "\nlast@x.example")).isEqualTo(new TooManyLines(10_001));
        assertThat(PeopleReader.read(lines.replace('\n', ';') + ";a@x.example;b@x.example"))
            .isEqualTo(new TooManyLines(10_002));
        assertThat(PeopleReader.read("email,name\n" + lines + "\nlast@x.example,Ann"))
            .isEqualTo(new TooManyLines(10_001));
    }

    @Test
    void a_text_is_bounded_and_a_line() {
        assertThat(PeopleReader.read("x".repeat(PastedText.MAX + 1))).isEqualTo(new TooLong());
        assertThat(PeopleReader.read(new byte[PastedText.MAX + 1])).isEqualTo(new TooLong());
        var long_ = "x".repeat(PastedLine.MAX) + " ann@x.example";
        var people = (People) PeopleReader.read(long_ + "\nbob@x.example");
        assertThat(people.lines().getFirst().fault()).isEqualTo(Optional.of(new PastedLine.Fault.TooLong(2014)));
        assertThat(people.lines().getFirst().source()).hasSize(PastedLine.MAX);
        assertThat(people.lines().getLast().email()).contains("bob@x.example");
    }

    /// Each would take minutes if the time grew with the square of the length.
    @Test
    void no_text_takes_long() {
        var texts = new ArrayList<String>();
        for (var part : List.of("@", "a", "a@", "a@b ", "a@b,", "a@b;", "\"", "<", "(", ",", ";", "\t", "mailto", "\n",
            " ",
            "a,", "email,", "email,a\n", "email;\"", "\u200d", "é\u200d", "To:", "1. ", "'", "a@b.c, d, ")) {
            texts.add(part.repeat(LENGTH / part.length()));
            texts.add("email,name\n" + part.repeat(LENGTH / part.length()));
        }
        texts.forEach(text -> assertThat(PeopleReader.read(text)).isNotInstanceOf(TooLong.class));
    }
}
