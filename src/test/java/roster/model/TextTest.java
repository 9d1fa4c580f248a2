package roster.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.text.Normalizer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TextTest {
    /// What [Text#isLonger] decides without normalising stands on this.
    @Test
    void normal_form_takes_no_character_into_more_than_four_parts() {
        for (var c = 0; c <= Character.MAX_CODE_POINT; c++) {
            var parts = Normalizer.normalize(Character.toString(c), Normalizer.Form.NFD);
            assertThat(Text.length(parts)).as(Integer.toHexString(c)).isBetween(1, 4);
        }
    }

    @Test
    void a_text_is_as_long_as_its_normal_form() {
        var random = new Random(7);
        var some = "a\u0301\u0316\u1f82\u03b1\u0313\u0300\u0345\u1100\u1161\u11a8\ud834\udd5e".codePoints().toArray();
        for (var i = 0; i < 20_000; i++) {
            var text = new StringBuilder();
            for (var n = random.nextInt(40); n > 0; n--) {
                text.appendCodePoint(some[random.nextInt(some.length)]);
            }
            var most = random.nextInt(20);
            assertThat(Text.isLonger(text.toString(), most)).as("%s %d", text, most)
                .isEqualTo(Text.length(Text.clean(text.toString())) > most);
        }
    }

    @Test
    @Timeout(60)
    void what_is_too_long_is_not_normalised() {
        var marks = "\u0301\u0316".repeat(5_000_000);
        assertThat(Text.isLonger(marks, 1000)).isTrue();
        assertThat(Email.folded(marks + "@acme.test")).isEmpty();
        assertThatThrownBy(() -> Text.clean(marks)).isInstanceOf(Refused.class);
        assertThatThrownBy(() -> Text.folded(marks)).isInstanceOf(Refused.class);
    }
}
