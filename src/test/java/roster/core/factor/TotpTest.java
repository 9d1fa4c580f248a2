package roster.core.factor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Codes of authenticator apps, by the table of RFC 6238, appendix B (its last six digits).
@Timeout(10)
class TotpTest {
    private static final byte[] SECRET = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);
    private static final long NEVER = Long.MIN_VALUE;

    @Test
    void codes_are_those_of_the_rfc() {
        Map.of(59L, "287082", 1111111109L, "081804", 1111111111L, "050471", 1234567890L, "005924", 2000000000L,
            "279037", 20000000000L, "353130").forEach((second, code) -> {
                var now = Instant.ofEpochSecond(second);
                assertThat(Totp.code(SECRET, Totp.step(now))).as("%d", second).isEqualTo(code);
                assertThat(Totp.matching(SECRET, code, now, NEVER)).contains(Totp.step(now));
            });
    }

    @Test
    void a_code_is_good_one_step_before_and_after_and_only_after_the_last_one_used() {
        var now = Instant.ofEpochSecond(1111111109L);
        var step = Totp.step(now);
        for (int off = -3; off <= 3; off++) {
            assertThat(Totp.matching(SECRET, Totp.code(SECRET, step + off), now, NEVER).isPresent()).as("%d", off)
                .isEqualTo(Math.abs(off) <= 1);
        }
        assertThat(Totp.matching(SECRET, Totp.code(SECRET, step), now, step)).isEmpty();
        assertThat(Totp.matching(SECRET, Totp.code(SECRET, step - 1), now, step)).isEmpty();
        assertThat(Totp.matching(SECRET, Totp.code(SECRET, step + 1), now, step)).contains(step + 1);
    }

    @Test
    void what_is_no_code_is_none() {
        var now = Instant.ofEpochSecond(59);
        for (var typed : new String[] {"", "28708", "2870821", "٢٨٧٠٨٢", "287 083", "-87082", "287082\u0000"}) {
            assertThat(Totp.matching(SECRET, typed, now, NEVER)).as(typed).isEmpty();
        }
        assertThat(Totp.matching(SECRET, " 287 082 ", now, NEVER)).isPresent();
    }

    @Test
    void a_secret_is_shown_in_base32() {
        assertThat(Totp.text("foobarfoobarfoobar..".getBytes(StandardCharsets.US_ASCII)))
            .isEqualTo("MZXW6YTBOJTG633CMFZGM33PMJQXELRO");
        assertThat(Totp.uri(SECRET, "A & B", "ada+x@acme.test")).isEqualTo("otpauth://totp/Roster%20A%20%26%20B:"
            + "ada%2Bx%40acme.test?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Roster%20A%20%26%20B");
    }
}
