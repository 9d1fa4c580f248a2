package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.Node;
import roster.core.directory.UserLists;
import roster.core.index.UserQuery;
import roster.model.Paging;
import roster.model.Role;
import roster.model.User;
import roster.support.Answer;
import roster.support.Await;
import roster.support.OrgDump;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;
import tools.jackson.databind.JsonNode;

/// Compares lists, members and users, as the nodes of one database answer them through random histories, with the plain SQL
/// of [UserLists]. Two nodes have room for all organisations, one for a few that outgrow it, and one for none.
class DirectoryOracleTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final int HISTORIES = Integer.getInteger("roster.histories", 6);
    private static final int STEPS = 60;

    private static final List<String> NAMES = List.of("Ann", "ann", "Änne", "A\u0308nne", "Zoë", "李雷", "Анна", "עדה",
        "😀 smile", "\uFF21wide", "50%_off\\\\", "Bob", "bob lee", "O'Neil", "Straße", "İzmir", "ﬁt", "a", "");
    private static final List<String> FILTERS = List.of("a", "AN", "ann", "bob", "%", "_", "\\", "😀", "ä", "a\u0308",
        "李", "@x.test", "1", "no such user", ".test", "ss", "ß", "i", "İ", "fi", "", " ", "\uFF41", "e1");

    /// Those of `GET /api/v2/users`.
    private static final List<UserQuery.Sort> SORTS = Stream.of(UserQuery.Sort.values())
        .filter(sort -> sort != UserQuery.Sort.LAST_SIGN_IN).toList();

    private static final UserLists PLAIN = new UserLists();
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

    private void begin(String name, long seed) {
        random = new Random(seed);
        org = roster.newOrg(name);
        ada = org.founder();
        as = name + ", seed " + seed;
    }

    private static long seed() {
        var seed = Long.getLong("roster.seed", System.nanoTime());
        System.out.println("DirectoryOracleTest: seed " + seed + " (replay with -Droster.seed=" + seed + ")");
        return seed;
    }

    @Test
    void every_answer_is_that_of_plain_sql() {
        var seed = seed();
        for (int history = 0; history < HISTORIES; history++) {
            begin("oracle" + history, seed + history);
            for (int step = 0; step < STEPS; step++) {
                change("s" + step);
                if (random.nextInt(3) == 0) {
                    compare(3);
                }
            }
            compare(30);
        }
        System.out.println("%d histories of %d changes, %d answers compared with SQL's"
            .formatted(HISTORIES, STEPS, compared));
    }

    @Test
    void nothing_is_left_of_a_history_that_a_restore_undid() throws SQLException {
        var seed = seed();
        for (int history = 0; history < 6; history++) {
            begin("restored" + history, seed + 1000 + history);
            for (int step = 0; step < 15; step++) {
                change("early" + step);
            }
            compare(5);
            try (var dump = new OrgDump(org)) {
                var reached = org.version();
                for (int step = 0; step < 10 || org.version() < reached + 8; step++) {
                    change("lost" + step);
                }
                compare(5);
                var lost = org.version();
                dump.restore();
                assertThat(org.version()).isEqualTo(reached);
                if (history % 2 == 0) {
                    compare(5); // as it is right after the restore
                }
                while (org.version() < lost) {
                    change("again" + org.version() + "r" + random.nextInt(1000));
                    if (history % 3 == 0) {
                        compare(2);
                    }
                }
                assertThat(org.version()).isEqualTo(lost);
                compare(10);
                change("further");
                compare(5);
            }
        }
        System.out.println("6 histories restored and written on, %d answers compared with SQL's".formatted(compared));
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

    /// Makes a random write. Some are refused.
    private void change(String tag) {
        var users = new ArrayList<>(ids("users", "true"));
        users.remove(ada.id());
        var roles = ids("roles", "managed IS NULL");
        var kind = users.size() < 4 ? 0 : random.nextInt(12);
        var answer = switch (kind) {
            case 0, 1, 2, 3 -> ask("POST", "/api/v2/users", """
                {"data":{"type":"users","attributes":{"email":"%s","name":"%s","title":"%s"}%s}}"""
                .formatted(email(tag), any(NAMES), any(NAMES), roles.isEmpty() || random.nextBoolean() ? "" : """
                    ,"relationships":{"roles":{"data":[{"type":"roles","id":"%s"}]}}""".formatted(any(roles))));
            case 4 -> edit(any(users), "\"name\":\"%s\"".formatted(any(NAMES)));
            case 5 -> edit(any(users), "\"email\":\"%s\"".formatted(email(tag)));
            case 6 -> edit(any(users), "\"disabled\":%s,\"title\":\"%s\"".formatted(random.nextBoolean(), any(NAMES)));
            case 7 -> ask("DELETE", "/api/v2/users/" + any(users), null);
            case 8 -> ask("POST", "/api/v2/roles", """
                {"data":{"type":"roles","attributes":{"name":"%s %s"}}}""".formatted(any(NAMES), tag));
            case 9 -> roles.isEmpty() ? null : ask("DELETE", "/api/v2/roles/" + any(roles), null);
            default -> roles.isEmpty() ? null : ask(random.nextInt(3) == 0 ? "DELETE" : "POST",
                "/api/v2/roles/%s/users".formatted(any(roles)), """
                    {"data":{"type":"users","id":"%s"}}""".formatted(any(users)));
        };
        if (answer != null) {
            assertThat(answer.status()).as("%s: %s", as, answer).isIn(200, 201, 204, 404, 409);
        }
    }

    private String email(String tag) {
        return any(List.of("ann", "Bob.%_", "zoe")).toLowerCase(Locale.ROOT).replace("%", "p") + random.nextInt(3) + tag
            + "@" + any(List.of("x.test", "y.test"));
    }

    private Answer edit(String id, String attributes) {
        return ask("PATCH", "/api/v2/users/" + id, """
            {"data":{"type":"users","id":"%s","attributes":{%s}}}""".formatted(id, attributes));
    }

    private void compare(int questions) {
        for (int i = 0; i < questions; i++) {
            list();
            members();
            memberCounts();
            pageThrough();
            var id = any(ids("users", "true"));
            var user = Await.read(roster.db(), tx -> PLAIN.users(tx, org.id(), all())).items().stream()
                .filter(some -> some.id().toString().equals(id)).findFirst().orElseThrow();
            same(ask("GET", "/api/v2/users/" + id, null).at("/data"), user);
            compared++;
        }
    }

    /// Follows the cursors from page to page, each on a random node.
    private void pageThrough() {
        var sort = any(SORTS);
        var descending = random.nextBoolean();
        Optional<String> text = random.nextBoolean() ? Optional.empty() : Optional.of(any(FILTERS));
        var seen = new ArrayList<String>();
        var at = "/api/v2/users?page[size]=%d&sort=%s%s%s".formatted(3 + random.nextInt(9), descending ? "-" : "",
            sort.name().toLowerCase(Locale.ROOT), text.map(some -> "&filter=" + encoded(some)).orElse(""));
        while (!at.isEmpty()) {
            var page = ask("GET", at, null);
            assertThat(ada.sendTo(node(), "GET", at, null, Map.of("If-None-Match", page.header("ETag").orElseThrow()))
                .status()).as("%s: %s", as, at).isEqualTo(304);
            seen.addAll(page.each("/data", "/id"));
            at = page.at("/links/next").asString("");
        }
        var plain = Await.read(roster.db(), tx -> PLAIN.users(tx, org.id(),
            new UserQuery(text, Optional.empty(), sort, descending, new Paging(1000, 0))));
        compared++;
        assertThat(seen).as("%s: %s %s %s", as, text, sort, descending)
            .isEqualTo(plain.items().stream().map(user -> user.id().toString()).toList());
    }

    private void members() {
        var role =
            Await.read(roster.db(), tx -> roster.program().role.roles.named(tx, org.id(), any(ids("roles", "true"))));
        var sort = any(List.of(UserQuery.Sort.NAME, UserQuery.Sort.EMAIL, UserQuery.Sort.STATUS));
        Optional<String> text = random.nextBoolean() ? Optional.empty() : Optional.of(any(FILTERS));
        var descending = random.nextBoolean();
        var paging = new Paging(1 + random.nextInt(5), random.nextInt(2));
        var answer = ask("GET", "/api/v2/roles/%s/users?sort=%s%s&page[size]=%d&page[number]=%d%s".formatted(role.id(),
            descending ? "-" : "", sort.name().toLowerCase(Locale.ROOT), paging.size(), paging.number(),
            text.map(some -> "&filter=" + encoded(some)).orElse("")), null);
        var plain = Await.read(roster.db(), tx -> PLAIN.members(tx, role,
            new UserQuery(text, Optional.empty(), sort, descending, paging)));
        compared++;

        assertThat(answer.each("/data", "/id")).as(as)
            .isEqualTo(plain.items().stream().map(user -> user.id().toString()).toList());
        assertThat(answer.at("/meta/page/total_count").asLong()).as(as).isEqualTo(plain.total());
        assertThat(answer.at("/meta/page/total_filtered_count").asLong()).as(as).isEqualTo(plain.filtered());
        for (int i = 0; i < plain.items().size(); i++) {
            same(answer.at("/data/" + i), plain.items().get(i));
        }
    }

    private void memberCounts() {
        var descending = random.nextBoolean();
        var answer = ask("GET", "/api/v2/roles?page[size]=100&sort=" + (descending ? "-" : "") + "user_count", null);
        var direction = descending ? " DESC" : "";
        var plain = roster.sql("""
            SELECT r.id, (SELECT count(*) FROM role_members m JOIN users u ON u.org_id = m.org_id AND u.id = m.user_id
                           WHERE m.org_id = r.org_id AND m.role_id = r.id AND NOT u.disabled) AS n
              FROM roles r WHERE r.org_id = ?
             ORDER BY n%1$s, r.name_folded%1$s, r.id%1$s LIMIT 100
            """.formatted(direction), org.id().value());
        compared++;
        assertThat(answer.each("/data", "/id")).as(as)
            .isEqualTo(plain.stream().map(row -> row.getFirst().toString()).toList());
        for (int i = 0; i < plain.size(); i++) {
            var count = plain.get(i).getLast();
            assertThat((Object) answer.at("/data/%d/attributes/user_count".formatted(i)).asLong()).as(as)
                .isEqualTo(count);
            if (i % 5 == 0) {
                assertThat((Object) ask("GET", "/api/v2/roles/" + plain.get(i).getFirst(), null)
                    .at("/data/attributes/user_count").asLong()).as(as).isEqualTo(count);
            }
        }
    }

    private static UserQuery all() {
        return new UserQuery(Optional.empty(), Optional.empty(), UserQuery.Sort.NAME, false, new Paging(1000, 0));
    }

    private void list() {
        Optional<String> text = random.nextInt(3) == 0 ? Optional.empty() : Optional.of(any(FILTERS));
        Optional<Set<User.Status>> statuses = random.nextInt(3) > 0 ? Optional.empty()
            : Optional.of(EnumSet.of(any(List.of(User.Status.values())), any(List.of(User.Status.values()))));
        var sort = any(SORTS);
        var descending = random.nextBoolean();
        var paging = new Paging(1 + random.nextInt(12), random.nextInt(3));
        var query = new UserQuery(text, statuses, sort, descending, paging);

        var words = new HashMap<String, String>();
        text.ifPresent(some -> words.put("filter", some));
        statuses.ifPresent(some -> words.put("filter[status]", String.join(",",
            some.stream().map(User.Status::text).toList())));
        var minus = descending && random.nextBoolean();
        words.put("sort", (minus ? "-" : "") + sort.name().toLowerCase(Locale.ROOT));
        words.put("sort_dir", descending && !minus ? "desc" : "asc");
        words.put("page[size]", Integer.toString(paging.size()));
        words.put("page[number]", Long.toString(paging.number()));
        var answer = ask("GET", "/api/v2/users?" + String.join("&", words.entrySet().stream()
            .map(word -> encoded(word.getKey()) + "=" + encoded(word.getValue())).toList()), null);
        var plain = Await.read(roster.db(), tx -> PLAIN.users(tx, org.id(), query));
        compared++;

        var which = "%s, %s".formatted(as, query);
        assertThat(answer.each("/data", "/id")).as(which)
            .isEqualTo(plain.items().stream().map(user -> user.id().toString()).toList());
        assertThat(answer.at("/meta/page/total_count").asLong()).as(which).isEqualTo(plain.total());
        assertThat(answer.at("/meta/page/total_filtered_count").asLong()).as(which).isEqualTo(plain.filtered());
        for (int i = 0; i < plain.items().size(); i++) {
            same(answer.at("/data/" + i), plain.items().get(i));
        }
        var included = new ArrayList<String>();
        answer.at("/included").valueStream().filter(one -> one.at("/type").asString().equals("roles"))
            .forEach(one -> included.add(one.at("/id").asString()));
        assertThat(included).as(which).containsExactlyInAnyOrderElementsOf(
            plain.items().stream().flatMap(user -> user.roles().stream()).distinct().map(Role.Id::toString).toList());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private void same(JsonNode shown, User user) {
        var found = new ArrayList<String>();
        shown.at("/relationships/roles/data").valueStream().forEach(role -> found.add(role.at("/id").asString()));
        assertThat(shown.at("/id").asString()).isEqualTo(user.id().toString());
        assertThat(found).as("%s: roles of %s", as, user.id())
            .isEqualTo(user.roles().stream().map(Role.Id::toString).toList());
        var attributes = shown.at("/attributes");
        assertThat(attributes.at("/email").asString()).as(as).isEqualTo(user.email());
        assertThat(attributes.at("/name").asString("")).as(as).isEqualTo(user.name().orElse(""));
        assertThat(attributes.at("/status").asString()).as(as).isEqualTo(user.status().text());
        assertThat(attributes.at("/disabled").asBoolean()).as(as).isEqualTo(user.disabled());
        assertThat(attributes.at("/handle").asString()).as(as).isEqualTo(user.handle());
    }
}
