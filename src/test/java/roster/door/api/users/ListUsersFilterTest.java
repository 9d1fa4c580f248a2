package roster.door.api.users;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.door.api.users.ListedUsers.add;
import static roster.door.api.users.ListedUsers.emails;
import static roster.door.api.users.ListedUsers.encoded;
import static roster.door.api.users.ListedUsers.filtered;
import static roster.door.api.users.ListedUsers.list;
import static roster.door.api.users.ListedUsers.names;
import static roster.door.api.users.ListedUsers.total;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// `filter` and `filter[status]` of the list of users.
class ListUsersFilterTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    /// The founder goes by the name of `founder@<name>.test`, which sorts and matches accordingly.
    private static TestUser founder() {
        return roster.newOrg("zz").founder();
    }

    @Test
    void a_filter_finds_parts_of_address_and_name_in_any_letter_case() {
        var ada = founder();
        add(ada, "ann@acme.test", "User 0");
        add(ada, "joann@acme.test", "Other");
        add(ada, "bob@acme.test", "Max ANNson");
        add(ada, "eve@acme.test", "user 01");

        assertThat(emails(ada, "filter=ANN@acme.test&sort=email")).containsExactly("ann@acme.test",
            "joann@acme.test");
        assertThat(emails(ada, "filter=ann&sort=email")).containsExactly("ann@acme.test", "bob@acme.test",
            "joann@acme.test");
        assertThat(emails(ada, "filter=user+0&sort=email")).containsExactly("ann@acme.test", "eve@acme.test");
        assertThat(emails(ada, "filter=user%200&sort=email")).containsExactly("ann@acme.test", "eve@acme.test");
        assertThat(emails(ada, "filter=unknown")).isEmpty();
    }

    @Test
    void a_filter_does_not_look_at_the_handle() {
        var ada = founder();
        var id = add(ada, "old@acme.test", null);
        ada.patch("/api/v2/users/" + id, """
            {"data":{"type":"users","id":"%s","attributes":{"email":"new@acme.test"}}}
            """.formatted(id));

        assertThat(emails(ada, "filter=old@")).isEmpty();
        assertThat(emails(ada, "filter=new@")).containsExactly("new@acme.test");
    }

    @Test
    void a_plus_in_a_filter_arrives_encoded() {
        var ada = founder();
        add(ada, "test+tag@acme.test", null);
        add(ada, "test@acme.test", "test tag");

        assertThat(emails(ada, "filter=test%2Btag")).containsExactly("test+tag@acme.test");
        assertThat(emails(ada, "filter=test+tag")).containsExactly("test@acme.test");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        %        | 100% Max
        _        | snake_case
        \\       | back\\slash
        '        | O'Hara
        .        |
        *        |
        😀       | smile 😀
        ΝΊΚΟΣ    | Νίκος
        κο       | Νίκος
        Σ        | Νίκος
        ЯНА      | яна
        李       | 李小龍
        """)
    void characters_have_no_special_meaning_in_a_filter(String filter, String found) {
        var ada = founder();
        var names = List.of("100% Max", "snake_case", "back\\\\slash", "O'Hara", "smile 😀", "Νίκος", "яна", "李小龍",
            "plain");
        for (int i = 0; i < names.size(); i++) {
            add(ada, "u%d@acmetest".formatted(i), names.get(i));
        }

        var listed = list(ada, "filter=%s&filter[status]=Pending".formatted(encoded(filter)));

        assertThat(listed.each("/data", "/attributes/name"))
            .isEqualTo(found == null ? List.of() : List.of(found));
        assertThat(filtered(listed)).isEqualTo(found == null ? 0 : 1);
        assertThat(total(listed)).isEqualTo(10);
    }

    @Test
    void an_address_is_found_by_itself_whatever_its_letters_fold_to() {
        var ada = founder();
        add(ada, "ΟΔΟΣ@acme.test", "street");

        assertThat(emails(ada, "filter=" + encoded("οδος@acme.test"))).containsExactly("οδος@acme.test");
        assertThat(emails(ada, "filter=" + encoded("ΟΔΟΣ@"))).containsExactly("οδος@acme.test");
        assertThat(emails(ada, "filter=" + encoded("οδοσ"))).containsExactly("οδος@acme.test");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        Active                      | active founder
        Pending                     | pending
        Disabled                    | disabled
        Active,Disabled             | active disabled founder
        pending,DISABLED            | disabled pending
        %20Active%20,+Pending       | active founder pending
        Active,Active               | active founder
        Active,Pending,Disabled     | active disabled founder pending
        """)
    void a_status_filter_lets_some_through(String statuses, String found) {
        var ada = founder();
        seed(ada.org());

        var answer = list(ada, "filter[status]=" + statuses);

        assertThat(answer.each("/data", "/attributes/email").stream().map(e -> e.substring(0, e.indexOf('@'))))
            .containsExactly(found.split(" "));
        assertThat(filtered(answer)).isEqualTo(found.split(" ").length);
        assertThat(total(answer)).isEqualTo(4);
    }

    private static void seed(TestOrg org) {
        org.newUser("active@acme.test");
        org.newPending("pending@acme.test");
        org.founder().delete("/api/v2/users/" + org.newUser("disabled@acme.test").id());
    }

    @Test
    void both_filters_must_match() {
        var ada = founder();
        seed(ada.org());

        var answer = list(ada, "filter=acme&filter[status]=Active");

        assertThat(answer.each("/data", "/attributes/email")).containsExactly("active@acme.test");
        assertThat(filtered(answer)).isEqualTo(1);
    }

    @Test
    void counts_are_over_all_pages() {
        var ada = founder();
        seed(ada.org());

        var answer = list(ada, "filter=acme&page[size]=1&page[number]=1");

        assertThat(answer.at("/data")).hasSize(1);
        assertThat(filtered(answer)).isEqualTo(3);
        assertThat(total(answer)).isEqualTo(4);
    }

    @Test
    void a_name_is_the_same_however_its_marks_were_typed() {
        var ada = founder();
        add(ada, "a@acme.test", "Zoe\u0308 B");
        add(ada, "b@acme.test", "Zo\u00eb A");

        assertThat(names(ada, "filter=zo" + encoded("\u00eb"))).containsExactly("Zo\u00eb A", "Zo\u00eb B");
        assertThat(names(ada, "filter=ZO" + encoded("E\u0308"))).containsExactly("Zo\u00eb A", "Zo\u00eb B");
    }
}
