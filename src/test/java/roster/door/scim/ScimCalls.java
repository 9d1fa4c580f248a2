package roster.door.scim;

import java.util.HashMap;
import java.util.Map;
import roster.support.Answer;
import roster.support.Await;
import roster.support.TestRoster;
import roster.support.TestUser;

/// What all directories of the tests send alike.
final class ScimCalls {
    private ScimCalls() {}

    /// A request with the application key of an administrator.
    static Answer send(TestUser admin, String node, String method, String path, String body,
        Map<String, String> more) {
        var headers = new HashMap<String, String>();
        headers.put("Authorization", "Bearer " + admin.applicationKey());
        if (body != null) {
            headers.put("Content-Type", "application/scim+json");
        }
        headers.putAll(more);
        return Await.unlessBusy(() -> TestRoster.send(node, method, path, body, headers));
    }
}
