package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.door.scim.UserClient.ok;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.TestRoster;

/// People are found by each of their addresses: a filter on `emails` is about the value of any of them, the contract's section
/// 9.1.
class AddressFiltersTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private final UserClient directory = UserClient.of(roster.newOrg("acme"));

    private List<String> found(String filter) {
        return ok(directory.filtered(filter), 200).each("/Resources", "/id");
    }

    @Test
    void a_person_is_found_by_any_of_their_addresses() {
        var ann = directory.created("""
            {"userName":"ann","emails":[{"value":"Ann@work.test","type":"work","primary":true},
             {"value":"Ann@Home.test","type":"home"}]}""");
        var bob = directory.created("{\"userName\":\"ann@home.test\"}");

        for (var filter : List.of("emails eq \"ann@HOME.test\"", "emails.value eq \"ann@home.test\"",
            "emails[value eq \"ann@home.test\"]", "active eq true and emails eq \"ann@home.test\"")) {
            assertThat(found(filter)).as(filter).containsExactly(ann, bob);
        }
        for (var filter : List.of("emails[type eq \"home\"].value eq \"ann@home.test\"",
            "emails[type eq \"home\" and value eq \"ann@home.test\"]", "emails eq \"ann@work.test\"",
            "emails[type eq \"work\"].value eq \"ANN@work.test\"")) {
            assertThat(found(filter)).as(filter).containsExactly(ann);
        }
        assertThat(found("emails[type eq \"home\"].value eq \"ann@work.test\"")).isEmpty();
        assertThat(found("userName eq \"ann@home.test\"")).containsExactly(bob);
    }

    @Test
    void an_address_that_is_taken_away_finds_no_one_and_none_is_found_of_those_who_are_gone() {
        var ann = directory.created("""
            {"userName":"ann","emails":[{"value":"ann@work.test","type":"work"},{"value":"ann@home.test","type":"home"},
             {"value":"ann@club.test"}]}""");
        ok(directory.patch(ann, "{\"op\":\"remove\",\"path\":\"emails[type eq \\\"home\\\"]\"}"), 200);
        assertThat(found("emails eq \"ann@home.test\"")).isEmpty();
        assertThat(found("emails eq \"ann@club.test\"")).containsExactly(ann);
        assertThat(UserClient.of(roster.newOrg("other")).filtered("emails eq \"ann@club.test\"").at("/totalResults")
            .asInt()).isZero();

        ok(directory.delete(ann), 204);
        assertThat(found("emails eq \"ann@club.test\"")).isEmpty();
        var again = directory.created("{\"userName\":\"ann\",\"emails\":[{\"value\":\"ann@work.test\"}]}");
        assertThat(again).isEqualTo(ann);
        assertThat(found("emails eq \"ann@club.test\"")).isEmpty();
    }

    @Test
    void an_address_that_is_chosen_now_and_the_one_before_both_find() {
        var ann = directory.created(
            """
            {"userName":"ann","emails":[{"value":"ann@work.test","type":"work"},{"value":"ann@home.test","type":"home"}]}""");
        ok(directory.patch(ann, "{\"op\":\"add\",\"path\":\"emails[type eq \\\"home\\\"].primary\",\"value\":true}"),
            200);

        assertThat(directory.user(ann).text("/data/attributes/email")).isEqualTo("ann@home.test");
        assertThat(found("emails eq \"ann@work.test\"")).containsExactly(ann);
        assertThat(found("emails eq \"ann@home.test\"")).containsExactly(ann);
    }
}
