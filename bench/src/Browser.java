import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A browser at Roster's pages: keeps cookies, and sends forms as the pages have them.
final class Browser {
    static final String AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0";

    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");
    private static final Pattern LINK = Pattern.compile("(/sign-in/once/[A-Za-z0-9_-]+)");
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String SESSION = "roster_session";

    private final String address;
    private final String client;
    private final Map<String, String> cookies = new LinkedHashMap<>();

    /// @param address of the server
    /// @param client where the browser is, as a proxy would say
    Browser(String address, String client) {
        this.address = address;
        this.client = client;
    }

    /// Signs a user in by a link of the operator.
    static Browser signedIn(RosterServer roster, RosterServer.Org org, String email) {
        var browser = new Browser(roster.address(), "10.255.0.1");
        var path = RosterServer.first(LINK, roster.command("user", "sign-in-link", email, "--org", org.id()));
        browser.mustLeadOn(browser.post(path, Map.of("csrf", csrf(browser.get(path)))));
        return browser;
    }

    String client() {
        return client;
    }

    HttpResponse<String> get(String path) {
        return kept(Http.send("GET", address + path, headers(), FORM, ""));
    }

    /// The part of a page that script asks for.
    HttpResponse<String> part(String path) {
        var headers = headers();
        headers.addAll(List.of("HX-Request", "true"));
        return kept(Http.send("GET", address + path, headers, FORM, ""));
    }

    /// The server's own time for an answer.
    static double serverMillis(HttpResponse<String> answer) {
        return answer.headers().firstValue("Server-Timing").map(RosterServer::millis)
            .orElseThrow(() -> new Started.Failed("an answer without its time: " + answer));
    }

    /// @throws Started.Failed if it is not answered with 200
    static HttpResponse<String> good(HttpResponse<String> answer) {
        if (answer.statusCode() != 200) {
            throw new Started.Failed("%s: %d %s".formatted(answer.uri(), answer.statusCode(),
                Started.tail(answer.body())));
        }
        return answer;
    }

    /// The value of a hidden field.
    static String hidden(HttpResponse<String> page, String name) {
        return RosterServer.first(Pattern.compile("name=\"%s\" value=\"([^\"]*)\"".formatted(name)), page.body());
    }

    /// The cookie of the session alone.
    Map<String, String> session() {
        return Map.of(SESSION, cookies.get(SESSION));
    }

    /// The lines of a file, which is thrown away.
    long lines(String path) {
        return Http.lines(address + path, headers());
    }

    HttpResponse<String> post(String path, Map<String, String> fields) {
        return kept(Http.send("POST", address + path, headers(), FORM, encoded(fields)));
    }

    void mustLeadOn(HttpResponse<String> answer) {
        if (answer.statusCode() != 303) {
            throw new Started.Failed("a form was not taken: %d %s".formatted(answer.statusCode(),
                Started.tail(answer.body())));
        }
    }

    static String csrf(HttpResponse<String> page) {
        return RosterServer.first(CSRF, page.body());
    }

    static String encoded(Map<String, String> fields) {
        return fields.entrySet().stream().map(field -> field.getKey() + "="
            + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8)).collect(Collectors.joining("&"));
    }

    void forget(String name) {
        cookies.remove(name);
    }

    /// All cookies but that of the session, as a header has them.
    String visitorCookies() {
        return joined(false);
    }

    /// What a call of the API needs that goes by the session.
    List<String> apiHeaders() {
        return List.of("Cookie", joined(true), "X-Roster-Csrf", csrf(get("/me/security")), "Sec-Fetch-Site",
            "same-origin");
    }

    private String joined(boolean withSession) {
        return cookies.entrySet().stream().filter(one -> withSession || !one.getKey().equals(SESSION))
            .map(one -> one.getKey() + "=" + one.getValue()).collect(Collectors.joining("; "));
    }

    private List<String> headers() {
        var headers = new ArrayList<>(List.of("Sec-Fetch-Site", "same-origin", "User-Agent", AGENT, "X-Forwarded-For",
            client));
        if (!cookies.isEmpty()) {
            headers.addAll(List.of("Cookie", joined(true)));
        }
        return headers;
    }

    private HttpResponse<String> kept(HttpResponse<String> answer) {
        answer.headers().allValues("Set-Cookie").forEach(line -> {
            var pair = line.substring(0, line.indexOf(';')).split("=", 2);
            if (pair[1].isEmpty()) {
                cookies.remove(pair[0]);
            } else {
                cookies.put(pair[0], pair[1]);
            }
        });
        return answer;
    }
}
