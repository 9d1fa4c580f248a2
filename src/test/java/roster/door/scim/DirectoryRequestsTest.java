package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.base.work.Stop;
import roster.core.provisioning.DirectoryMarks.Mark;
import roster.core.provisioning.DirectoryRequest.Failure;
import roster.core.provisioning.DirectoryRequests;
import roster.core.provisioning.DirectoryRequests.Client;
import roster.core.provisioning.DirectoryRequests.Failed;
import roster.model.Role;
import roster.model.User;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// What is noted of the requests of directories, and what is not.
@Timeout(60)
class DirectoryRequestsTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static DirectoryRequests requests() {
        return roster.program().provisioning.requests;
    }

    private static List<Client> clients(TestOrg org) {
        requests().write();
        return roster.db().read(tx -> requests().clients(tx, org.id()));
    }

    private static List<Failed> failures(TestOrg org) {
        requests().write();
        return roster.db().read(tx -> requests().failures(tx, org.id()));
    }

    private static UserClient client(TestUser user) {
        return new UserClient(user, roster.address(), "/scim/v2");
    }

    @Test
    void the_last_request_with_each_key_is_noted_with_what_the_client_calls_itself() {
        var org = roster.newOrg("noted");
        var okta = client(org.newAdmin("okta@noted.test"));
        okta.send("GET", "/Users?filter=userName%20eq%20%22ann@noted.test%22", null);
        okta.send("GET", "/ServiceProviderConfig", null,
            Map.of("User-Agent", "Okta\tSCIM Client 1.0.0 ann@noted.test (+mailto:ann@noted.test)"));
        client(org.newAdmin("other@noted.test")).below("/api/v2/scim").send("GET", "/Groups", null,
            Map.of("User-Agent", "x".repeat(5000)));
        org.founder().get("/api/v2/users");

        assertThat(clients(org)).extracting(Client::method, Client::route, Client::status, Client::agent)
            .containsExactly(
                tuple("GET", "/api/v2/scim/Groups", 200, "x".repeat(100) + "…"),
                tuple("GET", "/scim/v2/ServiceProviderConfig", 200,
                    "Okta SCIM Client 1.0.0"));
        assertThat(failures(org)).isEmpty();
    }

    @Test
    void failures_that_are_alike_are_told_together_without_what_was_sent() {
        var org = roster.newOrg("alike");
        var client = UserClient.of(org);
        client.created(UserClient.person("zelda@alike.test", ""));
        UserClient.refused(client.post(UserClient.person("zelda@alike.test", "")), 409, "uniqueness");
        UserClient.refused(client.post(UserClient.person("zelda@alike.test", "")), 409, "uniqueness");
        UserClient.refused(client.post("{\"displayName\":\"Zelda\"}"), 400, "invalidValue");
        UserClient.refused(client.filtered("zelda eq \"zelda@alike.test\""), 400, "invalidFilter");

        assertThat(failures(org)).extracting(Failed::route, Failed::status, Failed::failure, Failed::times)
            .containsExactlyInAnyOrder(
                tuple("/scim/v2/Users", 409, new Failure("uniqueness", "userName", ""),
                    2L),
                tuple("/scim/v2/Users", 400, new Failure("invalidValue", "userName", ""),
                    1L),
                tuple("/scim/v2/Users", 400, new Failure("invalidFilter", "", ""), 1L));
        for (var table : List.of("scim_clients", "scim_failures")) {
            assertThat(roster.sql("SELECT t::text FROM " + table + " t WHERE org_id = ?", org.id().value()).toString())
                .doesNotContainIgnoringCase("zelda");
        }
    }

    @Test
    void of_a_failure_it_is_known_whom_it_was_about_and_which_permission_is_missing() {
        var org = roster.newOrg("about");
        var client = UserClient.of(org);
        var unknown = UUID.randomUUID().toString();
        client.get(unknown.toUpperCase(Locale.ROOT));
        client.get("no-id");
        client(org.newStandard("standard@about.test")).get(unknown);
        assertThat(failures(org)).extracting(Failed::status, Failed::failure).containsExactlyInAnyOrder(
            tuple(404, new Failure("", "", unknown)),
            tuple(404, new Failure("", "", "")),
            tuple(403, new Failure("", "user_access_manage", unknown)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/scim/v2", "/api/v2/scim"})
    void what_fails_within_a_bulk_request_is_told_as_a_request_of_its_own_would_be(String base) {
        var org = roster.newOrg("bulk");
        var client = BulkClient.of(org).below(base);
        var ann = client.users().created(UserClient.person("zelda@bulk.test", ""));
        var unknown = UUID.randomUUID().toString();
        var again = UserClient.person("zelda@bulk.test", "");
        var answer = client.send(BulkClient.post("/Users", "zelda1", again), BulkClient.post("/Users", "zelda2", again),
            BulkClient.change("PATCH", "/Users/" + unknown, DirectoryClient.operations(
                "{\"op\":\"replace\",\"path\":\"title\",\"value\":\"Zelda\"}")),
            BulkClient.change("PATCH", "/Users/" + ann, DirectoryClient.operations(
                "{\"op\":\"replace\",\"path\":\"title\",\"value\":\"CEO\"}")),
            BulkClient.change("PATCH", "/Users/" + ann, DirectoryClient.operations(
                "{\"op\":\"replace\",\"path\":\"active\",\"value\":\"Zelda\"}")),
            BulkClient.post("/Groups", "zelda3", "{\"displayName\":\"Z\",\"members\":[{\"value\":\"bulkId:zelda1\"}]}"),
            BulkClient.delete("/Groups/" + org.managed(Role.Managed.STANDARD)),
            BulkClient.delete("/Users/" + org.founder().id()), BulkClient.delete("/Zelda/zelda@bulk.test"),
            BulkClient.change("ZELDA", "/Users/" + ann, "{}"));
        assertThat(BulkClient.statuses(answer)).containsExactly("409", "409", "404", "200", "400", "400", "403", "403",
            "404", "405");

        assertThat(clients(org)).extracting(Client::method, Client::route, Client::status)
            .containsExactly(tuple("POST", base + "/Bulk", 200));
        assertThat(failures(org))
            .extracting(Failed::method, Failed::route, Failed::status, Failed::failure, Failed::times)
            .containsExactlyInAnyOrder(
                tuple("POST", base + "/Users", 409, new Failure("uniqueness", "userName", ""), 2L),
                tuple("PATCH", base + "/Users/{id}", 404, new Failure("", "", unknown), 1L),
                tuple("PATCH", base + "/Users/{id}", 400, new Failure("invalidValue", "active", ann), 1L),
                tuple("POST", base + "/Groups", 400, new Failure("invalidValue", "bulkId", ""), 1L),
                tuple("DELETE", base + "/Groups/{id}", 403, new Failure("", "",
                    org.managed(Role.Managed.STANDARD).toString()), 1L),
                tuple("DELETE", base + "/Users/{id}", 403, new Failure("", Failure.LAST_ADMINISTRATOR,
                    org.founder().id().toString()), 1L),
                tuple("POST", base + "/Bulk", 404, new Failure("", "", ""), 1L),
                tuple("POST", base + "/Bulk", 405, new Failure("", "", ""), 1L));
        assertThat(roster.sql("SELECT t::text FROM scim_failures t WHERE org_id = ?", org.id().value()).toString())
            .doesNotContainIgnoringCase("zelda");
    }

    @Test
    void a_directory_outside_the_networks_and_the_last_administrator_are_told_of() {
        var org = roster.newOrg("outside");
        var founder = org.founder();
        UserClient.of(org).delete(founder.user().id().toString());
        assertThat(founder.patch("/api/v2/ip_allowlist", """
            {"data":{"type":"ip_allowlist","attributes":{"enabled":true,"entries":[
             {"data":{"type":"ip_allowlist_entry","attributes":{"cidr_block":"127.0.0.1","note":""}}}]}}}""").status())
            .isEqualTo(200);
        assertThat(UserClient.of(org).send("GET", "/Users", null, Map.of("X-Forwarded-For", "198.51.100.7")).status())
            .isEqualTo(403);
        assertThat(failures(org)).extracting(Failed::status, failed -> failed.failure().about())
            .containsExactlyInAnyOrder(tuple(403, Failure.LAST_ADMINISTRATOR),
                tuple(403, Failure.NETWORKS));
    }

    @Test
    void an_organisation_has_so_many_failures_and_no_more_and_those_of_others_are_not_among_them() {
        var org = roster.newOrg("many");
        var client = UserClient.of(org);
        for (var i = 0; i < DirectoryRequests.FAILURES_MAX + 5; i++) {
            client.get(UUID.randomUUID().toString());
        }
        assertThat(failures(org)).hasSize(DirectoryRequests.FAILURES_MAX);
        var last = UUID.randomUUID().toString();
        client.get(last);
        assertThat(failures(org)).hasSize(DirectoryRequests.FAILURES_MAX).extracting(Failed::failure)
            .contains(new Failure("", "", last));
        assertThat(failures(roster.newOrg("none"))).isEmpty();
    }

    @Test
    void what_two_nodes_note_is_told_together_and_goes_after_thirty_days() {
        var org = roster.newOrg("nodes");
        var id = UUID.randomUUID().toString();
        try (var other = roster.anotherNode(Map.of())) {
            UserClient.of(org).get(id);
            UserClient.of(org).at(other.address()).get(id);
            other.roster.provisioning.requests.write();
            assertThat(failures(org)).extracting(Failed::times).containsExactly(2L);
        }
        for (var table : Map.of("scim_clients", "at", "scim_failures", "last_at").entrySet()) {
            roster.sql("UPDATE %s SET %s = roster_now() - interval '31 days' WHERE org_id = ?".formatted(table.getKey(),
                table.getValue()), org.id().value());
        }
        assertThat(clients(org)).isEmpty();
        assertThat(failures(org)).isEmpty();
        requests().sweep(new Stop());
        for (var table : List.of("scim_clients", "scim_failures")) {
            assertThat(roster.sqlValue("SELECT count(*) FROM " + table + " WHERE org_id = ?", org.id().value()))
                .isEqualTo(0L);
        }
    }

    @Test
    void whom_and_what_a_directory_looks_after_is_known() {
        var org = roster.newOrg("marks");
        var client = UserClient.of(org);
        var ann = new User.Id(UUID.fromString(client.created(UserClient.person("ann@marks.test", ""))));
        var group = new Role.Id(UUID.fromString(UserClient.ok(client.send("POST", "/Groups",
            "{\"displayName\":\"Ops\"}"), 201).text("/id")));
        var other = org.newRole("Other", List.of("dashboards_read"));
        var bob = org.newPending("bob@marks.test").id();
        var marks = roster.program().provisioning.marks;
        var directory = Optional.of(org.founder().email());

        roster.db().read(tx -> {
            assertThat(marks.ofUser(tx, org.id(), ann)).contains(new Mark(directory, false));
            assertThat(marks.ofUser(tx, org.id(), bob)).isEmpty();
            assertThat(marks.ofUsers(tx, org.id(), List.of(bob, ann, org.founder().user().id())))
                .isEqualTo(Map.of(ann, new Mark(directory, false)));
            assertThat(marks.ofUsers(tx, org.id(), List.of())).isEmpty();
            assertThat(marks.ofRoles(tx, org.id(), List.of(group, other))).isEqualTo(Map.of(group,
                new Mark(directory, false)));
            assertThat(marks.people(tx, org.id())).isEqualTo(1);
            assertThat(marks.people(tx, org.id(), 0, 10)).extracting(person -> person.userName())
                .containsExactly("ann@marks.test");
            assertThat(marks.groups(tx, org.id(), 0, 10)).extracting(one -> one.name()).containsExactly("Ops");
            return null;
        });
        client.delete(ann.toString());
        client.send("DELETE", "/Groups/" + group, null);
        roster.db().read(tx -> {
            assertThat(marks.ofUser(tx, org.id(), ann)).contains(new Mark(directory, true));
            assertThat(marks.people(tx, org.id())).isZero();
            assertThat(marks.groups(tx, org.id())).isZero();
            return null;
        });
        org.founder().patch("/api/v2/users/" + ann, """
            {"data":{"type":"users","id":"%s","attributes":{"disabled":false}}}""".formatted(ann));
        roster.db().read(tx -> {
            assertThat(marks.ofUser(tx, org.id(), ann)).as("enabled by another door").isEmpty();
            assertThat(marks.people(tx, org.id())).isZero();
            assertThat(marks.people(tx, org.id(), 0, 10)).isEmpty();
            return null;
        });
    }
}
