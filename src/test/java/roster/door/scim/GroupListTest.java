package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.model.Role;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Lists of groups: the contract's section 9.
class GroupListTest {
    private static final String LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    /// Three managed roles, then these.
    private record Groups(GroupClient client, TestUser bob, String dev, String ops) {
        static Groups made() {
            var client = GroupClient.of(roster.newOrg("acme").newAdmin("ada@acme.test"));
            var bob = client.org().newUser("bob@acme.test");
            var dev = client.create("Dev", bob);
            var ops = client.create("Öps", bob, client.admin());
            client.put(ops, "{\"displayName\":\"Öps\",\"externalId\":\"Ext\"}");
            return new Groups(client, bob, dev, ops);
        }

        List<String> names(String filter) {
            var answer = client.filtered(filter.replace("$bob", bob.id()).replace("$ada", client.admin().id())
                .replace("$ops", ops).replace("$dev", dev));
            assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
            assertThat(answer.at("/totalResults").asInt()).isEqualTo(answer.at("/Resources").size());
            return answer.each("/Resources", "/displayName");
        }

        List<String> listed(String query) {
            var answer = client.get("/Groups?" + query);
            assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
            return answer.each("/Resources", "/displayName");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
        value = {"id eq \"$ops\" | Öps", "displayName eq \"öPS\" | Öps", "displayname EQ dev | Dev",
            "externalId eq \"Ext\" | Öps", "externalId eq \"ext\" | ''", "members eq \"$ada\" | Datadog Admin Role,Öps",
            "members.value eq \"$bob\" | Dev,Öps", "members[value eq \"$bob\"] | Dev,Öps",
            "id eq \"$ops\" and members eq \"$ada\" | Öps", "id eq \"$dev\" and members eq \"$ada\" | ''",
            "members eq \"$bob\" and members eq \"$ada\" | Öps",
            "members eq \"$bob\" and not (members eq \"$ada\") | Dev",
            "displayName co \"e\" and members eq \"$bob\" | Dev", "displayName eq \"dev\" or id eq \"$ops\" | Dev,Öps",
            "not (displayName sw \"Datadog\") | Dev,Öps", "displayName ne \"dev\" and displayName co \"p\" | Öps",
            "externalId pr | Öps", "members.display co \"BOB\" | Dev,Öps", "members[type eq \"Group\"] | ''",
            "not (members pr) and displayName sw d | Datadog Read Only Role,Datadog Standard Role",
            "meta.resourceType eq \"Group\" and displayName sw \"De\" | Dev",
            "meta.created gt \"2020-01-01T00:00:00+05:00\" and displayName gt \"e\" | Öps",
            "urn:ietf:params:scim:schemas:core:2.0:Group:displayName eq \"dev\" | Dev", "members eq \"nobody\" | ''",
            "displayName eq \"none\" | ''", "id eq \"x\" | ''", "displayName eq null | ''"})
    void filters_find_what_matches(String filter, String names) {
        var expected = names.isEmpty() ? new String[0] : names.split(",");
        assertThat(Groups.made().names(filter)).containsExactly(expected);
    }

    @Test
    void service_accounts_are_members_of_nothing_in_a_filter() {
        var groups = Groups.made();
        var bot = groups.client().org().newServiceAccount("bot@acme.test", List.of(groups.ops()));

        assertThat(groups.names("members eq \"%s\"".formatted(bot.id()))).isEmpty();
        assertThat(groups.names("members co \"%s\"".formatted(bot.id()))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"displayName eq 'Ops'", "displayName", "userName eq \"x\"", "displayName xx \"a\"",
        "displayName eq \"a\" and", "(displayName pr"})
    void bad_filters_are_refused(String filter) {
        var answer = Groups.made().client().filtered(filter);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
        assertThat(answer.text("/scimType")).isEqualTo("invalidFilter");
    }

