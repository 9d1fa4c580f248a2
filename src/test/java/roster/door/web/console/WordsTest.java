package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import roster.model.Problem;

/// How numbers, times, names and what was found are shown.
class WordsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"2026-11-29T13:02:00Z|Today, 14:02", "2026-11-28T23:30:00Z|Today, 00:30",
        "2026-11-28T17:02:00Z|Yesterday, 18:02", "2026-11-26T06:55:00Z|26 Nov, 07:55",
        "2026-07-02T10:00:00Z|2 Jul 2026", "2025-09-14T10:00:00Z|14 Sep 2025"})
    void times_in_lists_are_absolute(String time, String shown) {
        var times = new Times(ZoneId.of("Europe/Vienna"), Instant.parse("2026-11-29T13:30:00Z"));
        assertThat(times.brief(Instant.parse(time)).text()).isEqualTo(shown);
        assertThat(times.brief(Instant.parse(time)).utc()).isEqualTo(time);
    }

    @Test
    void a_time_in_full_has_its_day() {
        var times = new Times(ZoneId.of("Europe/Vienna"), Instant.parse("2026-11-29T13:30:00Z"));
        assertThat(times.full(Instant.parse("2026-11-28T13:02:09.5Z")).text()).isEqualTo("28 Nov 2026, 14:02");
        assertThat(times.seconds(Instant.parse("2026-11-28T13:02:09.5Z")).text()).isEqualTo("14:02:09");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"Marta Fernández Ruiz|m@x.example|MR", "Élodie|e@x.example|É",
        "|kmart@x.example|K", "'  '|z@x.example|Z", "小林 さくら|k@x.example|小さ"})
    void initials_are_of_the_first_and_the_last_word(String name, String email, String initials) {
        assertThat(Avatar.of(UUID.randomUUID(), Optional.ofNullable(name), email).initials()).contains(initials);
    }

    private static String marked(String text, String sought) {
        var shown = new StringBuilder();
        Marked.of(text, Optional.of(sought)).parts().forEach(part -> shown.append(part.found() ? "[" : "")
            .append(part.breaks() ? "|" : "").append(part.text()).append(part.found() ? "]" : ""));
        return shown.toString();
    }

    @Test
    void what_was_found_is_marked_in_any_letter_case() {
        assertThat(marked("Martha Smart", "mart")).isEqualTo("[Mart]ha S[mart]");
        assertThat(marked("m.mart@x.example", "mart")).isEqualTo("m.[mart]|@x.example");
        assertThat(marked("İrem", "rem")).as("folding does not keep its length").isEqualTo("İrem");
        assertThat(marked("Ann", "b")).isEqualTo("Ann");
    }

    @Test
    void problems_have_sentences() {
        assertThat(Words.of(new Problem.Unavailable(12))).isEqualTo("Roster is busy. Try again in 12 seconds.");
        assertThat(Words.ofField(new Problem.Invalid("name", "Longer than maximum length 55."), "name", "x".repeat(61)))
            .isEqualTo("Use at most 55 characters; this has 61.");
        assertThat(Words.people(1)).isEqualTo("1 person");
        assertThat(Words.people(1_003_482)).isEqualTo("1,003,482 people");
    }

    @Test
    void charts_have_round_tops() {
        assertThat(Chart.top(0)).isEqualTo(2);
        assertThat(Chart.top(22_580)).isEqualTo(40_000);
        assertThat(Chart.axis(200_000)).isEqualTo("200k");
        assertThat(Chart.axis(2_500_000)).isEqualTo("2.5M");
        assertThat(Chart.axis(25)).isEqualTo("25");
    }
}
