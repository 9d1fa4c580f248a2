package roster.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import roster.support.TestRoster;

/// Where an address is mentioned in a text: Java, which erases, and PostgreSQL, which searches, must agree.
class MentionTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
        lee@example.com | lee@example.com | true
        lee@example.com | LEE@Example.COM | true
        lee@example.com | to lee@example.com. | true
        lee@example.com | <lee@example.com> | true
        lee@example.com | {lee@example.com} | true
        lee@example.com | mailto:lee@example.com | true
        lee@example.com | a@b.test,lee@example.com;c@d.test | true
        lee@example.com | "lee@example.com" | true
        lee@example.com | lee@example.com's key | true
        lee@example.com | 'lee@example.com' | true
        lee@example.com | /lee@example.com | true
        lee@example.com | «lee@example.com» | true
        lee@example.com | „lee@example.com“ | true
        lee@example.com | lee@example.com… | true
        lee@example.com | lee@example.com’s key | true
        lee@example.com | 一、lee@example.com。 | true
        lee@example.com | ann.lee@example.com | false
        lee@example.com | ann+lee@example.com | false
        lee@example.com | ann-lee@example.com | false
        lee@example.com | ann_lee@example.com | false
        lee@example.com | o'lee@example.com | false
        lee@example.com | élee@example.com | false
        lee@example.com | lee@example.com.au | false
        lee@example.com | lee@example.community | false
        lee@example.com | lee@example.com-mail.test | false
        lee@example.com | lee@example.comé | false
        lee@example.com | lee@exampleXcom | false
        lee@example.com | ann.lee@example.com lee@example.com | true
        n@acme.te | admin@acme.test | false
        a+b*c@x.test | a+b*c@x.test | true
        a+b*c@x.test | aabbc@x.test | false
        jörg@müller.test | An Jörg@Müller.test! | true
        jörg@müller.test | björg@müller.test | false
        """)
    void a_whole_address_and_nothing_less(String address, String text, boolean expected) {
        var mention = new Mention(address);
        var sql = roster.sqlValue("SELECT ?::text ~ ?", text.toLowerCase(Locale.ROOT), mention.regex());

        assertThat(!mention.replacedIn(text, "gone").equals(text)).isEqualTo(expected);
        assertThat(sql).isEqualTo(expected);
    }
}
