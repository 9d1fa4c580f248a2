package roster.core.mail;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Names of organisations and people, as e-mails show them.
class ShownNameTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        Acme. Your account is locked, sign in at https://evil.test/x | Acme. Your account is locked, sign in at
        Acme (see https://evil.test)      | Acme (see
        Acme www.evil                     | Acme
        Acme WWW.EVIL.TEST                | Acme
        Acme evil.test                    | Acme evil
        Acme.com                          | Acme
        Acme evil.test/login?a=b          | Acme evil
        Acme evil.xn--p1ai                | Acme evil
        Acme evil.рф                      | Acme evil
        Acme evil．test                   | Acme evil
        Acme evil。test                   | Acme evil
        Acme evil․test                    | Acme evil
        Acme ｗｗｗ．ｅｖｉｌ．ｔｅｓｔ    | Acme
        Acme ｈｔｔｐｓ：／／evil           | Acme
        Acme ⓦⓦⓦ.evil                    | Acme
        Acme evil.\u200dtest             | Acme evil
        Acme evil.\u200btest             | Acme evil
        Acme ftp://evil                   | Acme
        Acme 192.0.2.1/login              | Acme
        Acme eve@evil.test                | Acme
        Acme \u202etset.live              | Acme tset
        A\u200ec\u2066me\u2069\u061c      | Acme
        A\u00adc\ufeffme                  | Acme
        """)
    void a_name_is_shown_up_to_the_first_link(String name, String shown) {
        assertThat(ShownName.of(name)).contains(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Acme", "Acme, Inc.", "Fußball e.V.", "J.R.R. Tolkien", "Acme… and more", "Acme…and",
        "Version 2.0", "AT&T", "Žlutý 👩\u200d🚀", "株式会社アクメ", "12.5 %", "Dr. Ann Lee", "Ann @ Acme", "Acme: a/b",
        "A.I. 24/7",
        "नी\u200cजी", "Yahoo!"})
    void other_names_are_shown_whole(String name) {
        assertThat(ShownName.of(name)).contains(name);
    }

    @Test
    void nothing_may_be_left() {
        assertThat(ShownName.of("https://evil.test")).isEmpty();
        assertThat(ShownName.of("www.evil.test")).isEmpty();
        assertThat(ShownName.of("eve@evil.test")).isEmpty();
        assertThat(ShownName.of(".com")).isEmpty();
        assertThat(ShownName.of("\u202e\n ")).isEmpty();
    }

    @Test
    void the_longest_forms_are_bounded() {
        assertThat(ShownName.of("\ufdfa".repeat(100))).isPresent();
        assertThat(ShownName.of("@".repeat(100))).isPresent();
    }
}
