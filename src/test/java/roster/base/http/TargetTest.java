package roster.base.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.base.net.TrustedProxies;
import roster.base.source.Ids;

/// Addresses as they come over the network: the path, and the query with its form encoding.
class TargetTest {
    private static WebServer server;

    @BeforeAll
    static void start() {
        server = WebServer.start("127.0.0.1", 0, Raw.LIMITS, TrustedProxies.NONE, new Ids(),
            request -> Response.text(200,
                request.path() + "?"
                    + request.query().names().stream().map(n -> n + "=" + request.query().all(n)).toList()));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Raw.Answer get(String target) throws IOException {
        return Raw.ask(server, "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    @Test
    void brackets_arrive_raw_and_encoded() throws IOException {
        assertThat(get("/u?page[size]=2&page%5Bnumber%5D=3").body()).isEqualTo("/u?[page[size]=[2], page[number]=[3]]");
    }

    @Test
    void a_plus_is_a_blank_in_a_query_and_itself_in_a_path() throws IOException {
        assertThat(get("/a+b%20c?filter=a+b%2Bc%20d&x").body()).isEqualTo("/a+b c?[filter=[a b+c d], x=[]]");
    }

    @Test
    void other_raw_punctuation_arrives_as_it_is() throws IOException {
        assertThat(get("/a;b=c:@!$'(),~?q={\"x\"|^`\\<>}&e=a=b?/").body())
            .isEqualTo("/a;b=c:@!$'(),~?[q=[{\"x\"|^`\\<>}], e=[a=b?/]]");
        assertThat(get("/a/../b/./c//d").body()).isEqualTo("/a/../b/./c//d?[]");
        assertThat(get("/%C3%A9%2f%E2%82%AC?%F0%9F%8E%89=%C3%A9").body()).isEqualTo("/é/€?[🎉=[é]]");
    }

    @Test
    void the_absolute_form_is_understood() throws IOException {
        assertThat(get("http://a.test:80/b%20c?d=e").body()).isEqualTo("/b c?[d=[e]]");
        assertThat(get("HTTPS://[::1]:8443/a//b").body()).isEqualTo("/a//b?[]");
        assertThat(get("http://a").body()).isEqualTo("/?[]");
        assertThat(get("http://a?b=c").body()).isEqualTo("/?[b=[c]]");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/%", "/%4", "/%zz", "/%-1", "/a%C3", "/%FF", "/%C0%80", "/%ED%A0%80", "/%00", "/%0A", "/%7F", "/%C2%85",
        "/a\u0001", "/\u0000", "/a\tb", "/a\nb", "/a\rb", "/\u00e9", "/a#b", "/a#", "/?a#b",
        "/?a=%", "/?a=%4", "/?a=%zz", "/?%FF=1", "/?a=%00", "/?a=\u0001", "/?a=\u00e9",
        "*", "http://", "http:///a", "http://u@a/b", "http://a:x/b", "ftp://a/b", "http:/a", "http://a/b#c", "a:80",
        "a", "?a=b", "\\a"})
    void anything_broken_or_in_another_form_is_a_bad_request(String target) throws IOException {
        var answer = get(target);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo("{\"errors\":[\"Bad Request\"]}");
        assertThat(answer.header("Content-Type")).contains("application/json");
        assertThat(answer.header("X-Request-Id")).isPresent();
    }

    @Test
    void a_bad_address_leaves_the_connection_usable() throws IOException {
        try (var raw = Raw.to(server)) {
            assertThat(raw.send("POST /% HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc").answer().status())
                .isEqualTo(400);
            assertThat(raw.send("GET /ok HTTP/1.1\r\nHost: a\r\n\r\n").answer().body()).isEqualTo("/ok?[]");
        }
    }

    @Test
    void the_first_of_a_repeated_parameter_counts_and_an_empty_one_is_absent() {
        var query = Query.of("a=1&a=2&b=&b=3&c&&=x&d=%5B%5D");

        assertThat(query.first("a")).contains("1");
        assertThat(query.first("b")).isEmpty();
        assertThat(query.first("c")).isEmpty();
        assertThat(query.first("none")).isEmpty();
        assertThat(query.first("")).contains("x");
        assertThat(query.first("d")).contains("[]");
        assertThat(query.all("b")).containsExactly("", "3");
        assertThat(query.names()).containsExactly("a", "b", "c", "", "d");
        assertThat(Query.of("").names()).isEmpty();
    }

    @Test
    void broken_segments_are_noticed_without_a_request_too() {
        var routes = new Routes().get("/{a}", Needs.Simple.NOTHING, request -> Response.noContent());
        assertThatIllegalArgumentException().isThrownBy(() -> routes.match("GET", "/%zz"));
    }
}
