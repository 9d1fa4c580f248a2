package roster.support;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import roster.base.html.SessionCookie;
import roster.core.session.Passwords.Chosen;
import roster.core.session.Devices;

/// A browser that keeps cookies and sends forms as our pages have them.
public final class BrowserUser {
    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]*)\"");

    private static final AtomicInteger NETWORKS = new AtomicInteger();

    private final Map<String, String> cookies = new LinkedHashMap<>();
    private String address;

    /// A network of its own: what one test gets wrong on purpose is counted by networks, and must not stop another test.
    private String from = network(NETWORKS.incrementAndGet());

    public BrowserUser(TestRoster roster) {
        this(roster.address());
    }

    /// @param address of a node
    public BrowserUser(String address) {
        this.address = address;
    }

    private static String network(int number) {
        return "100.%d.%d.1".formatted(64 + number / 256 % 64, number % 256);
    }

    /// The same browser at another node.
    public BrowserUser at(String otherAddress) {
        address = otherAddress;
        return this;
    }

    /// Behind a proxy that says where the browser is.
    public BrowserUser from(String client) {
        from = client;
        return this;
    }

    public Optional<String> cookie(String name) {
        return Optional.ofNullable(cookies.get(name));
    }

    public void put(String name, String value) {
        cookies.put(name, value);
    }

    /// With the cookies of another.
    public BrowserUser with(BrowserUser other) {
        cookies.putAll(other.cookies);
        return this;
    }

    public void forgetCookies() {
        cookies.clear();
    }

    /// Whether the browser has a session that is good.
    public boolean isSignedIn() {
        return get("/me/security").status() == 200;
    }

    public String session() {
        return cookies.get(SessionCookie.NAME);
    }

    public String device() {
        return cookies.get(Devices.COOKIE);
    }

    private Map<String, String> headers() {
        var headers = new HashMap<String, String>();
        headers.put("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0");
        headers.put("Sec-Fetch-Site", "same-origin");
        if (!cookies.isEmpty()) {
            headers.put("Cookie", cookies.entrySet().stream().map(one -> one.getKey() + "=" + one.getValue())
                .collect(Collectors.joining("; ")));
        }
        headers.put("X-Forwarded-For", from);
        return headers;
    }

    private Answer kept(Answer answer) {
        answer.headers().entrySet().stream().filter(header -> header.getKey().equalsIgnoreCase("Set-Cookie"))
            .flatMap(header -> header.getValue().stream()).forEach(line -> {
                var pair = line.substring(0, line.indexOf(';'));
                var name = pair.substring(0, pair.indexOf('='));
                var value = pair.substring(pair.indexOf('=') + 1);
                if (value.isEmpty()) {
                    cookies.remove(name);
                } else {
                    cookies.put(name, value);
                }
            });
        return answer;
    }

    public Answer get(String path) {
        return kept(Await.unlessBusy(() -> TestRoster.send(address, "GET", path, null, headers())));
    }

    /// Opens a page and sends its form, or that of another address.
    public Answer submit(String page, String action, Map<String, String> fields) {
        return post(action, csrf(get(page)), fields, Map.of());
    }

    /// Opens a page, and sends what is made of it to the same address.
    public Answer submitAsIs(String page, Function<Answer, Map<String, String>> fields) {
        return submitAsIs(page, page, fields);
    }

    public Answer submitAsIs(String page, String action, Function<Answer, Map<String, String>> fields) {
        var shown = get(page);
        return post(action, csrf(shown), fields.apply(shown), Map.of());
    }

    public static String csrf(Answer page) {
        var found = CSRF.matcher(page.text());
        return found.find() ? found.group(1) : "";
    }

    /// Sends a form without opening its page.
    public Answer post(String action, String csrf, Map<String, String> fields, Map<String, String> more) {
        var all = new LinkedHashMap<>(fields);
        all.put("csrf", csrf);
        var headers = headers();
        headers.put("Content-Type", Inviting.FORM);
        headers.putAll(more);
        return kept(Await.unlessBusy(() -> TestRoster.send(address, "POST", action, SignedIn.encoded(all), headers)));
    }

    /// Sends a form as it is given.
    public Answer postRaw(String action, String form) {
        var headers = headers();
        headers.put("Content-Type", Inviting.FORM);
        return kept(TestRoster.send(address, "POST", action, form, headers));
    }

    /// Signs in on the page of an organisation.
    public Answer signIn(TestOrg org, String email, String password) {
        var page = page(org);
        return submit(page, page, Map.of("address", email, "password", password));
    }

    /// The sign-in page of an organisation.
    public static String page(TestOrg org) {
        return "/sign-in/o/" + org.roster().sqlValue("SELECT public_id FROM orgs WHERE id = ?", org.id().value());
    }

    /// Signs in on the page for all organisations.
    public Answer signInAnywhere(String email, String password) {
        return submit("/sign-in?all=true", "/sign-in", Map.of("address", email, "password", password));
    }

    /// Gives a user a password, as if they had chosen it.
    public static void setPassword(TestUser user, String password) {
        var passwords = user.org().roster().program().session.passwords;
        var fit = (Chosen.Fit) passwords.choose(user.org().id(), user.email(), password,
            List.of(), () -> true);
        user.org().write(tx -> {
            passwords.set(tx, user.user(), fit);
            return null;
        });
    }
}
