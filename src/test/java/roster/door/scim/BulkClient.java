package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import roster.support.Answer;
import roster.support.TestOrg;
import tools.jackson.databind.JsonNode;

/// A directory that sends many changes in one request.
record BulkClient(UserClient users, GroupClient groups) {
    static BulkClient of(TestOrg org) {
        return new BulkClient(UserClient.of(org), GroupClient.of(org.founder()));
    }

    BulkClient below(String base) {
        return new BulkClient(users.below(base), groups.below(base));
    }

    BulkClient at(String node) {
        return new BulkClient(users.at(node), groups.at(node));
    }

    TestOrg org() {
        return users.org();
    }

    /// All operations as one text, and what else is sent.
    Answer sendAll(String operations, String more) {
        return users.send("POST", "/Bulk", body(operations, more), Map.of());
    }

    /// Operations, of which some may be refused.
    Answer send(String... operations) {
        return UserClient.ok(sendAll(String.join(",", operations), ""), 200);
    }

    /// Operations that must all succeed.
    Answer done(String... operations) {
        var answer = send(operations);
        assertThat(answer.each("/Operations", "/status")).as(answer.toString()).hasSize(operations.length)
            .allMatch(status -> status.startsWith("2"));
        return answer;
    }

    static String body(String operations, String more) {
        return "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:BulkRequest\"],\"Operations\":[%s]%s}"
            .formatted(operations, more.isEmpty() ? "" : "," + more);
    }

    static String post(String path, String bulkId, String data) {
        return "{\"method\":\"POST\",\"path\":\"%s\",\"bulkId\":\"%s\",\"data\":%s}".formatted(path, bulkId, data);
    }

    static String change(String method, String path, String data) {
        return "{\"method\":\"%s\",\"path\":\"%s\",\"data\":%s}".formatted(method, path, data);
    }

    static String delete(String path) {
        return "{\"method\":\"DELETE\",\"path\":\"%s\"}".formatted(path);
    }

    /// The creation of a person, whose `bulkId` is the name.
    static String person(String name, String... more) {
        return post("/Users", name, UserClient.person(name + "@acme.test", String.join(",", more)));
    }

    static String managedBy(String manager) {
        return "\"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\":{\"manager\":{\"value\":\"%s\"}}"
            .formatted(manager);
    }

    /// The creation of a group, whose `bulkId` is the name.
    static String group(String name, String... members) {
        return post("/Groups", name, "{\"displayName\":\"%s\",\"members\":%s}".formatted(name,
            GroupClient.members(List.of(members))));
    }

    static List<String> statuses(Answer answer) {
        return answer.each("/Operations", "/status");
    }

    /// The id of what an operation was about.
    static String id(Answer answer, int operation) {
        var location = answer.text("/Operations/%d/location".formatted(operation));
        return location.substring(location.lastIndexOf('/') + 1);
    }

    static void refused(Answer answer, int operation, int status, String scimType) {
        JsonNode one = answer.at("/Operations/" + operation);
        assertThat(one.path("status").asString()).as(answer.toString()).isEqualTo(Integer.toString(status));
        assertThat(one.at("/response/status").asString()).isEqualTo(Integer.toString(status));
        assertThat(one.at("/response/scimType").asString("")).as(answer.toString()).isEqualTo(scimType);
        assertThat(one.at("/response/detail").asString("")).isNotEmpty();
        assertThat(one.has("version")).isFalse();
    }

    /// So many operations.
    static String numbered(int count, IntFunction<String> operation) {
        return IntStream.range(0, count).mapToObj(operation).collect(Collectors.joining(","));
    }
}
