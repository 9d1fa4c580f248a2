package roster.base.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Links that are opened on this machine.
class LocalLinkTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
        http://127.0.0.1:8080, http://localhost:8080
        http://127.0.0.1:8080/sign-in/once/x, http://localhost:8080/sign-in/once/x
        http://127.0.0.1/, http://localhost/
        http://0.0.0.0:80/docs, http://localhost:80/docs
        http://[::]:8080/docs, http://localhost:8080/docs
        http://localhost:8080/docs, http://localhost:8080/docs
        http://127.0.0.11:8080/docs, http://127.0.0.11:8080/docs
        http://127.0.0.1.example:8080/docs, http://127.0.0.1.example:8080/docs
        http://[::1]:8080/docs, http://[::1]:8080/docs
        http://192.0.2.7:8080/docs, http://192.0.2.7:8080/docs
        https://roster.example/to/http://127.0.0.1:1, https://roster.example/to/http://127.0.0.1:1
        """)
    void this_machine_is_called_by_its_name(String url, String link) {
        assertThat(LocalLink.of(url)).isEqualTo(link);
    }
}
