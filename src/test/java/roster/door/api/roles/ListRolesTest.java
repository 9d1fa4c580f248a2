package roster.door.api.roles;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.model.Role;
import roster.support.TestRoster;
import roster.support.TestUser;

class ListRolesTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static List<String> names(TestUser caller, String query) {
        var answer = caller.get("/api/v2/roles?" + query);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.each("/data", "/attributes/name");
    }

    @Test
    void every_organisation_has_the_three_managed_roles() {
        var answer = roster.newOrg("acme").founder().get("/api/v2/roles");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).contains("application/json");
        assertThat(answer.json().propertyNames()).containsExactly("data", "meta");
        assertThat(answer.each("/data", "/attributes/name")).containsExactly("Datadog Admin Role",
            "Datadog Read Only Role", "Datadog Standard Role");
        assertThat(answer.each("/data", "/attributes/managed")).containsOnly("true");
        assertThat(answer.at("/meta").toString())
            .isEqualTo("{\"page\":{\"total_count\":3,\"total_filtered_count\":3}}");
    }

    @Test
    void each_managed_role_holds_all_of_the_lesser_one() {
        var answer = roster.newOrg("acme").founder().get("/api/v2/roles");

        var admin = answer.each("/data/0/relationships/permissions/data", "/id");
        var reader = answer.each("/data/1/relationships/permissions/data", "/id");
        var standard = answer.each("/data/2/relationships/permissions/data", "/id");

        assertThat(reader).isNotEmpty().isSubsetOf(standard);
        assertThat(standard).isSubsetOf(admin).hasSizeGreaterThan(reader.size());
        assertThat(admin).hasSizeGreaterThan(standard.size()).doesNotHaveDuplicates();
    }

    @Test
    void a_clients_look_up_by_name_hits_exactly_one() {
        var founder = roster.newOrg("acme").founder();

        assertThat(names(founder, "filter=Datadog+Admin+Role")).containsExactly("Datadog Admin Role");
        assertThat(names(founder, "filter=datadog%20STANDARD")).containsExactly("Datadog Standard Role");
    }

    @Test
    void a_role_counts_its_enabled_members() {
        var org = roster.newOrg("acme");
        org.newStandard("ann@acme.test");
        org.founder().delete("/api/v2/users/" + org.newStandard("bob@acme.test").id());

        var answer = org.founder().get("/api/v2/roles");

        assertThat(answer.each("/data", "/attributes/user_count")).containsExactly("1", "0", "1");
    }

    @ParameterizedTest
    @CsvSource({"sort=name, a B c", "sort=-name, c B a", "sort=modified_at, c a B", "sort=-modified_at, B a c",
        "sort=user_count, B c a", "sort=-user_count, a c B", "sort=, a B c"})
    void roles_sort_by(String query, String order) {
        var org = roster.newOrg("acme");
        var c = org.newRole("c x", List.of()).toString();
        var a = org.newRole("a x", List.of()).toString();
        org.newRole("B x", List.of());
        org.newUserWith("ann@acme.test", List.of(a));
        org.newUserWith("bob@acme.test", List.of(a, c));

        assertThat(names(org.founder(), query + "&filter=+x").stream().map(name -> name.substring(0, 1)))
            .containsExactly(order.split(" "));
    }

    @Test
    void a_filter_has_no_special_characters() {
        var org = roster.newOrg("acme");
        org.newRole("100% yours", List.of());
        org.newRole("under_score", List.of());

        assertThat(names(org.founder(), "filter=%25")).containsExactly("100% yours");
        assertThat(names(org.founder(), "filter=_")).containsExactly("under_score");
        assertThat(names(org.founder(), "filter=*")).isEmpty();
    }

    @Test
    void roles_can_be_asked_for_by_their_ids() {
        var org = roster.newOrg("acme");
        var one = org.newRole("one", List.of());
        var two = org.newRole("two", List.of());
        var foreign = roster.newOrg("other").managed(Role.Managed.ADMIN);

        var ids = "%s,%s,%s,%s,nonsense".formatted(two, one, UUID.randomUUID(), foreign);
        var answer = org.founder().get("/api/v2/roles?filter[id]=" + ids);

        assertThat(answer.each("/data", "/attributes/name")).containsExactly("one", "two");
        assertThat(answer.at("/meta/page/total_filtered_count").asInt()).isEqualTo(2);
        assertThat(answer.at("/meta/page/total_count").asInt()).isEqualTo(5);
        assertThat(names(org.founder(), "filter[id]=nonsense")).isEmpty();
    }

    @Test
    void pages_follow_each_other() {
        var founder = roster.newOrg("acme").founder();
        var walked = new ArrayList<String>();
        for (int page = 0; page < 3; page++) {
            walked.addAll(names(founder, "page[size]=2&page[number]=" + page));
        }

        assertThat(walked).containsExactly("Datadog Admin Role", "Datadog Read Only Role", "Datadog Standard Role");
        assertThat(names(founder, "page[size]=100&page[number]=1000000000000000000")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"page[size]=0", "page[size]=101", "page[size]=x", "page[number]=-1", "page[number]=x",
        "sort=email", "sort=-", "sort=Name"})
    void a_parameter_with_a_value_it_cannot_have_is_named(String query) {
        var answer = roster.newOrg("acme").founder().get("/api/v2/roles?" + query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errors()).containsExactly("The value provided for parameter '%s' is invalid"
            .formatted(query.substring(0, query.indexOf('='))));
    }
}
