package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.Node;
import roster.core.audit.Change;
import roster.core.user.Users;
import roster.model.Text;
import roster.model.User;
import roster.support.Answer;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Compares the list of people, as the nodes of one database answer it through random histories, with plain SQL that is written
/// out here. Two nodes have room for all organisations, one for a few that outgrow it, and one for none: it answers by SQL.
@Timeout(300)
class PeopleOracleTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final int HISTORIES = Integer.getInteger("roster.histories", 3);
    private static final int STEPS = 60;

    private static final List<String> NAMES = List.of("Ann", "ann", "Änne", "Zoë", "李雷", "Анна", "50%_off\\\\", "Bob",
        "bob lee", "");
    private static final List<String> TEXTS = List.of("a", "AN", "ann", "%", "_", "ä", "李", "@x.test", "no such", "e1");

    /// What each sort means, with `%s` for the direction.
    private static final Map<String, String> SORTS = Map.of(
        "name", "COALESCE(NULLIF(name_folded, ''), email) COLLATE \"C\" %1$s, email COLLATE \"C\" %1$s, id %1$s",
        "email", "email COLLATE \"C\" %1$s, id %1$s",
        "status", "(CASE WHEN disabled THEN 2 WHEN verified THEN 1 ELSE 3 END) %1$s, email COLLATE \"C\" %1$s, id %1$s",
        "title", "COALESCE(title_folded, '') COLLATE \"C\" %1$s, email COLLATE \"C\" %1$s, id %1$s",
        "created_at", "created_at %1$s, email COLLATE \"C\" %1$s, id %1$s",
        "modified_at", "modified_at %1$s, email COLLATE \"C\" %1$s, id %1$s",
        "last_sign_in", "COALESCE(last_login_at, '1900-01-01') %1$s, email COLLATE \"C\" %1$s, id %1$s");

    private static final String STATUS =
        "CASE WHEN disabled THEN 'Disabled' WHEN verified THEN 'Active' ELSE 'Pending' END";

    private static final List<Node> others = new ArrayList<>();
    private static List<String> nodes;

    private Random random;
    private TestOrg org;
    private TestUser ada;
    private String as;
    private int compared;

    @BeforeAll
    static void start() {
        for (var bound : List.of("1GB", "24KB", "1")) {
            others.add(roster.anotherNode(Map.of("ROSTER_DIRECTORY_MEMORY", bound)));
        }
        nodes = Stream.concat(Stream.of(roster.address()), others.stream().map(Node::address)).toList();
    }

    @AfterAll
    static void stop() {
        others.forEach(Node::close);
    }

    @Test
    void every_page_is_that_of_plain_sql() {
        var seed = Long.getLong("roster.seed", System.nanoTime());
        System.out.println("PeopleOracleTest: seed " + seed + " (replay with -Droster.seed=" + seed + ")");
        for (int history = 0; history < HISTORIES; history++) {
            random = new Random(seed + history);
            org = roster.newOrg("people" + history);
            ada = org.founder();
            as = "history %d, seed %d".formatted(history, seed);
            for (int step = 0; step < STEPS; step++) {
                change("s" + step);
                if (random.nextInt(3) == 0) {
                    bothWays(words());
                }
            }
            for (var sort : SORTS.keySet()) {
                bothWays(new LinkedHashMap<>(Map.of("sort", sort)));
                bothWays(new LinkedHashMap<>(Map.of("sort", "-" + sort)));
                for (int i = 0; i < 3; i++) {
                    var words = words();
                    words.put("sort", (random.nextBoolean() ? "-" : "") + sort);
                    bothWays(words);
                }
            }
        }
        System.out.println("%d histories of %d changes, %d pages compared with SQL's".formatted(HISTORIES, STEPS,
            compared));
    }

    private String node() {
        return nodes.get(random.nextInt(nodes.size()));
    }

    private <T> T any(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    private Answer ask(String method, String path, String body) {
        return ada.sendTo(node(), method, path, body, Map.of("Accept", "application/json"));
    }

    private List<String> ids(String table, String where) {
        return roster.sql("SELECT id FROM " + table + " WHERE org_id = ? AND " + where + " ORDER BY id",
            org.id().value()).stream().map(row -> row.getFirst().toString()).toList();
    }

    private void change(String tag) {
        var people = new ArrayList<>(ids("users", "NOT service_account AND NOT disabled"));
        people.remove(ada.id());
        var roles = ids("roles", "managed IS NULL");
        switch (people.size() < 4 ? 0 : random.nextInt(14)) {
            case 0, 1, 2 -> done(ask("POST", "/api/v2/users", """
                {"data":{"type":"users","attributes":{"email":"%s","name":"%s","title":%s}}}"""
                .formatted(email(tag), any(NAMES), random.nextBoolean() ? "null" : '"' + any(NAMES) + '"')));
            case 3 -> done(ask("POST", "/api/v2/service_accounts", """
                {"data":{"type":"users","attributes":{"email":"%s","name":"%s","service_account":true}}}"""
                .formatted(email(tag), any(NAMES))));
            case 4 -> edit(any(people), "\"name\":\"%s\"".formatted(any(NAMES)));
            case 5 -> edit(any(people), "\"email\":\"%s\"".formatted(email(tag)));
            case 6 -> edit(any(people), "\"disabled\":true,\"title\":\"%s\"".formatted(any(NAMES)));
            case 7 -> done(ask("POST", "/api/v2/roles", """
                {"data":{"type":"roles","attributes":{"name":"%s"}}}""".formatted(tag)));
            case 8 -> {
                if (roles.size() > 2) {
                    done(ask("DELETE", "/api/v2/roles/" + any(roles), null));
                }
            }
            case 9, 10 -> {
                if (!roles.isEmpty()) {
                    done(ask(random.nextInt(3) == 0 ? "DELETE" : "POST", "/api/v2/roles/%s/users".formatted(any(roles)),
                        "{\"data\":{\"type\":\"users\",\"id\":\"%s\"}}".formatted(any(people))));
                }
            }
            case 11 -> SignedIn.in(org, user(any(ids("users",
                "verified AND NOT disabled AND NOT service_account AND NOT second_factor"))));
            case 12 -> org.newUser(email(tag));
            default -> mark(user(any(people)));
        }
    }

    private User user(String id) {
        return roster.db()
            .read(tx -> roster.program().user.users.find(tx, org.id(), new User.Id(java.util.UUID.fromString(id))))
            .orElseThrow();
    }

    /// What a test cannot wait for, or what would take many requests: an old sign-in, and a second factor.
    private void mark(User user) {
        org.write(tx -> {
            tx.update("""
                UPDATE users SET second_factor = NOT second_factor, last_login_at = ?, version = ?
                 WHERE org_id = ? AND id = ?
                """, tx.now().minusSeconds(86_400L * (80 + random.nextInt(20))), tx.version(), org.id(), user.id());
            roster.program().kernel().audit().record(tx, "second_factor.added", Users.subject(user),
                new Change(Map.of(), Map.of()));
            return null;
        });
    }

    private void done(Answer answer) {
        assertThat(answer.status()).as("%s: %s", as, answer).isIn(200, 201, 204, 404, 409);
    }

    private void edit(String id, String attributes) {
        done(ask("PATCH", "/api/v2/users/" + id, """
            {"data":{"type":"users","id":"%s","attributes":{%s}}}""".formatted(id, attributes)));
    }

    private String email(String tag) {
        return any(List.of("ann", "bob._", "zoe")) + random.nextInt(3) + tag + "@" + any(List.of("x.test", "y.test"));
    }

    // Questions.

    private Map<String, String> words() {
        var roles = new ArrayList<>(ids("roles", "true"));
        roles.add("none");
        var today = LocalDate.now(ZoneOffset.UTC);
        var words = new LinkedHashMap<String, String>();
        maybe(2, words, "filter", random.nextInt(8) == 0 ? any(ids("users", "true")) : any(TEXTS));
        maybe(3, words, "filter[status]", several(List.of("Active", "pending", "DISABLED")));
        maybe(4, words, "filter[role]", several(roles));
        maybe(2, words, "filter[kind]", any(List.of("people", "service", "both")));
        maybe(4, words, "filter[seen]", several(List.of("never", "90d")));
        maybe(5, words, "filter[mfa]", "no");
        maybe(6, words, "filter[added_from]", today.plusDays(random.nextInt(3) - 1).toString());
        maybe(6, words, "filter[added_to]", today.plusDays(random.nextInt(3) - 1).toString());
        words.put("sort", (random.nextBoolean() ? "-" : "") + any(SORTS.keySet().stream().sorted().toList()));
        return words;
    }

    private void maybe(int often, Map<String, String> words, String word, String value) {
        if (random.nextInt(often) == 0) {
            words.put(word, value);
        }
    }

    private String several(List<String> values) {
        return random.nextBoolean() ? any(values) : any(values) + "," + any(values);
    }

    /// Goes through a list from page to page, each on a random node, to its end and back from there.
    private void bothWays(Map<String, String> words) {
        var size = 1 + random.nextInt(9);
        var plain = new Plain(words);
        var query = Stream.concat(words.entrySet().stream(), Stream.of(Map.entry("page[size]", "" + size)))
            .map(word -> encoded(word.getKey()) + "=" + encoded(word.getValue())).collect(Collectors.joining("&"));
        var forwards = new ArrayList<String>();
        for (var at = "/api/v2/roster/users?" + query; !at.isEmpty();) {
            var page = page(at, plain, forwards.size());
            forwards.addAll(page.each("/data", "/id"));
            at = page.at("/links/next").asString("");
        }
        assertThat(forwards).as("%s, %s", as, words).isEqualTo(plain.ids);
        var backwards = new ArrayList<String>();
        for (var at = "/api/v2/roster/users?page[before]=end&" + query; !at.isEmpty();) {
            var last = plain.ids.size() - backwards.size();
            var page = page(at, plain, last == 0 ? 0 : (last - 1) / size * size);
            backwards.addAll(0, page.each("/data", "/id"));
            at = page.at("/links/prev").asString("");
        }
        assertThat(backwards).as("%s, %s", as, words).isEqualTo(plain.ids);
    }

    private Answer page(String at, Plain plain, int offset) {
        var page = ask("GET", at, null);
        compared++;
        var which = "%s, %s: %s".formatted(as, at, page);
        assertThat(page.status()).as(which).isEqualTo(200);
        assertThat(page.at("/meta/page/first_rank").asInt()).as(which).isEqualTo(plain.ids.isEmpty() ? 0 : offset + 1);
        assertThat(page.at("/meta/page/total_filtered_count").asInt()).as(which).isEqualTo(plain.ids.size());
        assertThat(page.at("/meta/page/total_count").asInt()).as(which).isEqualTo(plain.all);
        for (var status : List.of("Active", "Disabled", "Pending")) {
            assertThat(page.at("/meta/status_counts/" + status).asInt()).as(which)
                .isEqualTo(plain.byStatus.getOrDefault(status, 0));
        }
        assertThat(page.at("/meta/version").asLong()).as(which).isEqualTo(org.version());
        if (random.nextInt(4) == 0) {
            var tag = page.header("ETag").orElseThrow();
            assertThat(ada.sendTo(node(), "GET", at, null, Map.of("If-None-Match", tag)).status()).as(which)
                .isEqualTo(304);
        }
        return page;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /// The answer, by SQL.
    private final class Plain {
        private final List<Object> values = new ArrayList<>(List.of(org.id().value()));
        private final List<String> ids;
        private final int all;
        private final Map<String, Integer> byStatus;

        private Plain(Map<String, String> words) {
            var kind = switch (words.getOrDefault("filter[kind]", "both")) {
                case "people" -> " AND NOT service_account";
                case "service" -> " AND service_account";
                default -> "";
            };
            all = ids("users", "true" + kind).size();
            var where = "org_id = ?" + kind + text(words.get("filter")) + roles(words.get("filter[role]"))
                + seen(words.get("filter[seen]")) + (words.containsKey("filter[mfa]") ? " AND NOT second_factor" : "")
                + day(words.get("filter[added_from]"), ">=") + day(words.get("filter[added_to]"), "<=");
            byStatus = roster.sql("SELECT " + STATUS + ", count(*)::integer FROM users u WHERE " + where
                + " GROUP BY 1", values.toArray()).stream()
                .collect(Collectors.toMap(row -> (String) row.getFirst(), row -> (Integer) row.getLast()));
            var statuses = words.get("filter[status]");
            if (statuses != null) {
                where += " AND lower(" + STATUS + ") = ANY (string_to_array(?, ','))";
                values.add(statuses.toLowerCase(java.util.Locale.ROOT));
            }
            var sort = words.get("sort");
            ids = roster.sql("SELECT id FROM users u WHERE " + where + " ORDER BY "
                + SORTS.get(sort.replace("-", "")).formatted(sort.startsWith("-") ? "DESC" : "ASC"), values.toArray())
                .stream().map(row -> row.getFirst().toString()).toList();
        }

        private String text(String text) {
            if (text == null) {
                return "";
            }
            values.addAll(List.of(Text.folded(text), Text.folded(text), text));
            return " AND (strpos(name_folded, ?) > 0 OR strpos(email, ?) > 0 OR id::text = ?)";
        }

        private String roles(String roles) {
            if (roles == null) {
                return "";
            }
            values.add(roles);
            return " AND " + """
                EXISTS (SELECT 1 FROM users self
                               LEFT JOIN role_members m ON m.org_id = self.org_id AND m.user_id = self.id
                              WHERE self.org_id = u.org_id AND self.id = u.id
                                AND COALESCE(m.role_id::text, 'none') = ANY (string_to_array(?, ',')))""";
        }

        private String seen(String seen) {
            if (seen == null) {
                return "";
            }
            values.add(seen);
            return " AND " + """
                CASE WHEN last_login_at IS NULL THEN 'never'
                          WHEN last_login_at < date_trunc('hour', now(), 'UTC') - interval '90 days' THEN '90d'
                          END = ANY (string_to_array(?, ','))""";
        }

        private String day(String day, String operator) {
            if (day == null) {
                return "";
            }
            values.add(day);
            return " AND (created_at AT TIME ZONE 'UTC')::date " + operator + " ?::date";
        }
    }
}
