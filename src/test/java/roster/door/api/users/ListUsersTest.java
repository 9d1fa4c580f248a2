package roster.door.api.users;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.door.api.users.ListedUsers.add;
import static roster.door.api.users.ListedUsers.emails;
import static roster.door.api.users.ListedUsers.filtered;
import static roster.door.api.users.ListedUsers.list;
import static roster.door.api.users.ListedUsers.total;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.support.TestRoster;
import roster.support.TestUser;

/// `GET /api/v2/users`: the answer, its pages and its parameters.
class ListUsersTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    /// The founder goes by the name of `founder@<name>.test`, which sorts and matches accordingly.
    private static TestUser founder() {
        return roster.newOrg("zz").founder();
    }

    @Test
    void an_answer_has_data_included_and_meta() {
        var ada = founder();

        var answer = ada.get("/api/v2/users");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().propertyNames()).containsExactly("data", "included", "meta");
        assertThat(answer.at("/meta").toString()).isEqualTo("""
            {"page":{"total_count":1,"total_filtered_count":1,"max_page_size":1000}}""");
        assertThat(answer.at("/data/0/attributes").propertyNames()).containsExactly("uuid", "name", "handle",
            "created_at", "modified_at", "email", "icon", "title", "verified", "service_account", "disabled",
            "allowed_login_methods", "status", "mfa_enabled", "last_login_time");
        assertThat(answer.at("/data/0/relationships").propertyNames()).containsExactly("roles", "org");
    }

    @Test
    void an_entry_is_the_user_as_they_are_read() {
        var ada = founder();
        var read = ada.get("/api/v2/users/" + ada.id());
        var listed = ada.get("/api/v2/users");

        assertThat(listed.at("/data/0/attributes")).isEqualTo(read.at("/data/attributes"));
        assertThat(listed.at("/data/0/relationships/roles")).isEqualTo(read.at("/data/relationships/roles"));
        assertThat(listed.at("/included")).isEqualTo(read.at("/included"));
    }

    @Test
    void only_what_the_page_shows_is_included_and_each_once() {
        var ada = founder();
        var cooks = ada.org().newRole("cooks", List.of("dashboards_read"));
        var guests = ada.org().newRole("guests", List.of("dashboards_read", "monitors_read"));
        ada.org().newUserWith("a@acme.test", List.of(cooks.toString()));
        ada.org().newUserWith("b@acme.test", List.of(cooks.toString(), guests.toString()));
        ada.org().newUserWith("c@acme.test", List.of());

        var both = list(ada, "page[size]=2&sort=email");
        var none = list(ada, "page[size]=1&page[number]=2&sort=email");

        assertThat(both.each("/included", "/attributes/name"))
            .containsExactlyInAnyOrder("cooks", "guests", "dashboards_read", "monitors_read");
        assertThat(both.each("/included", "/type"))
            .containsExactly("roles", "roles", "permissions", "permissions");
        assertThat(none.json().has("included")).isFalse();
    }

    @Test
    void users_of_every_status_are_listed() {
        var ada = founder();
        ada.org().newPending("pending@acme.test");
        ada.delete("/api/v2/users/" + ada.org().newUser("disabled@acme.test").id());
        ada.org().newServiceAccount("bot@acme.test", List.of());

        var answer = ada.get("/api/v2/users");

        assertThat(answer.each("/data", "/attributes/email")).containsExactly("bot@acme.test", "disabled@acme.test",
            "founder@zz.test", "pending@acme.test");
        assertThat(total(answer)).isEqualTo(4);
    }

    @Test
    void users_of_another_organisation_are_not_listed_or_counted() {
        var ada = founder();
        var other = roster.newOrg("other");
        other.newUser("bob@other.test");

        assertThat(emails(ada, "filter=other")).isEmpty();
        assertThat(total(ada.get("/api/v2/users"))).isEqualTo(1);
        assertThat(total(other.founder().get("/api/v2/users"))).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        sort=shoe_size                          | sort
        sort=NAME                               | sort
        sort=-                                  | sort
        sort=--name                             | sort
        sort=name,email                         | sort
        sort_dir=up                             | sort_dir
        sort_dir=DESC                           | sort_dir
        filter[status]=Sleeping                 | filter[status]
        filter[status]=Active,Sleeping          | filter[status]
        filter%5Bstatus%5D=Active,,Pending      | filter[status]
        page[size]=0                            | page[size]
        page[size]=-1                           | page[size]
        page[size]=1001                         | page[size]
        page[size]=1000000000000000000          | page[size]
        page[size]=ten                          | page[size]
        page[size]=1.5                          | page[size]
        page[size]=0x10                         | page[size]
        page[size]=%D9%A1                       | page[size]
        page%5Bnumber%5D=-1                     | page[number]
        page[number]=-99999999999999999999999   | page[number]
        page[number]=abc                        | page[number]
        page[number]=1e3                        | page[number]
        page[number]=%2B1                       | page[number]
        """)
    void a_parameter_with_a_value_it_cannot_have_is_named(String query, String parameter) {
        var answer = list(founder(), query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errors())
            .containsExactly("The value provided for parameter '%s' is invalid".formatted(parameter));
    }

    @Test
    void unknown_parameters_are_ignored_and_empty_ones_count_as_absent() {
        var ada = founder();

        assertThat(emails(ada, "colour=red&page[size]=&page[number]=&page[cursor]=&filter=&filter[status]=&sort="
            + "&sort_dir=&&="))
            .containsExactly("founder@zz.test");
    }

    @Test
    void of_a_repeated_parameter_the_first_counts() {
        var ada = founder();
        add(ada, "ann@acme.test", null);

        assertThat(emails(ada, "filter=ann&filter=founder")).containsExactly("ann@acme.test");
        assertThat(emails(ada, "page[size]=1&page[size]=x")).hasSize(1);
    }

    @Test
    void ten_are_on_a_page_unless_asked_otherwise() {
        var ada = founder();
        IntStream.range(0, 12).forEach(i -> ada.org().newPending("u%02d@acme.test".formatted(i)));

        var first = ada.get("/api/v2/users");
        var second = list(ada, "page%5Bnumber%5D=1");

        assertThat(first.at("/data")).hasSize(10);
        assertThat(second.each("/data", "/attributes/email"))
            .containsExactly("u09@acme.test", "u10@acme.test", "u11@acme.test");
        assertThat(first.each("/data", "/attributes/email")).startsWith("founder@zz.test", "u00@acme.test");
        assertThat(total(second)).isEqualTo(13);
        assertThat(filtered(second)).isEqualTo(13);
        assertThat(list(ada, "page[size]=1000").at("/data")).hasSize(13);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 100})
    void a_walk_through_the_pages_meets_everyone_once_in_order(int size) {
        var ada = founder();
        IntStream.range(0, 6).forEach(i -> ada.org().newPending("u%d@acme.test".formatted(i)));
        var whole = emails(ada, "page[size]=1000&sort=-email");

        var walked = new ArrayList<String>();
        for (int page = 0; page <= 7 / size; page++) {
            walked.addAll(emails(ada, "sort=-email&page[size]=%d&page[number]=%d".formatted(size, page)));
        }

        assertThat(walked).isEqualTo(whole).hasSize(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2147483648", "1000000000000000000", "9223372036854775807",
        "100000000000000000000000000"})
    void a_page_past_the_end_is_empty_and_counts_all_the_same(String number) {
        var answer = list(founder(), "page[size]=1000&page[number]=" + number);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.at("/data")).isEmpty();
        assertThat(answer.json().has("included")).isFalse();
        assertThat(total(answer)).isEqualTo(1);
        assertThat(filtered(answer)).isEqualTo(1);
    }

    @Test
    void everyone_with_keys_may_list_unless_their_scopes_leave_it_out() {
        var bob = founder().org().newUser("bob@acme.test");

        assertThat(bob.get("/api/v2/users").status()).isEqualTo(200);
        var refused = bob.scopedTo("user_access_invite").get("/api/v2/users");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.errors()).containsExactly("Forbidden", "Failed permission authorization checks");
    }

    @Test
    void permission_is_looked_at_before_the_parameters() {
        assertThat(list(founder().scopedTo("user_access_invite"), "page[size]=x").status()).isEqualTo(403);
    }
}
