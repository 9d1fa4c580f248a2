package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.door.scim.UserClient.ok;
import static roster.door.scim.UserClient.refused;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.support.Answer;
import roster.support.TestRoster;

/// Lists by cursor: the contract's section 9.2, RFC 9865, and P9.
class ListCursorTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private final UserClient directory = UserClient.of(roster.newOrg("acme"));

    private Answer get(String path) {
        return ok(directory.send("GET", path, null), 200);
    }

    private static Optional<String> next(Answer answer) {
        var next = answer.at("/nextCursor");
        return next.isMissingNode() ? Optional.empty() : Optional.of(next.asString());
    }

    private String cursor(String path) {
        return next(get(path + "cursor=&count=1")).orElseThrow();
    }

    private void people(String... names) {
        for (var name : names) {
            directory.created("{\"userName\":\"%s@acme.test\",\"displayName\":\"%s\"%s}".formatted(name, name,
                name.length() > 3 ? ",\"title\":\"t\"" : ""));
        }
    }

    private List<String> walked(String path) {
        var all = new ArrayList<String>();
        for (var at = Optional.of(""); at.isPresent();) {
            var page = get(path + "count=2&cursor=" + at.get());
            assertThat(page.at("/itemsPerPage").asInt()).isEqualTo(page.at("/Resources").size()).isBetween(1, 2);
            assertThat(page.at("/startIndex").isMissingNode() && page.at("/previousCursor").isMissingNode()).isTrue();
            assertThat(page.at("/totalResults").asInt())
                .isEqualTo(get(path + "count=0").at("/totalResults").asInt());
            all.addAll(page.each("/Resources", "/id"));
            at = next(page);
            assertThat(at.orElse("")).matches("[A-Za-z0-9_-]*");
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(strings = {"/Users?", "/Users?sortBy=title&", "/Users?sortBy=title&sortOrder=descending&",
        "/Users?sortBy=displayName&sortOrder=descending&filter=displayName%20sw%20%22b%22&",
        "/Users?filter=userName%20eq%20%22bob@acme.test%22&", "/Groups?", "/Groups?sortBy=externalId&",
        "/Groups?sortBy=displayName&sortOrder=descending&", "/Groups?filter=displayName%20sw%20%22D%22&"})
    void cursors_lead_through_the_whole_list(String path) {
        people("Anna", "Bob", "bobby", "Carl", "Eve", "Dora", "zoe");

        assertThat(walked(path)).isEqualTo(get(path + "count=1000").each("/Resources", "/id")).isNotEmpty();
    }

    @Test
    void a_list_of_nothing_and_a_list_of_one_page_have_no_cursor() {
        assertThat(get("/Users?cursor=").json().propertyNames()).containsExactly("schemas", "totalResults",
            "itemsPerPage", "Resources");
        var none = get("/Users?cursor=&filter=userName%20eq%20%22no%22");
        assertThat(none.at("/totalResults").asInt()).isZero();
        assertThat(next(none)).isEmpty();
        people("Anna");
        assertThat(get("/Users?cursor=&count=1").json().propertyNames()).containsExactly("schemas", "totalResults",
            "nextCursor", "itemsPerPage", "Resources");
    }

    @Test
    void a_page_of_nothing_leads_to_where_it_is() {
        people("Anna", "Bob");
        var counted = get("/Users?cursor=&count=0");
        assertThat(counted.at("/totalResults").asInt()).isEqualTo(3);
        assertThat(counted.at("/Resources")).isEmpty();
        var first = get("/Users?count=1&cursor=" + next(counted).orElseThrow());
        assertThat(first.each("/Resources", "/id")).containsExactly(directory.admin().id());

        var again = get("/Users?count=0&cursor=" + next(first).orElseThrow());
        assertThat(next(again)).isEqualTo(next(first));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"/Users?sortBy=title& | /Users?", "/Users? | /Users?sortBy=title&",
        "/Users?sortBy=title& | /Users?sortBy=title&sortOrder=descending&", "/Users?filter=title%20pr& | /Users?",
        "/Users?filter=title%20pr& | /Users?filter=active%20pr&", "/Users? | /Users?attributes=title&",
        "/Users?excludedAttributes=title& | /Users?attributes=title&", "/Users? | /Groups?", "/Groups? | /Users?"})
    void a_cursor_is_refused_with_another_list(String path, String other) {
        people("Anna", "Carl", "Dora");
        refused(directory.send("GET", other + "cursor=" + cursor(path), null), 400, "invalidCursor");
    }

    @Test
    void a_cursor_is_refused_once_it_was_changed_and_in_another_organisation() {
        people("Anna", "Carl");
        var cursor = cursor("/Users?");
        for (var i = 0; i < cursor.length(); i += 3) {
            var other = cursor.charAt(i) == 'A' ? 'B' : 'A';
            refused(directory.send("GET", "/Users?cursor=" + cursor.substring(0, i) + other + cursor.substring(i + 1),
                null), 400, "invalidCursor");
        }
        for (var bad : List.of("A", "%01", "=", cursor + "A", cursor.substring(4), "A".repeat(6000))) {
            refused(directory.send("GET", "/Users?cursor=" + bad, null), 400, "invalidCursor");
        }
        var stranger = UserClient.of(roster.newOrg("other"));
        refused(stranger.send("GET", "/Users?cursor=" + cursor, null), 400, "invalidCursor");
        for (var query : List.of("cursor=&startIndex=1", "startIndex=2&cursor=" + cursor)) {
            refused(directory.send("GET", "/Users?" + query, null), 400, "invalidValue");
            refused(directory.send("GET", "/Groups?" + query, null), 400, "invalidValue");
        }
    }

    @Test
    void a_cursor_leads_on_below_the_other_base_and_shows_nothing() {
        people("Anna", "Carl");
        var cursor = cursor("/Users?sortBy=displayName&");

        var other = ok(directory.below("/api/v2/scim").send("GET", "/Users?sortBy=DisplayName&cursor=" + cursor, null),
            200);
        assertThat(other.each("/Resources", "/displayName")).containsExactly("Carl", "founder");
        assertThat(
            new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT))
            .doesNotContain("anna");
    }

    @Test
    void the_longest_names_fit_into_a_cursor() {
        var longest = "\uD83D\uDE00".repeat(999);
        for (var end : List.of("b", "a", "c")) {
            directory.created("{\"userName\":\"%s@acme.test\",\"displayName\":\"%s\"}".formatted(end, longest + end));
        }
        var path = "/Users?sortBy=displayName&sortOrder=descending&";
        assertThat(walked(path)).isEqualTo(get(path).each("/Resources", "/id"));
        assertThat(get(path).each("/Resources", "/userName")).startsWith("c@acme.test", "b@acme.test", "a@acme.test");
    }

    /// People come, change and leave between pages, and a second node answers from the fourth page on.
    @ParameterizedTest
    @ValueSource(strings = {"/Users?", "/Users?sortBy=userName&", "/Users?sortBy=displayName&sortOrder=descending&",
        "/Users?sortBy=title&", "/Users?sortBy=meta.created&sortOrder=descending&", "/Users?filter=id%20pr&"})
    void unchanged_people_are_listed_exactly_once_while_others_come_and_change(String path) {
        var seed = Long.getLong("roster.seed", System.nanoTime());
        var random = new Random(seed);
        var original = new ArrayList<>(List.of(directory.admin().id()));
        for (var i = 0; i < 40; i++) {
            original.add(directory.created(person(random, i)));
        }
        var changed = new HashSet<String>();
        var seen = new ArrayList<String>();
        try (var second = roster.anotherNode(Map.of())) {
            var at = Optional.of("");
            for (var page = 0; at.isPresent(); page++) {
                var asked = page < 3 ? directory : directory.at(second.address());
                var answer = ok(asked.send("GET", path + "count=5&cursor=" + at.get(), null), 200);
                seen.addAll(answer.each("/Resources", "/id"));
                assertThat((long) answer.at("/totalResults").asInt()).as("seed %d", seed).isEqualTo(roster.sqlValue("""
                    SELECT count(*) FROM users u
                     WHERE org_id = ? AND NOT service_account
                       AND NOT EXISTS (SELECT 1 FROM scim_users s WHERE s.user_id = u.id AND s.hidden)
                    """, directory.org().id().value()));
                at = next(answer);
                for (var i = 0; i < 3 && page < 20; i++) {
                    changed.addAll(change(random, original, seen, path, page * 10 + i));
                }
            }
        }

        assertThat(seen).as("seed %d", seed)
            .containsAll(original.stream().filter(id -> !changed.contains(id)).toList());
        assertThat(seen.stream().filter(id -> !changed.contains(id))).as("seed %d", seed).doesNotHaveDuplicates();
    }

    private static String person(Random random, int number) {
        return "{\"userName\":\"%s%d@acme.test\",\"displayName\":\"%s\"}".formatted(name(random), number, name(random));
    }

    private static String name(Random random) {
        return List.of("ann", "Bob", "eve", "Joe", "zoe").get(random.nextInt(5));
    }

    /// @return who may have another place in the list
    private Set<String> change(Random random, List<String> original, List<String> seen, String path, int number) {
        var id = random.nextBoolean() ? seen.getLast() : original.get(1 + random.nextInt(original.size() - 1));
        var attribute = List.of("userName", "displayName", "title", "nickName").get(random.nextInt(4));
        switch (random.nextInt(4)) {
            case 0 -> directory.created(person(random, 1000 + number));
            case 1 -> {
                if (!id.equals(directory.admin().id())) {
                    directory.delete(id);
                    return Set.of(id);
                }
            }
            default -> {
                directory.patch(id, "{\"op\":\"replace\",\"path\":\"%s\",\"value\":\"%s%s\"}".formatted(attribute,
                    name(random), attribute.equals("userName") ? "x%d@acme.test".formatted(number) : ""));
                return path.contains("sortBy=" + attribute) ? Set.of(id) : Set.of();
            }
        }
        return Set.of();
    }
}