    @Test
    void a_list_without_parameters_has_all_groups_with_their_members_the_oldest_first() {
        var groups = Groups.made();

        var answer = groups.client().get("/Groups");

        assertThat(answer.json().propertyNames()).containsExactly("schemas", "totalResults", "startIndex",
            "itemsPerPage",
            "Resources");
        assertThat(answer.texts("/schemas")).containsExactly(LIST);
        assertThat(answer.at("/totalResults").asInt()).isEqualTo(5);
        assertThat(answer.at("/startIndex").asInt()).isEqualTo(1);
        assertThat(answer.at("/itemsPerPage").asInt()).isEqualTo(5);
        assertThat(answer.each("/Resources", "/displayName")).endsWith("Dev", "Öps");
        assertThat(answer.at("/Resources/4").toString())
            .isEqualTo(groups.client().get("/Groups/" + groups.ops()).text());
        assertThat(answer.each("/Resources/4/members", "/value"))
            .containsExactlyInAnyOrder(groups.bob().id(), groups.client().admin().id());
        assertThat(answer.at("/Resources/0/members").isArray()).isTrue();
        assertThat(groups.client().get("/Groups").text()).isEqualTo(answer.text());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
        value = {"count=0 | 1,0", "count=-3 | 1,0", "count=2 | 1,2", "startIndex=0&count=2 | 1,2",
            "startIndex=-5 | 1,5", "startIndex=5 | 5,1", "startIndex=6 | 6,0", "count=5000 | 1,5",
            "count=99999999999999999999 | 1,5", "startIndex=4&count=9 | 4,2"})
    void pages_are_counted_from_one_and_say_what_is_in_them(String query, String expected) {
        var answer = Groups.made().client().get("/Groups?" + query);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.at("/startIndex").asInt() + "," + answer.at("/itemsPerPage").asInt()).isEqualTo(expected);
        assertThat(answer.at("/Resources")).hasSize(answer.at("/itemsPerPage").asInt());
        assertThat(answer.at("/totalResults").asInt()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"startIndex=x", "count=1.5", "count=ten", "sortBy=userName", "sortBy=members",
        "sortOrder=up&sortBy=id"})
    void bad_parameters_are_refused(String query) {
        var answer = Groups.made().client().get("/Groups?" + query);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
        assertThat(answer.text("/scimType")).isEqualTo("invalidValue");
    }

    @Test
    void pages_together_are_the_list() {
        var client = GroupClient.of(roster.newOrg("acme").newAdmin("ada@acme.test"));
        for (int i = 0; i < 250; i++) {
            client.org().newRole("role " + i, List.of());
        }
        var all = client.get("/Groups?count=1000&excludedAttributes=members").each("/Resources", "/id");

        var paged = new ArrayList<String>();
        for (int start = 1; start <= 253; start += 100) {
            paged.addAll(client.get("/Groups?startIndex=" + start).each("/Resources", "/id"));
        }
        assertThat(all).hasSize(253).doesNotHaveDuplicates();
        assertThat(paged).isEqualTo(all);
    }

    @Test
    void groups_are_sorted_and_those_without_a_value_come_last_or_first() {
        var groups = Groups.made();
        var managed = List.of(Role.Managed.ADMIN.roleName(), Role.Managed.READ_ONLY.roleName(),
            Role.Managed.STANDARD.roleName());

        assertThat(groups.listed("sortBy=displayName")).containsSubsequence(managed).endsWith("Dev", "Öps");
        assertThat(groups.listed("sortBy=DISPLAYNAME&sortOrder=Descending")).startsWith("Öps", "Dev");
        assertThat(groups.listed("sortBy=externalId")).startsWith("Öps");
        assertThat(groups.listed("sortBy=externalId&sortOrder=descending")).endsWith("Öps");
        assertThat(groups.listed("sortBy=meta.created")).isEqualTo(groups.listed(""));
        assertThat(groups.listed("sortBy=urn:ietf:params:scim:schemas:core:2.0:Group:displayName"))
            .isEqualTo(groups.listed("sortBy=displayName"));
        groups.client().patched(groups.dev(), "{\"op\":\"remove\",\"path\":\"members\"}");
        assertThat(groups.listed("sortBy=meta.lastModified&sortOrder=descending")).startsWith("Dev");
    }
}
