package roster.door.api.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.support.Answer;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// `GET /api/v2/roster/users`: the answer, its filters and its pages.
@Timeout(120)
class ListPeopleTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final String PEOPLE = "/api/v2/roster/users";

    static final List<Recipe> RECIPES = List.of(new Recipe("GET /api/v2/roster/users", org -> new Call(PEOPLE)));

    private final TestOrg org = roster.newOrg("acme");
    private final TestUser ada = org.founder();

    private List<String> emails(String query) {
        var answer = ada.get(PEOPLE + "?page[size]=100&" + query);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.each("/data", "/attributes/email");
    }

    private static String sealed(Answer answer, String link, String side) {
        return answer.text("/links/" + link).replaceAll(".*page%5B" + side + "%5D=([^&]*).*", "$1");
    }

    @Test
    void an_answer_has_the_users_and_says_where_they_stand() {
        org.newServiceAccount("robot@acme.test", List.of());
        org.newPending("bob@acme.test");
        org.newPending("eve@acme.test");

        var page = ada.get(PEOPLE + "?sort=email&page[size]=1&filter[kind]=people&filter[status]=pending");
        var next = ada.get(page.text("/links/next"));

        assertThat(page.json().propertyNames()).containsExactly("data", "meta", "links");
        assertThat(page.each("/data", "/attributes/email")).containsExactly("bob@acme.test");
        assertThat(page.at("/data/0")).isEqualTo(ada.get("/api/v2/users?filter=bob").at("/data/0"));
        assertThat(page.at("/meta").toString()).isEqualTo("""
            {"page":{"total_count":3,"total_filtered_count":2,"first_rank":1,"max_page_size":1000},\
            "status_counts":{"Active":1,"Disabled":0,"Pending":2},"version":%d}""".formatted(org.version()));
        assertThat(page.at("/links").propertyNames()).containsExactly("next");
        assertThat(next.each("/data", "/attributes/email")).containsExactly("eve@acme.test");
        assertThat(next.at("/meta/page/first_rank").asInt()).isEqualTo(2);
        assertThat(next.at("/links").propertyNames()).containsExactly("prev");
        assertThat(ada.get(next.text("/links/prev")).at("/data")).isEqualTo(page.at("/data"));
        assertThat(ada.get(PEOPLE).at("/included")).isEqualTo(ada.get("/api/v2/users").at("/included"));
    }

    @Test
    void without_a_match_the_page_is_empty_and_of_rank_0() {
        var page = ada.get(PEOPLE + "?filter=marhta");

        assertThat(page.at("/data").size()).isZero();
        assertThat(page.at("/meta/page").toString()).isEqualTo("""
            {"total_count":1,"total_filtered_count":0,"first_rank":0,"max_page_size":1000}""");
        assertThat(page.at("/links").isMissingNode()).isTrue();
        assertThat(emails("filter=marhta&page[before]=end")).isEmpty();
    }

    @Test
    void roles_are_any_of_several_or_none() {
        var first = org.newRole("first", List.of());
        var second = org.newRole("second", List.of());
        org.newUserWith("one@acme.test", List.of(first.toString()));
        org.newUserWith("both@acme.test", List.of(first.toString(), second.toString()));
        org.newUserWith("two@acme.test", List.of(second.toString()));
        org.newPending("bare@acme.test");

        assertThat(emails("sort=email&filter[role]=" + first)).containsExactly("both@acme.test", "one@acme.test");
        assertThat(emails("sort=email&filter[role]=" + first + "," + second)).containsExactly("both@acme.test",
            "one@acme.test", "two@acme.test");
        assertThat(emails("filter[role]=none")).containsExactly("bare@acme.test");
        assertThat(emails("sort=email&filter[role]=none,%20" + second)).containsExactly("bare@acme.test",
            "both@acme.test", "two@acme.test");
        assertThat(emails("filter[role]=" + roster.newOrg("other").newRole("theirs", List.of()))).isEmpty();

        ada.delete("/api/v2/roles/" + second);
        assertThat(emails("sort=email&filter[role]=none")).containsExactly("bare@acme.test", "two@acme.test");
    }

    @Test
    void an_id_finds_its_user() {
        var bob = org.newPending("bob@acme.test");

        assertThat(emails("filter=" + bob.id())).containsExactly("bob@acme.test");
        assertThat(emails("filter=" + bob.id().toString().toUpperCase(java.util.Locale.ROOT)))
            .containsExactly("bob@acme.test");
        assertThat(emails("filter=" + bob.id() + "&filter[status]=Active")).isEmpty();
        assertThat(emails("filter=" + roster.newOrg("other").founder().id())).isEmpty();
    }

    @Test
    void who_signs_in_is_seen_on_every_node_at_once() {
        var bob = org.newUser("bob@acme.test");
        org.newUser("eve@acme.test");
        assertThat(emails("filter[seen]=never")).hasSize(3);
        try (var second = roster.anotherNode(Map.of())) {
            var latest = PEOPLE + "?sort=-last_sign_in&page[size]=1";
            for (var user : List.of(bob, ada, bob)) {
                SignedIn.in(user);
                for (var node : List.of(second.address(), roster.address())) {
                    assertThat(ada.sendTo(node, "GET", latest, null, Map.of()).each("/data", "/attributes/email"))
                        .containsExactly(user.email());
                }
            }
            assertThat(ada.sendTo(second.address(), "GET", PEOPLE + "?filter[seen]=never", null, Map.of())
                .each("/data", "/attributes/email")).containsExactly("eve@acme.test");
        }
        assertThat(emails("sort=last_sign_in")).containsExactly("eve@acme.test", ada.email(), "bob@acme.test");
    }

    @Test
    void equal_names_and_missing_titles_are_in_an_order_of_their_own_and_none_is_lost() {
        for (int i = 0; i < 9; i++) {
            ada.post("/api/v2/users", """
                {"data":{"type":"users","attributes":{"email":"u%d@acme.test","name":"Ann Lee"%s}}}"""
                .formatted(i, i % 3 == 0 ? ",\"title\":\"Engineer\"" : ""));
        }
        for (var sort : List.of("name", "-name", "title", "-title")) {
            var whole = emails("sort=" + sort);
            assertThat(whole).hasSize(10).doesNotHaveDuplicates();
            var backwards = new ArrayList<String>();
            for (var at = Optional.of(PEOPLE + "?page[size]=4&page[before]=end&sort=" + sort); at.isPresent();) {
                var page = ada.get(at.get());
                backwards.addAll(0, page.each("/data", "/attributes/email"));
                at = page.at("/links/prev").isMissingNode() ? Optional.empty() : Optional.of(page.text("/links/prev"));
            }
            assertThat(backwards).as(sort).isEqualTo(whole);
        }
    }

    /// Users are added and changed between pages, and a second node answers every other one.
    @ParameterizedTest
    @ValueSource(strings = {"name", "-name", "email", "-created_at", "title", "-last_sign_in", "status"})
    void unchanged_users_are_met_both_ways_while_others_come_and_change(String sort) {
        var seed = Long.getLong("roster.seed", System.nanoTime());
        System.out.println("ListPeopleTest: seed " + seed + " (replay with -Droster.seed=" + seed + ")");
        var random = new Random(seed);
        var unchanged = new HashSet<String>();
        for (int i = 0; i < 40; i++) {
            unchanged.add(org.newPending("abc".charAt(random.nextInt(3)) + "" + i + "@acme.test").id().toString());
        }
        try (var second = roster.anotherNode(Map.of())) {
            for (var way : List.of("next", "prev")) {
                var met = new ArrayList<String>();
                var at = Optional.of(PEOPLE + "?page[size]=7&sort=" + sort
                    + (way.equals("prev") ? "&page[before]=end" : ""));
                for (int page = 0; at.isPresent(); page++) {
                    var answer = ada.sendTo(page % 2 == 0 ? roster.address() : second.address(), "GET", at.get(), null,
                        Map.of());
                    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
                    met.addAll(answer.each("/data", "/id"));
                    at = answer.at("/links/" + way).isMissingNode() ? Optional.empty()
                        : Optional.of(answer.text("/links/" + way));
                    var id = unchanged.stream().skip(random.nextInt(unchanged.size())).findFirst().orElseThrow();
                    unchanged.remove(id);
                    assertThat(ada.patch("/api/v2/users/" + id, """
                        {"data":{"type":"users","id":"%s","attributes":{"name":"%s","title":"x","disabled":%s}}}"""
                        .formatted(id, List.of("a", "b", "zz").get(random.nextInt(3)), random.nextBoolean())).status())
                        .isEqualTo(200);
                    org.newPending("abc".charAt(random.nextInt(3)) + "new" + page + way + "@acme.test");
                }
                assertThat(met).as("%s, %s, seed %d", sort, way, seed).containsAll(unchanged);
                assertThat(met.stream().filter(unchanged::contains)).as("%s, %s, seed %d", sort, way, seed)
                    .doesNotHaveDuplicates();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        sort=handle                     | sort
        sort=user_count                 | sort
        sort=--name                     | sort
        sort=NAME                       | sort
        filter[status]=gone             | filter[status]
        filter[status]=active,          | filter[status]
        filter[role]=admin              | filter[role]
        filter[role]=1-1-1-1-1          | filter[role]
        filter[kind]=robots             | filter[kind]
        filter[kind]=people,service     | filter[kind]
        filter[seen]=30d                | filter[seen]
        filter[mfa]=yes                 | filter[mfa]
        filter[added_from]=yesterday    | filter[added_from]
        filter[added_from]=2026-02-30   | filter[added_from]
        filter[added_to]=+999999-01-01  | filter[added_to]
        page[size]=0                    | page[size]
        page[size]=1001                 | page[size]
        page[number]=1                  | page[number]
        page[after]=x                   | page[after]
        page[after]=end                 | page[after]
        page[before]=x                  | page[before]
        page[after]=x&page[before]=end  | page[before]
        """)
    void what_is_no_value_is_refused_by_name(String query, String name) {
        var answer = ada.get(PEOPLE + "?" + query.replace("+", "%2B"));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
        assertThat(answer.errors()).containsExactly("The value provided for parameter '" + name + "' is invalid");
    }

    @Test
    void a_text_has_200_characters_and_a_list_50_values() {
        assertThat(emails("filter=" + "%F0%9F%98%80".repeat(200))).isEmpty();
        assertThat(ada.get(PEOPLE + "?filter=" + "a".repeat(201)).errors())
            .containsExactly("The value provided for parameter 'filter' is invalid");
        var role = ada.id();
        var roles = String.join(",", IntStream.range(0, 50).mapToObj(_ -> role).toList());
        assertThat(emails("filter[role]=" + roles)).isEmpty();
        assertThat(ada.get(PEOPLE + "?filter[role]=" + roles + "," + role).status()).isEqualTo(400);
    }

    @Test
    void a_place_is_good_for_its_query_and_organisation_only() {
        org.newPending("bob@acme.test");
        org.newPending("eve@acme.test");
        var query = "?sort=email&filter=acme&page[size]=1";
        var after = sealed(ada.get(PEOPLE + query), "next", "after");

        assertThat(emails("page[after]=" + after)).containsExactly("eve@acme.test", ada.email());
        assertThat(emails("sort=email&filter=acme&page[after]=" + after)).hasSize(2);
        for (var other : List.of("sort=-email", "filter=bob", "filter[kind]=people", "sort=email")) {
            assertThat(ada.get(PEOPLE + "?" + other + "&page[after]=" + after).status()).as(other).isEqualTo(400);
        }
        assertThat(roster.newOrg("other").founder().get(PEOPLE + "?page[after]=" + after).status()).isEqualTo(400);
        assertThat(ada.get("/api/v2/users?page[cursor]=" + after).status()).isEqualTo(400);
        for (int i = 0; i < after.length(); i++) {
            var changed = after.substring(0, i) + (after.charAt(i) == 'A' ? 'B' : 'A') + after.substring(i + 1);
            assertThat(ada.get(PEOPLE + "?page[after]=" + changed).status()).as(changed).isEqualTo(400);
        }
    }

    @Test
    void nothing_follows_a_place_once_all_who_did_have_left() {
        for (int i = 0; i < 4; i++) {
            org.newPending("u" + i + "@acme.test");
        }
        var query = "?sort=email&page[size]=2&filter[status]=pending";
        var first = ada.get(PEOPLE + query);
        for (var id : ada.get(first.text("/links/next")).each("/data", "/id")) {
            ada.delete("/api/v2/users/" + id);
        }
        var next = ada.get(first.text("/links/next"));

        assertThat(next.at("/data").size()).isZero();
        assertThat(next.at("/meta/page/total_filtered_count").asInt()).isEqualTo(2);
        assertThat(next.at("/links").isMissingNode()).isTrue();
    }
}
