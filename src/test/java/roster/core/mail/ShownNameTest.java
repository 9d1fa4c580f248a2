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
        Acme evil.com-now                 | Acme evil
        Acme evil.com--now                | Acme evil
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
        Acme eve@evil                     | Acme
        Acme eve＠evil                    | Acme
        Acme user@[192.0.2.1]             | Acme
        Acme [::1]                        | Acme
        Acme http [fe80::1]/x             | Acme http
        Acme fe80::1                      | Acme
        Acme 2001:db8::7                  | Acme
        Acme ::ffff                       | Acme
        Acme 2001:db8:1:2:3:4:5:6         | Acme
        Acme ｆｅ８０：：１               | Acme
        Acme \\\\evil\\share               | Acme
        Acme ＼＼evil                     | Acme
        Acme //evil                       | Acme
        Acme /\\evil                      | Acme
        Acme tel:+15550100                | Acme
        Acme tel: 555 0100                | Acme
        Acme TEL：+15550100               | Acme
        Acme mailto:eve                   | Acme
        Acme https:/evil                  | Acme
        Acme https:evil                   | Acme
        Acme hxxp:\\evil                  | Acme
        Acme javascript:alert(1)          | Acme
        Acme evil:8080/login              | Acme
        Acme call +1 555 010 0199         | Acme call
        Acme (+49) 30 901820              | Acme (
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
        "A.I. 24/7", "Acme :: Team", "Acme: the company", "Open 9:30-17:00", "Ratio 3:2:1", "R\\D", "Ann @home",
        "50 + 50",
        "+1 Group", "C:", "a@",
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
