package roster.base.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// No password of a URL is shown, however it is written.
class ShownUrlTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "smtp://bob:SECRET@mail.host:587 | smtp://bob:***@mail.host:587",
        "smtp://bob@corp.com:SECRET@mail.host:587 | smtp://***@mail.host:587",
        "smtp://user:pa/SECRETss@host:587 | smtp://user:***@host:587",
        "smtp://user:SEC@RET@host:587 | smtp://user:***@host:587",
        "smtp://user:SEC?RET@host:587 | smtp://***",
        "smtp://user:SEC#RET@host:587 | smtp://user:***@host:587",
        "jdbc:postgresql://a:SEC/RET@h/db | jdbc:postgresql://a:***@h/db",
        "jdbc:postgresql://a:SECRET@h/db?user=a | jdbc:postgresql://a:***@h/db?user=a",
        "jdbc:postgresql://h/db?user=a&password=SECRET | jdbc:postgresql://h/db?user=a&password=***",
        "jdbc:postgresql://h/db?user=a&password=abc;SECRETdef | jdbc:postgresql://h/db?user=a&password=***",
        "jdbc:postgresql://h/db?user=a&pass%77ord=SECRET | jdbc:postgresql://h/db?user=a&pass%77ord=***",
        "jdbc:postgresql://h/db?user=a&SSLPassword=SECRET&ssl=1 | jdbc:postgresql://h/db?user=a&SSLPassword=***&ssl=1",
        "jdbc:postgresql://h/db?pass%7ord=SECRET | jdbc:postgresql://h/db?***",
        "jdbc:postgresql://h/db?user=a;password=SECRET | jdbc:postgresql://h/db?user=***",
        "jdbc:postgresql://h/db?user=a%3Bpassword=SECRET | jdbc:postgresql://h/db?user=***",
        "jdbc:postgresql://h/db?password=abc;SECRET&ssl=true | jdbc:postgresql://h/db?password=***&ssl=true",
        "jdbc:postgresql://h/db?password=abc&SECRET | jdbc:postgresql://h/db?password=***&***",
        "jdbc:postgresql://h/db?password=abc&SECRET=x&ssl=true | jdbc:postgresql://h/db?password=***&***&ssl=true",
        "jdbc:postgresql://h/db?password=abc&x=SECRET | jdbc:postgresql://h/db?password=***&***",
        "jdbc:postgresql://h/db?password=abc?SECRET | jdbc:postgresql://h/db?password=***",
        "jdbc:postgresql://h/db?password=abc#SECRET | jdbc:postgresql://h/db?password=***",
        "jdbc:postgresql://h/db?user=a#SECRET | jdbc:postgresql://h/db?user=***",
        "jdbc:postgresql://h/db?user=a password=SECRET | jdbc:postgresql://h/db?user=***",
        "jdbc:postgresql://h/db?user=a,password=SECRET | jdbc:postgresql://h/db?user=***",
        "jdbc:postgresql://h/db?options=-c%20x=SECRET | jdbc:postgresql://h/db?options=***",
        "jdbc:postgresql://h/db;user=a;password=SECRET | jdbc:postgresql://h/db***",
        "jdbc:postgresql://h/db&password=SECRET | jdbc:postgresql://h/db***",
        "jdbc:postgresql://h/db%3Fpassword%3DSECRET | jdbc:postgresql://h/db***",
        "jdbc:postgresql://h/db password=SECRET | jdbc:postgresql://h/db***",
        "smtp://h;SECRET | smtp://h***",
        "smtp://bob;SECRET:x@h | smtp://***@h",
        "smtp://bob:x@h;SECRET | smtp://bob:***@h***",
        "smtp://bob:SE;CRET@h | smtp://bob:***@h",
        "smtp://h?auth=SECRET | smtp://h?***",
        "https://h/p#SECRET | https://h/p***",
        "jdbc:postgresql://a:1,b:2/my%20db?targetServerType=primary | jdbc:postgresql://a:1,b:2/my%20db?targetServerType=primary",
        "jdbc:postgresql://[::1]:5432/db | jdbc:postgresql://[::1]:5432/db",
        "jdbc:postgresql://h/db?password=SEC@RET | jdbc:postgresql://***",
        "nonsense:SECRET@host | ***@host",
        "http://people.example.test/x | http://people.example.test/x"})
    void a_url_is_shown_without_passwords(String url, String shown) {
        assertThat(ShownUrl.of(url)).isEqualTo(shown);
        assertThat(ShownUrl.of(url)).doesNotContain("SEC", "RET");
    }
}
