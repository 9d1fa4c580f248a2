package roster.model;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.internet.InternetAddress;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The forms of an address: the one that is typed, the one that is stored, the one that mail goes to.
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EmailTest {
    private static final String ASCII_MOSTLY = "aAbBzZ019--..xnXN_/ @\u007f\t";
    private static final String OTHERS = "aZ0-.xnßςΣσüÜé\u0301ｆＭ。．ⓐKſ\u00ad\u200b\u200c\u200d例テאب٣हि\u094d";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        Ann@Fußball.test           | ann@fußball.test   | ann@xn--fuball-cta.test
        ann@fussball.test          | ann@fussball.test  | ann@fussball.test
        ann@xn--fuball-cta.test    | ann@fußball.test   | ann@xn--fuball-cta.test
        ann@FUẞBALL.test           | ann@fußball.test   | ann@xn--fuball-cta.test
        ann@XN--MNCHEN-3YA.test    | ann@münchen.test   | ann@xn--mnchen-3ya.test
        ann@xn--mnchen-3ya.test    | ann@münchen.test   | ann@xn--mnchen-3ya.test
        ann@ＭÜNCHEN.test          | ann@münchen.test   | ann@xn--mnchen-3ya.test
        ann@ⓜünchen.test           | ann@münchen.test   | ann@xn--mnchen-3ya.test
        ann@münchen。test          | ann@münchen.test   | ann@xn--mnchen-3ya.test
        ann@mu\u0308nchen.test     | ann@münchen.test   | ann@xn--mnchen-3ya.test
        ann@βόλος.test             | ann@βόλος.test     | ann@xn--nxasmm1c.test
        ann@βόλοσ.test             | ann@βόλοσ.test     | ann@xn--nxasmq6b.test
        ann@ΒΌΛΟΣ.test             | ann@βόλοσ.test     | ann@xn--nxasmq6b.test
        ann@例え.テスト            | ann@例え.テスト    | ann@xn--r8jz45g.xn--zckzah
        ann@نامه\u200cای.test        | ann@نامه\u200cای.test | ann@xn--mgba3gch31f060k.test
        Jos\u00c9@Example.COM      | josé@example.com   | josé@example.com
        """)
    void one_form_is_stored_and_one_is_mailed_to(String typed, String stored, String mailed) {
        assertThat(Email.folded(typed)).contains(stored);
        assertThat(Email.folded(stored)).contains(stored);
        assertThat(Email.mailed(stored)).contains(mailed);
    }

    /// So ICU need not be loaded for them.
    @Test
    void ascii_names_fold_as_icu_folds_them() {
        var seed = Long.getLong("roster.seed", System.nanoTime());
        var random = new Random(seed);
        var valid = 0;
        for (int i = 0; i < 200_000; i++) {
            var name = name(random, ASCII_MOSTLY, 1 + random.nextInt(i % 50 == 0 ? 300 : 14));
            var folded = Domain.folded(name);
            assertThat(folded).as("%s, seed %d", name, seed).isEqualTo(Domain.Uts46.folded(name));
            valid += folded.isPresent() ? 1 : 0;
        }
        assertThat(valid).isGreaterThan(10_000);
        for (int length : new int[] {62, 63, 64}) {
            assertThat(Domain.folded("a".repeat(length))).isEqualTo(Domain.Uts46.folded("a".repeat(length)));
        }
        for (int length : new int[] {1, 2, 3, 4}) { // in all: 252 to 255
            var name = ("a".repeat(62) + ".").repeat(4) + "b".repeat(length - 1);
            assertThat(Domain.folded(name)).as(name).isEqualTo(Domain.Uts46.folded(name));
        }
    }

    @Test
    void what_is_stored_folds_to_itself_and_can_be_mailed_to() throws Exception {
        var seed = Long.getLong("roster.seed", System.nanoTime());
        var random = new Random(seed);
        var valid = 0;
        for (int i = 0; i < 100_000; i++) {
            var typed = name(random, OTHERS, 1 + random.nextInt(6)) + "@" + name(random, OTHERS, 1 + random.nextInt(8));
            var stored = Email.folded(typed);
            if (stored.isPresent()) {
                valid++;
                assertThat(Email.folded(stored.get())).as("%s, seed %d", typed, seed).isEqualTo(stored);
                var mailed = Email.mailed(stored.get()).orElseThrow();
                assertThat(mailed.substring(mailed.indexOf('@'))).matches("@[a-z0-9.-]+");
                assertThat(Email.folded(mailed)).as("%s, seed %d", typed, seed).isEqualTo(stored);
                new InternetAddress(mailed).validate();
            }
        }
        assertThat(valid).isGreaterThan(1_000);
    }

    @Test
    void every_character_that_is_accepted_before_the_at_sign_can_be_mailed_to() throws Exception {
        for (int c = 1; c < 0x3000; c++) {
            var mailed = Email.folded(Character.toString(c) + "@acme.test").flatMap(Email::mailed);
            if (mailed.isPresent()) {
                new InternetAddress(mailed.get()).validate();
            }
        }
    }

    /// Compares with a table made by others: the deviations of UTS 46, as its section 7 lists them.
    @Test
    void the_four_characters_that_idna2003_changed_stay() {
        assertThat(Domain.folded("ß.test")).contains("ß.test");
        assertThat(Domain.folded("ς.test")).contains("ς.test");
        assertThat(Domain.folded("a\u200cb.test")).isEmpty(); // joins nothing here
        assertThat(Domain.folded("a\u200db.test")).isEmpty();
    }

    @Test
    void a_part_of_a_domain_is_sought_in_the_form_that_is_stored() {
        assertThat(Email.sought("xn--mnchen-3ya")).contains("münchen");
        assertThat(Email.sought("ann@ＭÜN")).contains("ann@mün");
        assertThat(Email.sought("@xn--mnchen-3ya.")).contains("@münchen.");
        assertThat(Email.sought("ANN")).isEmpty();
        assertThat(Email.sought("müller")).isEmpty();
        assertThat(Email.sought("Jürgen Müller")).isEmpty();
        assertThat(Email.sought("xn--mnchen-3y")).isNotEqualTo(Optional.of("münchen"));
    }

    @Test
    void a_longer_text_than_any_address_is_not_looked_at() {
        var marks = "a" + "\u0301\u0316".repeat(500_000);

        assertThat(Email.folded(marks + "@acme.test")).isEmpty();
        assertThat(Email.folded("ann@" + marks)).isEmpty();
        assertThat(Email.ofServiceAccount(marks + "@acme.test")).isEmpty();
        assertThat(Email.domain(marks)).isEmpty();
        assertThat(Email.sought(marks)).isEmpty();
    }

    @Test
    void a_service_account_may_have_an_address_that_no_mail_goes_to() {
        assertThat(Email.ofServiceAccount("CI/Deploy,1@Build_Host")).contains("ci/deploy,1@build_host");
        assertThat(Email.ofServiceAccount("x".repeat(80) + "@acme.test")).isPresent();
        assertThat(Email.ofServiceAccount("bot@ＭÜNCHEN.test")).contains("bot@münchen.test");
        assertThat(Email.ofServiceAccount("bot@mün_chen.test")).isEmpty();
        assertThat(Email.ofServiceAccount("a b@acme.test")).isEmpty();
        assertThat(Email.ofServiceAccount("bot@acme..test")).isEmpty();
        assertThat(Email.ofServiceAccount("bot@acme.test ")).isEmpty();
        assertThat(Email.ofServiceAccount("bot@127.0.0.1")).contains("bot@127.0.0.1");
        assertThat(Email.ofServiceAccount("o\ufb00ice@acme.test")).isPresent();
        assertThat(Email.ofServiceAccount("bot\u3164@acme.test")).isEmpty();
        assertThat(Email.ofServiceAccount("bot\ufe0f@acme.test")).isEmpty();
        assertThat(Email.ofServiceAccount("bot\ufffd@acme.test")).isEmpty();
    }

    private static String name(Random random, String letters, int length) {
        var points = letters.codePoints().toArray();
        var name = new StringBuilder();
        for (int i = 0; i < length; i++) {
            name.appendCodePoint(points[random.nextInt(points.length)]);
        }
        return name.toString();
    }
}
