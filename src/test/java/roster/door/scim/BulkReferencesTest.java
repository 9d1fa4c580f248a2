package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.door.scim.BulkClient.change;
import static roster.door.scim.BulkClient.delete;
import static roster.door.scim.BulkClient.group;
import static roster.door.scim.BulkClient.id;
import static roster.door.scim.BulkClient.managedBy;
import static roster.door.scim.BulkClient.person;
import static roster.door.scim.BulkClient.statuses;
import static roster.door.scim.UserClient.ok;
import static roster.door.scim.DirectoryClient.operations;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.TestRoster;

/// Operations of a bulk request that refer to what others of it create: the contract's section 11.
class BulkReferencesTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private final BulkClient client = BulkClient.of(roster.newOrg("acme"));

    private static String manager(BulkClient client, String id) {
        return client.users().get(id)
            .text("/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/manager/value");
    }

    @Test
    void references_are_found_wherever_ids_are_sent() {
        var ops = client.groups().create("Ops");
        var answer = client.done(person("ann"), group("Dev"),
            person("bob", "\"roles\":[{\"value\":\"bulkId:Dev\"}]", managedBy("bulkId:ann")),
            change("PATCH", "/Groups/" + ops,
                operations("{\"op\":\"add\",\"value\":{\"members\":[{\"value\":\"bulkId:ann\"},\"bulkId:bob\"]}}")),
            change("PATCH", "/Groups/bulkId:Dev",
                operations("{\"op\":\"add\",\"path\":\"members\",\"value\":{\"value\":\"bulkId:ann\"}}")),
            change("PATCH", "/Groups/" + ops,
                operations("{\"op\":\"remove\",\"path\":\"members[value eq \\\"bulkId:bob\\\"]\"}")),
            change("PATCH", "Users/bulkId%3Aann/", operations("""
                {"op":"replace","path":"manager","value":"bulkId:bob"},
                {"op":"add","path":"roles","value":"bulkId:Dev"}""")),
            change("PUT", "//Users/bulkId:bob", UserClient.person("bob@acme.test", managedBy("BULKID:ann"))));

        var ann = id(answer, 0);
        var dev = id(answer, 1);
        var bob = id(answer, 2);
        assertThat(answer.each("/Operations", "/location").stream().map(at -> at.replaceAll(".*/", "")))
            .containsExactly(ann, dev, bob, ops, dev, ops, ann, bob);
        assertThat(client.groups().membersOf(ops)).containsExactly(ann);
        assertThat(client.groups().membersOf(dev)).containsExactlyInAnyOrder(ann, bob);
        assertThat(manager(client, ann)).isEqualTo(bob);
        assertThat(manager(client, bob)).isEqualTo(ann);
    }

    @Test
    void an_operation_waits_for_those_it_names_and_the_order_of_the_answers_stays() {
        var answer = client.done(group("Ops", "bulkId:bob", "bulkId:ann"),
            change("PATCH", "/Users/bulkId:bob", operations("{\"op\":\"add\",\"path\":\"title\",\"value\":\"CTO\"}")),
            person("bob", managedBy("bulkId:ann")), person("ann", managedBy("bulkId:cat")), person("cat"));

        assertThat(answer.each("/Operations", "/bulkId")).containsExactly("Ops", "", "bob", "ann", "cat");
        assertThat(client.groups().membersOf(id(answer, 0))).containsExactlyInAnyOrder(id(answer, 2), id(answer, 3));
        assertThat(client.users().get(id(answer, 2)).text("/title")).isEqualTo("CTO");
        assertThat(manager(client, id(answer, 2))).isEqualTo(id(answer, 3));
        assertThat(manager(client, id(answer, 3))).isEqualTo(id(answer, 4));
    }

    @Test
    void managers_who_name_each_other_are_made_and_then_linked() {
        var version = client.org().version();

        var answer = client.done(person("ann", managedBy("bulkId:bob")),
            person("eve", managedBy("bulkId:eve"), "\"roles\":[\"bulkId:Ops\"]"),
            person("bob", managedBy("bulkId:cat")), group("Ops", "bulkId:ann"),
            person("cat", managedBy("bulkId:ann"), "\"roles\":[\"bulkId:Dev\"]"), group("Dev"),
            person("dan", managedBy("bulkId:bob")));

        assertThat(manager(client, id(answer, 0))).isEqualTo(id(answer, 2));
        assertThat(manager(client, id(answer, 1))).isEqualTo(id(answer, 1));
        assertThat(manager(client, id(answer, 2))).isEqualTo(id(answer, 4));
        assertThat(manager(client, id(answer, 4))).isEqualTo(id(answer, 0));
        assertThat(manager(client, id(answer, 6))).isEqualTo(id(answer, 2));
        assertThat(client.groups().membersOf(id(answer, 3))).containsExactlyInAnyOrder(id(answer, 0), id(answer, 1));
        assertThat(client.groups().membersOf(id(answer, 5))).containsExactly(id(answer, 4));
        assertThat(client.org().version()).as("a circle is one write").isEqualTo(version + 5);
        for (var i : List.of(1, 2, 4)) {
            assertThat(answer.text("/Operations/" + i + "/version"))
                .isEqualTo(client.users().get(id(answer, i)).text("/meta/version"));
        }
    }

    @Test
    void of_a_circle_all_are_made_or_none() {
        var bob = client.users().created(UserClient.person("bob@acme.test", ""));
        var version = client.org().version();

        var answer = client.send(person("ann", managedBy("bulkId:bob")), person("bob", managedBy("bulkId:ann")),
            person("cat", managedBy("bulkId:ann")), group("Ops", "bulkId:ann", bob));

        BulkClient.refused(answer, 0, 400, "invalidValue");
        BulkClient.refused(answer, 1, 409, "uniqueness");
        BulkClient.refused(answer, 2, 400, "invalidValue");
        BulkClient.refused(answer, 3, 400, "invalidValue");
        assertThat(client.org().version()).isEqualTo(version);
        assertThat(client.users().filtered("userName eq \"ann@acme.test\"").at("/totalResults").asInt()).isZero();
    }

    @Test
    void what_waits_for_itself_in_another_way_is_refused() {
        var version = client.org().version();

        var answer = client.send(person("ann", "\"roles\":[\"bulkId:Ops\"]"), group("Ops", "bulkId:ann"));

        BulkClient.refused(answer, 0, 400, "invalidValue");
        BulkClient.refused(answer, 1, 400, "invalidValue");
        assertThat(client.org().version()).isEqualTo(version);
    }

    @Test
    void who_depends_on_what_failed_or_is_unknown_is_refused() {
        client.users().created(UserClient.person("ann@acme.test", ""));
        var ops = client.groups().create("Ops");
        var version = client.org().version();

        var answer = client.send(group("Dev", "bulkId:ann", "bulkId:bob"), person("ann"), person("bob"),
            change("PATCH", "/Users/bulkId:ann", operations("{\"op\":\"add\",\"path\":\"title\",\"value\":\"x\"}")),
            delete("/Users/bulkId:ann"), delete("/Users/bulkId:nobody"),
            change("PATCH", "/Groups/" + ops,
                operations("{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"bulkId:Bob\"}]}")),
            "{\"method\":\"PATCH\",\"path\":\"/Groups/%s\",\"bulkId\":\"ops\",\"data\":%s}".formatted(ops,
                operations("{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"bulkId:bob\"}]}")),
            person("cat", "\"roles\":[\"bulkId:ops\"]"), person("dan", managedBy("bulkId:Dev")));

        assertThat(statuses(answer)).containsExactly("400", "409", "201", "400", "400", "400", "400", "204", "400",
            "400");
        for (var i : List.of(0, 3, 4, 5, 6, 8, 9)) {
            BulkClient.refused(answer, i, 400, "invalidValue");
        }
        assertThat(answer.at("/Operations/3").has("location")).isFalse();
        assertThat(client.org().version()).isEqualTo(version + 2);
    }

    @Test
    void only_ids_are_references() {
        var answer = client.done(person("ann", "\"title\":\"bulkId:nobody\",\"nickName\":\"bulkId:bob\""));

        assertThat(client.users().get(id(answer, 0)).text("/title")).isEqualTo("bulkId:nobody");
        ok(client.users().send("POST", "/Groups", "{\"displayName\":\"Ops\",\"members\":[{\"value\":\"bulkId:ann\"}]}"),
            400);
    }
}
