package roster.base.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Digests are what any other Argon2id makes, so that those of older versions, and of other products, go on to work.
@Timeout(120)
class Argon2idTest {
    private final Random random = new Random(7);

    private byte[] salt(int length) {
        var salt = new byte[length];
        random.nextBytes(salt);
        return salt;
    }

    private static Argon2Function other(int memory, int passes, int lanes, int length) {
        return Argon2Function.getInstance(memory, passes, lanes, length, Argon2.ID, Argon2Function.ARGON2_VERSION_13);
    }

    @Test
    void makes_the_text_that_another_makes() {
        for (var password : List.of("", "Qf7mZr2LtWx9KvHe", "p\u00e4ssw\u00f6rd \ud83d\ude00", "x".repeat(1000))) {
            var salt = salt(Argon2id.SALT_BYTES);
            var text = Argon2id.digest(password, salt);
            assertThat(text).isEqualTo(
                other(19 << 10, 2, 1, 32).hash(password.getBytes(StandardCharsets.UTF_8), salt).getResult());
            assertThat(Argon2id.digestLike(text, password)).isEqualTo(text);
            assertThat(Argon2id.digestLike(text, password + "!")).isNotEqualTo(text);
            assertThat(Argon2id.isMadeWith(text, salt)).isTrue();
            assertThat(Argon2id.isMadeWith(text, salt(Argon2id.SALT_BYTES))).isFalse();
        }
    }

    @Test
    void understands_digests_with_other_parameters() {
        for (var length : List.of(16, 32, 64)) {
            var stored = other(64, 3, 2, length).hash("a password".getBytes(StandardCharsets.UTF_8), salt(12))
                .getResult();
            assertThat(Argon2id.digestLike(stored, "a password")).isEqualTo(stored);
            assertThat(Argon2id.digestLike(stored, "another")).isNotEqualTo(stored);
        }
        var larger =
            other(20 << 10, 1, 1, 32).hash("a password".getBytes(StandardCharsets.UTF_8), salt(16)).getResult();
        for (int i = 0; i < 3; i++) {
            assertThat(Argon2id.digestLike(larger, "a password")).isEqualTo(larger);
        }
    }

    /// The memory of a thread holds what the digest before left in it.
    @Test
    void digests_of_one_thread_do_not_depend_on_each_other() {
        var salt = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");
        var first = Argon2id.digest("one", salt);
        Argon2id.digest("two", salt(Argon2id.SALT_BYTES));
        assertThat(Argon2id.digest("one", salt)).isEqualTo(first);
    }

    @Test
    void refuses_other_texts() {
        for (var text : List.of("", "$argon2i$v=19$m=64,t=3,p=1$AAAAAAAAAAA$AAAA",
            "$argon2id$v=16$m=64,t=3,p=1$AAAA$AAAA",
            "$2b$12$abcdefghijklmnopqrstuv", "$argon2id$v=19$m=99999999,t=2,p=1$AAAA$AAAA")) {
            assertThatThrownBy(() -> Argon2id.digestLike(text, "a")).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
