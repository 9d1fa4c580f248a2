package roster.door.api.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.model.User;
import roster.support.Answer;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

class CursorTest {
    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_BOOTSTRAP_ORG", "cursors"));

    private static final String USERS = "/api/v2/users";

    private final TestOrg org = roster.newOrg("acme");
    private final TestUser ada = org.founder();

    private static Optional<String> next(Answer answer) {
        var next = answer.at("/links/next");
        return next.isMissingNode() ? Optional.empty() : Optional.of(next.asString());
    }

    private static String cursor(Answer answer) {
        return next(answer).orElseThrow().replaceAll(".*=", "");
    }

    private static List<String> ids(Answer answer) {
        return answer.each("/data", "/id");
    }

    private List<String> pageThrough(String query) {
        var all = new ArrayList<String>();
        for (var at = Optional.of(USERS + "?" + query); at.isPresent();) {
            var page = ada.get(at.get());
            assertThat(page.status()).as(page.toString()).isEqualTo(200);
            all.addAll(ids(page));
            at = next(page);
        }
        return all;
    }

    private void change(Object id, String attributes) {
        var answer = ada.patch(USERS + "/" + id, """
            {"data":{"type":"users","id":"%s","attributes":{%s}}}
            """.formatted(id, attributes));
        assertThat(answer.status()).isEqualTo(200);
    }

    private void people(String... names) {
        org.write(tx -> {
            for (var name : names) {
                roster.program().user.newUsers.create(tx, name.toLowerCase(java.util.Locale.ROOT) + "@acme.test",
                    name.length() % 2 == 0 ? Optional.empty() : Optional.of(name.substring(0, 1)), Optional.empty(),
                    List.of());
            }
            return null;
        });
    }

    @Test
    void cursors_lead_through_the_whole_list_in_every_order_with_every_filter() {
        people("Anna", "Bob", "bobby", "Carl", "Eve", "Dora", "Änne", "zoe");
        change(ids(ada.get(USERS + "?filter=bob")).getFirst(), "\"disabled\":true");
        for (var sort : List.of("name", "email", "handle", "status", "title", "created_at", "modified_at")) {
            for (var minus : List.of("", "-")) {
                for (var filter : List.of("", "&filter=a", "&filter[status]=Disabled,%20pending", "&filter=absent")) {
                    var query = "sort=" + minus + sort + filter;
                    assertThat(pageThrough(query + "&page[size]=3")).as(query)
                        .isEqualTo(ids(ada.get(USERS + "?" + query + "&page[size]=100")));
                }
            }
        }
    }

    @Test
    void the_last_page_has_no_links_and_a_page_by_number_has_a_next_page_too() {
        people("bob", "eve", "zoe");
        var numbered = ada.get(USERS + "?sort=email&page[size]=1&page[number]=1");

        assertThat(ada.get(USERS + "?page[size]=4").at("/links").isMissingNode()).isTrue();
        assertThat(ada.get(USERS + "?page[size]=2&page[number]=9").at("/links").isMissingNode()).isTrue();
        assertThat(ada.get(next(numbered).orElseThrow()).each("/data", "/attributes/email"))
            .containsExactly("founder@acme.test");
        assertThat(ada.get(USERS + "?page[size]=3").text()).matches("\\{\"data\":.*,\"meta\":.*,\"links\":\\{\"next\":"
            + "\"/api/v2/users\\?page%5Bcursor%5D=[0-9A-Za-z_-]+\"}}");
        assertThat(ada.get(next(numbered).orElseThrow()).at("/meta")).isEqualTo(numbered.at("/meta"));
    }

    @Test
    void a_cursor_continues_after_a_user_who_has_changed() {
        people("bob", "eve", "zoe");
        var page = ada.get(USERS + "?sort=email&filter=e&page[size]=1&filter[status]=Pending");
        var eve = ids(page).getFirst();
        var rest = ids(ada.get(next(page).orElseThrow()));

        change(eve, "\"email\":\"aaa@acme.test\",\"name\":\"x\",\"disabled\":true");

        assertThat(rest).hasSize(1).doesNotContain(eve);
        assertThat(ids(ada.get(next(page).orElseThrow()))).isEqualTo(rest);
    }

