package roster.door.api.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.support.Answer;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

class ListUsersTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static Answer list(TestUser caller, String query) {
        return caller.get("/api/v2/users?" + query);
    }

    private static List<String> emails(TestUser caller, String query) {
        var answer = list(caller, query);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.each("/data", "/attributes/email");
    }

    private static List<String> names(TestUser caller, String query) {
        return list(caller, query).each("/data", "/attributes/name");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /// @param name null for none
    private static String add(TestUser caller, String email, String name) {
        var answer = caller.post("/api/v2/users", """
            {"data":{"type":"users","attributes":{"email":"%s","name":%s}}}
            """.formatted(email, name == null ? "null" : '"' + name + '"'));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return answer.id();
    }

    /// The founder goes by the name of `founder@<name>.test`, which sorts and matches accordingly.
    private static TestUser founder() {
        return roster.newOrg("zz").founder();
    }

    private static long total(Answer answer) {
        return answer.at("/meta/page/total_count").asLong();
    }

    private static long filtered(Answer answer) {
        return answer.at("/meta/page/total_filtered_count").asLong();
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
    void an_entry_is_the_user_as_he_is_read() {
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
    void everyone_is_listed_whatever_his_status() {
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
    void nobody_of_another_organisation_is_listed_or_counted() {
        var ada = founder();
        var other = roster.newOrg("other");
        other.newUser("bob@other.test");

        assertThat(emails(ada, "filter=other")).isEmpty();
        assertThat(total(ada.get("/api/v2/users"))).isEqualTo(1);
        assertThat(total(other.founder().get("/api/v2/users"))).isEqualTo(2);
    }

    @Test
    void names_sort_without_regard_to_case_and_nameless_people_by_their_address() {
        var ada = founder();
        add(ada, "1@acme.test", "bob");
        add(ada, "2@acme.test", "Ada");
        add(ada, "3@acme.test", "BOB B");
        add(ada, "carl@acme.test", null);
        add(ada, "abe@acme.test", "");
        add(ada, "4@acme.test", "Dora");

        assertThat(emails(ada, "")).containsExactly("abe@acme.test", "2@acme.test", "1@acme.test", "3@acme.test",
            "carl@acme.test", "4@acme.test", "founder@zz.test");
    }

    @Test
    void names_in_any_script_sort_by_code_point() {
        var ada = founder();
        var inOrder = List.of("Zoe", "Zoé", "émile", "Ωmega", "яна", "李", "\ufb00", "😀");
        for (var name : inOrder.reversed()) {
            add(ada, "%d@acme.test".formatted(inOrder.indexOf(name)), name);
        }

        assertThat(names(ada, "filter=acme")).isEqualTo(inOrder);
        assertThat(names(ada, "filter=acme&sort=-name")).isEqualTo(inOrder.reversed());
    }

    @Test
    void a_name_is_the_same_however_its_marks_were_typed() {
        var ada = founder();
        add(ada, "a@acme.test", "Zoe\u0308 B");
        add(ada, "b@acme.test", "Zo\u00eb A");

        assertThat(names(ada, "filter=zo" + encoded("\u00eb"))).containsExactly("Zo\u00eb A", "Zo\u00eb B");
        assertThat(names(ada, "filter=ZO" + encoded("E\u0308"))).containsExactly("Zo\u00eb A", "Zo\u00eb B");
    }

    @Test
    void equal_names_sort_by_address() {
        var ada = founder();
        add(ada, "c@acme.test", "Ann");
        add(ada, "a@acme.test", "ANN");
        add(ada, "b@acme.test", "ann");

        assertThat(emails(ada, "filter=ann")).containsExactly("a@acme.test", "b@acme.test", "c@acme.test");
    }

    @ParameterizedTest
    @CsvSource({"sort=email, a b founder", "sort=-email, founder b a", "sort=email&sort_dir=desc, founder b a",
        "sort_dir=desc&sort=handle, founder b a", "sort=-email&sort_dir=asc, founder b a",
        "sort=email&sort_dir=asc, a b founder", "sort=handle, a b founder", "sort=created_at, founder b a",
        "sort=-created_at, a b founder", "sort=modified_at, founder a b", "sort=-modified_at, b a founder",
        "sort=status, founder b a", "sort=-status, a b founder", "sort=title, founder b a", "sort=name, b a founder",
        "sort=user_count, b a founder", "sort=-user_count, founder a b", "sort_dir=desc, founder a b",
        "sort_dir=asc, b a founder", "sort=, b a founder", "sort_dir=, b a founder",
        "sort=-name&sort=email, founder a b"})
    void lists_sort_by(String query, String order) {
        var ada = founder();
        var b = add(ada, "b@acme.test", "Anton");
        var a = add(ada, "a@acme.test", "Berta");
        ada.patch("/api/v2/users/" + b, """
            {"data":{"type":"users","id":"%s","attributes":{"title":"Assistant"}}}
            """.formatted(b));
        ada.patch("/api/v2/users/" + a, """
            {"data":{"type":"users","id":"%s","attributes":{"title":"baker"}}}
            """.formatted(a));
        ada.delete("/api/v2/users/" + b);

        assertThat(emails(ada, query).stream().map(email -> email.substring(0, email.indexOf('@'))))
            .containsExactly(order.split(" "));
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
        assertThat(emails(ada, "filter=nobody")).isEmpty();
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
