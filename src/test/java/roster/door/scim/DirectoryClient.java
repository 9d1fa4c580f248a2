package roster.door.scim;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import roster.support.Answer;
import roster.support.Await;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// What all directories of the tests send alike, with the application key of an administrator.
interface DirectoryClient {
    TestUser admin();

    /// Where it asks.
    String node();

    String base();

    default TestOrg org() {
        return admin().org();
    }

    /// @param path below the base
    default Answer send(String method, String path, String body, Map<String, String> more) {
        var headers = new HashMap<String, String>();
        headers.put("Authorization", "Bearer " + admin().applicationKey());
        if (body != null) {
            headers.put("Content-Type", "application/scim+json");
        }
        headers.putAll(more);
        return Await.unlessBusy(() -> TestRoster.send(node(), method, base() + path, body, headers));
    }

    default Answer send(String method, String path, String body) {
        return send(method, path, body, Map.of());
    }

    default Answer filtered(String endpoint, String filter) {
        return send("GET", endpoint + "?filter=" + URLEncoder.encode(filter, StandardCharsets.UTF_8), null);
    }

    /// The body of a PATCH.
    static String operations(String operations) {
        return "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],\"Operations\":[%s]}"
            .formatted(operations);
    }
}
