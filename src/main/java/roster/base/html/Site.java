package roster.base.html;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import roster.base.http.Handler;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.net.PublicUrl;
import roster.model.Problem.WrongHost;
import roster.model.Refused;

/// The origin that our pages have in browsers: the public URL, and on a local trial this machine. It decides which requests
/// come from pages of ours, and how cookies are protected.
public final class Site {
    private static final Pattern LOCAL = Pattern.compile("(?i)(localhost|127\\.0\\.0\\.1|\\[::1])(:[0-9]{1,5})?");
    private static final String STRICT = "Strict-Transport-Security";
    private static final String HSTS = "max-age=31536000";

    private final PublicUrl url;

    public Site(PublicUrl url) {
        this.url = url;
    }

    /// Whether browsers speak https with it.
    public boolean isSecure() {
        return url.isSet() && url.link("").startsWith("https:");
    }

    /// Whether a browser may be trusted with a cookie: over https, or without leaving the machine.
    public boolean canSignIn() {
        return !url.isSet() || isSecure() || LOCAL.matcher(url.authority()).matches();
    }

    /// The origin of our pages, as browsers name it: scheme, host, and the port that is not implied.
    public String origin(Request request) {
        return (isSecure() ? "https://" : "http://")
            + (url.isSet() ? authority() : request.header("Host").map(host -> withoutPort(host)).orElse(""));
    }

    /// The host by which passkeys of ours are known; none on a bare address, where browsers offer none.
    public Optional<String> passkeyHost(Request request) {
        var host = URI.create(origin(request)).getHost();
        return host == null || host.startsWith("[") || host.matches("[0-9.]+") ? Optional.empty() : Optional.of(host);
    }

    /// The origin of our pages on this machine by its name, where a request came by the machine's address.
    public Optional<String> atLocalhost(Request request) {
        var local = request.header("Host").map(LOCAL::matcher).filter(_ -> !url.isSet()).filter(Matcher::matches);
        return local.map(host -> "http://localhost" + Objects.requireNonNullElse(host.group(2), ""));
    }

    /// Refuses requests that were sent to another name: a name that leads to this machine for a moment must not read pages.
    ///
    /// @throws Refused with [WrongHost]
    public void mustBeMeant(Request request) {
        var host = request.headers("Host");
        if (host.size() != 1 || !(url.isSet() ? authority().equals(withoutPort(host.getFirst()))
            : LOCAL.matcher(host.getFirst()).matches())) {
            throw new Refused(new WrongHost());
        }
    }

    private String authority() {
        return withoutPort(url.authority());
    }

    /// Without the port that the scheme implies.
    private String withoutPort(String authority) {
        var lower = authority.toLowerCase(Locale.ROOT);
        var implied = isSecure() ? ":443" : ":80";
        return lower.endsWith(implied) ? lower.substring(0, lower.length() - implied.length()) : lower;
    }

    /// Whether a page of ours sent a request, as the browser says. A browser that says nothing is not believed.
    public boolean sent(Request request) {
        var site = request.headers("Sec-Fetch-Site");
        if (!site.isEmpty()) {
            return site.size() == 1 && site.getFirst().equals("same-origin");
        }
        var origin = request.headers("Origin");
        if (origin.size() != 1) {
            return false;
        }
        var scheme = isSecure() ? "https://" : "http://";
        return origin.getFirst().startsWith(scheme)
            && withoutPort(origin.getFirst().substring(scheme.length())).equals(url.isSet() ? authority()
                : request.header("Host").map(host -> host.toLowerCase(Locale.ROOT)).orElse(""));
    }

    /// The value of a cookie of ours; none if it was not sent, or twice.
    public Optional<String> cookie(Request request, String name) {
        return sent(request, named(name));
    }

    private static Optional<String> sent(Request request, String name) {
        var wanted = name + "=";
        var found = new ArrayList<String>();
        for (var line : request.headers("Cookie")) {
            for (int from = 0; from < line.length(); from = endOfPair(line, from) + 1) {
                var pair = line.substring(from, endOfPair(line, from)).strip();
                if (pair.startsWith(wanted)) {
                    found.add(pair.substring(wanted.length()));
                }
            }
        }
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    private static int endOfPair(String line, int from) {
        var end = line.indexOf(';', from);
        return end < 0 ? line.length() : end;
    }

    /// Sets a cookie that only this host gets back, and no script.
    ///
    /// @param age none: until the browser ends
    public Response.Header setting(String name, String value, Optional<Duration> age) {
        return new Response.Header("Set-Cookie", "%s=%s; Path=/; HttpOnly; SameSite=Lax%s%s".formatted(named(name),
            value, isSecure() ? "; Secure" : "",
            age.map(time -> "; Max-Age=" + time.toSeconds()).orElse("")));
    }

    /// Sets a cookie that only pages of ours below a path bring along, and only when a page of ours led there.
    public Response.Header settingFor(String path, String name, String value, Duration age) {
        return new Response.Header("Set-Cookie", "%s=%s; Path=%s; HttpOnly; SameSite=Strict%s; Max-Age=%d".formatted(
            namedFor(name), value, path(path), isSecure() ? "; Secure" : "", age.toSeconds()));
    }

    /// The value of a cookie set by [#settingFor]; none if it was not sent, or twice.
    public Optional<String> cookieFor(Request request, String name) {
        return sent(request, namedFor(name));
    }

    /// The stricter prefix is for cookies of all paths.
    private String namedFor(String name) {
        return isSecure() ? "__Secure-" + name : name;
    }

    public Response.Header clearing(String name) {
        return setting(name, "", Optional.of(Duration.ZERO));
    }

    /// Over http a browser would drop a cookie with the prefix.
    private String named(String name) {
        return isSecure() ? "__Host-" + name : name;
    }

    /// An answer as this site sends it. Doing it twice has no effect.
    public Response secured(Response answer) {
        return isSecure() && answer.headers().stream().noneMatch(header -> header.name().equals(STRICT))
            ? answer.with(STRICT, HSTS) : answer;
    }

    /// A page that answers only to our name.
    public Handler meant(Handler page) {
        return request -> {
            mustBeMeant(request);
            return page.handle(request);
        };
    }

    /// The address of a page as other sites lead browsers to it: on the public URL, and on a local trial on the host that the
    /// browser uses, which [#mustBeMeant] has looked at.
    public String address(Request request, String path) {
        return url.isSet() ? url.link(path) : "http://" + request.header("Host").orElseThrow() + path;
    }

    /// Where Roster is to be opened; on a local trial, the address that was asked for.
    public String address() {
        return url.isSet() ? url.link("/") : path("/");
    }

    /// The path of a page, with whatever path the public URL has.
    public String path(String path) {
        return url.path(path);
    }
}
