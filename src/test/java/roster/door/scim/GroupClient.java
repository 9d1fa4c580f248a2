package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import roster.model.User;
import roster.support.Answer;
import roster.support.TestUser;

/// A directory that pushes groups, with the application key of an administrator.
///
/// @param node where it asks
record GroupClient(TestUser admin, String node, String base) implements DirectoryClient {
    static GroupClient of(TestUser admin) {
        return new GroupClient(admin, admin.org().roster().address(), "/scim/v2");
    }

    GroupClient below(String other) {
        return new GroupClient(admin, node, other);
    }

    GroupClient at(String other) {
        return new GroupClient(admin, other, base);
    }

    Answer get(String path) {
        return send("GET", path, null);
    }

    Answer filtered(String filter) {
        return filtered("/Groups", filter);
    }

    /// A new group, by its id.
    String create(String name, Object... members) {
        var made = send("POST", "/Groups", """
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"%s","members":%s}"""
            .formatted(name, members(List.of(members))));
        assertThat(made.status()).as(made.toString()).isEqualTo(201);
        return made.text("/id");
    }

    Answer patch(String group, String operations) {
        return send("PATCH", "/Groups/" + group, DirectoryClient.operations(operations));
    }

    /// A patch that must succeed.
    void patched(String group, String operations) {
        var answer = patch(group, operations);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(base.equals("/scim/v2") ? 204 : 200);
    }

    Answer put(String group, String body) {
        return send("PUT", "/Groups/" + group, body);
    }

    static String members(Collection<?> ids) {
        return ids.stream().map(id -> "{\"value\":\"%s\"}".formatted(id(id)))
            .collect(Collectors.joining(",", "[", "]"));
    }

    private static String id(Object one) {
        return one instanceof User user ? user.id().toString() : one instanceof TestUser user ? user.id()
            : (String) one;
    }

    /// As the group shows them.
    List<String> membersOf(String group) {
        var answer = get("/Groups/" + group);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.each("/members", "/value");
    }

    /// As the rows have them, in order.
    List<String> rowsOf(String group) {
        return org().roster().sql("SELECT user_id::text FROM role_members WHERE org_id = ? AND role_id = ?::uuid "
            + "ORDER BY user_id", org().id().value(), group).stream().map(row -> (String) row.getFirst()).toList();
    }

    /// Actions since a version, with how often each is there.
    Map<String, Long> entriesSince(long version) {
        return org().roster().sql("SELECT action FROM audit_entries WHERE org_id = ? AND version > ?",
            org().id().value(), version).stream()
            .collect(Collectors.groupingBy(row -> (String) row.getFirst(), Collectors.counting()));
    }

    String etag(String group) {
        return get("/Groups/%s?excludedAttributes=members".formatted(group)).header("ETag").orElseThrow();
    }

    String lastModified(String group) {
        return get("/Groups/%s?excludedAttributes=members".formatted(group)).text("/meta/lastModified");
    }
}
