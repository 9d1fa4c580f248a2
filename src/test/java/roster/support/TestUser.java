package roster.support;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.model.User;

/// A user who calls the API with keys.
public record TestUser(TestOrg org, User user, String apiKey, String applicationKey) {
    public String id() {
        return user.id().toString();
    }

    public String email() {
        return user.email();
    }

    /// The same user with another application key, which can do only this.
    public TestUser scopedTo(String... scopes) {
        return new TestUser(org, user, apiKey, org.newApplicationKey(user, Optional.of(List.of(scopes))));
    }

    /// Sends with a token in the place of both keys.
    public static Answer withToken(TestRoster roster, String token, String method, String path, String body) {
        var headers = new HashMap<>(Map.of("Authorization", "Bearer " + token));
        if (body != null) {
            headers.put("Content-Type", "application/json");
        }
        return roster.send(method, path, body, headers);
    }

    public Answer get(String path) {
        return send("GET", path, null);
    }

    public Answer post(String path, String body) {
        return send("POST", path, body);
    }

    public Answer patch(String path, String body) {
        return send("PATCH", path, body, Map.of("Accept", "application/json"));
    }

    public Answer delete(String path) {
        return send("DELETE", path, null);
    }

    public Answer delete(String path, String body) {
        return send("DELETE", path, body);
    }

    public Answer send(String method, String path, String body) {
        return send(method, path, body, Map.of());
    }

    /// @param more headers besides the keys and, with a body, the content type; these win
    public Answer send(String method, String path, String body, Map<String, String> more) {
        return sendTo(org.roster().address(), method, path, body, more);
    }

    /// Sends to a certain node.
    public Answer sendTo(String address, String method, String path, String body, Map<String, String> more) {
        var headers = new HashMap<String, String>();
        headers.put("DD-API-KEY", apiKey);
        headers.put("DD-APPLICATION-KEY", applicationKey);
        if (body != null) {
            headers.put("Content-Type", "application/json");
        }
        headers.putAll(more);
        return TestRoster.send(address, method, path, body, headers);
    }
}