    @Test
    void a_cursor_may_be_sent_with_its_own_query_and_another_size() {
        people("bob", "eve", "zoe");
        var query = USERS + "?sort=email&sort_dir=desc&filter=acme&page[size]=1&filter[status]=pending,Active";
        var more = "&page[cursor]=" + cursor(ada.get(query));

        assertThat(ids(ada.get(query + more))).isEqualTo(ids(ada.get(USERS + "?" + more)));
        assertThat(ids(ada.get(USERS + "?page[size]=3" + more))).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sort=name", "sort=-email", "sort_dir=desc", "filter=bob", "filter=ACME",
        "filter[status]=Active", "page[number]=0", "page[number]=1"})
    void a_cursor_is_refused_with_another_query(String other) {
        people("bob", "eve", "zoe");
        var cursor = cursor(ada.get(USERS + "?sort=email&filter=acme&page[size]=1"));

        refused(ada, USERS + "?" + other + "&page[cursor]=" + cursor);
    }

    private static void refused(TestUser caller, String path) {
        var answer = caller.get(path);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
        assertThat(answer.errors())
            .containsExactly("The value provided for parameter 'page[cursor]' is invalid");
    }

    @Test
    void a_cursor_with_a_changed_character_is_refused() {
        people("bob", "eve");
        var cursor = cursor(ada.get(USERS + "?page[size]=1"));
        for (int i = 0; i < cursor.length(); i++) {
            var other = cursor.charAt(i) == 'A' ? 'B' : 'A';
            refused(ada, USERS + "?page[cursor]=" + cursor.substring(0, i) + other + cursor.substring(i + 1));
        }
        for (var bad : List.of("A", "%01", "%F0%9F%98%80", "=", cursor + "A", cursor + "=",
            cursor.substring(4), cursor.substring(0, 20), "A".repeat(22), "..%2F", "A".repeat(6000))) {
            refused(ada, USERS + "?page[cursor]=" + bad);
        }
    }

    @Test
    void a_cursor_is_refused_in_another_organisation_and_outlives_a_new_secret() {
        people("bob", "eve");
        var cursor = USERS + "?page[cursor]=" + cursor(ada.get(USERS + "?page[size]=1"));
        var secret = java.util.Base64.getEncoder().encodeToString(new byte[32]);

        refused(roster.newOrg("other").founder(), cursor);
        try (var node = roster.anotherNode(Map.of("ROSTER_SECRET_KEY", secret + "," + TestRoster.SECRET_KEY))) {
            var answer = ada.sendTo(node.address(), "GET", cursor, null, Map.of());
            assertThat(ids(answer)).isEqualTo(ids(ada.get(cursor)));
        }
        // The database notes the key in front: other tests start nodes that know the first one alone.
        roster.anotherNode(Map.of("ROSTER_SECRET_KEY", TestRoster.SECRET_KEY + "," + secret)).close();
    }

    @Test
    void a_cursor_shows_no_names_or_addresses() {
        people("bob", "eve", "zoe");
        var cursor = cursor(ada.get(USERS + "?page[size]=2&filter=acme"));
        var bytes = new String(java.util.Base64.getUrlDecoder().decode(cursor),
            java.nio.charset.StandardCharsets.ISO_8859_1);

        assertThat(bytes).doesNotContain("bob", "eve", "acme", "test");
    }

    /// Users are added and changed between pages, and a second node answers from the fourth page on.
    @ParameterizedTest
    @ValueSource(strings = {"name", "-name", "email", "-email", "created_at", "-created_at", "handle"})
    void unchanged_users_are_listed_exactly_once_while_others_come_and_change(String sort) {
        var seed = Long.getLong("roster.seed", System.nanoTime());
        System.out.println("CursorTest: seed " + seed + " (replay with -Droster.seed=" + seed + ")");
        var random = new Random(seed);
        var original = new ArrayList<String>(List.of(ada.id()));
        for (int i = 0; i < 60; i++) {
            original.add(org.newPending(name(random) + i + "@acme.test").id().toString());
        }
        var changed = new HashSet<String>();
        var seen = new ArrayList<String>();
        var at = Optional.of(USERS + "?page[size]=7&sort=" + sort);
        try (var second = roster.anotherNode(Map.of())) {
            for (int page = 0; at.isPresent(); page++) {
                var answer =
                    ada.sendTo(page < 3 ? roster.address() : second.address(), "GET", at.get(), null, Map.of());
                assertThat(answer.status()).isEqualTo(200);
                seen.addAll(ids(answer));
                assertThat((long) answer.at("/meta/page/total_count").asInt()).as("seed %d", seed).isEqualTo(
                    roster.sqlValue("SELECT count(*) FROM users WHERE org_id = ?", org.id().value()));
                at = next(answer);
                for (int i = 0; i < 4 && page < 30; i++) {
                    changed.addAll(addOrChange(random, original, seen, sort));
                }
            }
        }

        assertThat(seen).as("seed %d", seed).contains(original.stream().filter(id -> !changed.contains(id))
            .toArray(String[]::new));
        assertThat(seen.stream().filter(id -> !changed.contains(id))).as("seed %d", seed).doesNotHaveDuplicates();
    }

    /// Adds or changes a user.
    ///
    /// @return the user whose position in the list may have changed
    private Set<String> addOrChange(Random random, List<String> original, List<String> seen, String sort) {
        var id = switch (random.nextInt(3)) {
            case 0 -> seen.getLast();
            case 1 -> seen.get(random.nextInt(seen.size()));
            default -> original.get(random.nextInt(original.size()));
        };
        var number = random.nextInt(1_000_000);
        switch (random.nextInt(5)) {
            case 0, 1 -> {
                User added = org.newPending(name(random) + number + "@acme.test");
                assertThat(added.id()).isNotNull();
            }
            case 2 -> {
                change(id, "\"name\":\"%s\"".formatted(name(random)));
                return sort.endsWith("name") ? Set.of(id) : Set.of();
            }
            case 3 -> {
                change(id, "\"email\":\"%s%d@acme.test\"".formatted(name(random), number));
                return Stream.of("name", "email").anyMatch(sort::endsWith) ? Set.of(id) : Set.of();
            }
            default -> {
                if (!id.equals(ada.id())) {
                    change(id, "\"disabled\":%s".formatted(random.nextBoolean()));
                }
            }
        }
        return Set.of();
    }

    private static String name(Random random) {
        return List.of("ann", "bob", "eve", "joe", "zoe").get(random.nextInt(5));
    }
}
