package roster.support;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import roster.base.html.Csrf;
import roster.base.html.SessionCookie;
import roster.base.source.Ids;
import roster.core.session.Proof;
import roster.core.session.Session.Client;
import roster.core.session.SignIn.Admission;
import roster.model.Caller;
import roster.model.User;

/// A browser in which a user is signed in.
public record SignedIn(TestOrg org, UUID session, String token) {
    /// Signs a user in as a link of the operator does.
    public static SignedIn in(TestOrg org, User user) {
        var admission = Await.write(org.roster().db(),
            Caller.visitor(org.id(), new Ids().next().toString(), Optional.of("127.0.0.1")),
            tx -> org.roster().program().session.signIn.admit(tx,
                new Proof.Link(user.id(), Instant.now().plus(Duration.ofHours(1))),
                new Client(Optional.of("Mozilla/5.0 (X11; Linux x86_64) Firefox/150.0"), List.of(), Optional.empty())));
        var begun = ((Admission.In) admission).session();
        return new SignedIn(org, begun.id().value(), begun.token());
    }

    public static SignedIn in(TestUser user) {
        return in(user.org(), user.user());
    }

    /// What forms of this session's pages hold.
    public String csrf() {
        return new Csrf(org.roster().program().kernel().secrets()).token(SessionCookie.bound(session, token));
    }

    public Map<String, String> cookie() {
        return Map.of("Cookie", SessionCookie.NAME + "=" + token);
    }

    /// A call of the API, as the console makes it.
    public Answer call(String method, String path, String body) {
        return callOn(org.roster().address(), method, path, body);
    }

    public Answer callOn(String address, String method, String path, String body) {
        var headers = new HashMap<>(cookie());
        headers.put(Csrf.HEADER, csrf());
        headers.put("Sec-Fetch-Site", "same-origin");
        if (body != null) {
            headers.put("Content-Type", "application/json");
        }
        return Await.unlessBusy(() -> TestRoster.send(address, method, path, body, headers));
    }

    /// Opens a page.
    public Answer page(String path) {
        return Await.unlessBusy(() -> org.roster().send("GET", path, null, cookie()));
    }

    /// Sends a form of a page.
    public Answer form(String path, Map<String, String> fields) {
        var all = new HashMap<>(fields);
        all.put(Csrf.FIELD, csrf());
        var headers = new HashMap<>(cookie());
        headers.put("Sec-Fetch-Site", "same-origin");
        headers.put("Content-Type", Inviting.FORM);
        return Await.unlessBusy(() -> org.roster().send("POST", path, encoded(all), headers));
    }

    /// A form as a browser sends it.
    public static String encoded(Map<String, String> fields) {
        return fields.entrySet().stream().map(field -> URLEncoder.encode(field.getKey(), StandardCharsets.UTF_8) + "="
            + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8)).collect(Collectors.joining("&"));
    }
}
