package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import roster.support.Answer;
import roster.support.TestOrg;
import roster.support.TestUser;

/// A directory that provisions people, with the application key of an administrator.
///
/// @param node where it asks
record UserClient(TestUser admin, String node, String base) implements DirectoryClient {
    static UserClient of(TestOrg org) {
        return new UserClient(org.founder(), org.roster().address(), "/scim/v2");
    }

    UserClient at(String other) {
        return new UserClient(admin, other, base);
    }

    UserClient below(String other) {
        return new UserClient(admin, node, other);
    }

    Answer get(String id) {
        return send("GET", "/Users/" + id, null);
    }

    Answer filtered(String filter) {
        return filtered("/Users", filter);
    }

    Answer post(String body) {
        return send("POST", "/Users", body);
    }

    Answer put(String id, String body) {
        return send("PUT", "/Users/" + id, body);
    }

    Answer patch(String id, String operations) {
        return send("PATCH", "/Users/" + id, DirectoryClient.operations(operations));
    }

    Answer delete(String id) {
        return send("DELETE", "/Users/" + id, null);
    }

    /// What most directories send of a person.
    static String person(String email, String more) {
        return """
            {"userName":"%s","name":{"givenName":"Ann","familyName":"Lee"},"displayName":"Ann Lee",
             "emails":[{"value":"%1$s","type":"work","primary":true}]%s}""".formatted(email,
            more.isEmpty() ? "" : "," + more);
    }

    /// A new person, by their id.
    String created(String body) {
        return ok(post(body), 201).text("/id");
    }

    static Answer ok(Answer answer, int status) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        return answer;
    }

    static Answer refused(Answer answer, int status, String scimType) {
        ok(answer, status);
        assertThat(answer.at("/scimType").asString("")).as(answer.toString()).isEqualTo(scimType);
        return answer;
    }

    /// The user as the contract's API shows them.
    Answer user(String id) {
        return ok(admin.get("/api/v2/users/" + id), 200);
    }

    String status(String id) {
        return user(id).text("/data/attributes/status");
    }

    /// Makes a person one who has come in, with a role and keys.
    TestUser joined(String id, List<String> roles) {
        var user = org().write(tx -> {
            var program = org().roster().program();
            var verified =
                program.user.users.verify(tx, program.user.users.named(tx, org().id(), id), "user.verified", true);
            roles.forEach(
                role -> program.user.members.add(tx, program.role.roles.named(tx, org().id(), role), verified));
            return verified;
        });
        return new TestUser(org(), user, org().apiKey(), org().newApplicationKey(user, Optional.empty()));
    }

    /// Actions of the entries since a version, in order.
    List<String> entriesSince(long version) {
        return org().roster().sql("SELECT action FROM audit_entries WHERE org_id = ? AND version > ? "
            + "ORDER BY version, entry", org().id().value(), version).stream().map(row -> (String) row.getFirst())
            .toList();
    }
}
