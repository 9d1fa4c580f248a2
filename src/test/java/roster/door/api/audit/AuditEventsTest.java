package roster.door.api.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.support.Answer;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestRoster;
import roster.support.TestUser;

/// `GET /api/v2/audit/events` and the search.
class AuditEventsTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final String PATH = "/api/v2/audit/events";

    static final List<Recipe> RECIPES = List.of(new Recipe("POST /api/v2/audit/events/search",
        org -> new Call(PATH + "/search", "{}")));

    private static String encoded(Object text) {
        return URLEncoder.encode(text.toString(), StandardCharsets.UTF_8);
    }

    private static Answer found(TestUser caller, String query) {
        return caller.get(PATH + "?page[limit]=1000&sort=timestamp&filter[query]=" + encoded(query));
    }

    private static List<String> messages(Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.each("/data", "/attributes/message");
    }

    /// Ada, the founder; Bob, created, renamed and disabled; a role with Bob as a member; an invitation; a key; a setting.
    private static TestUser lively() {
        var ada = roster.newOrg("acme").founder();
        var bob = ada.post("/api/v2/users", """
            {"data":{"type":"users","attributes":{"email":"bob@acme.test","name":"Bob"}}}
            """).id();
        var role = ada.post("/api/v2/roles", """
            {"data":{"type":"roles","attributes":{"name":"Night Shift"}}}
            """).id();
        ada.post("/api/v2/roles/%s/users".formatted(role), """
            {"data":{"type":"users","id":"%s"}}
            """.formatted(bob));
        ada.post("/api/v2/user_invitations", """
            {"data":[{"type":"user_invitations","relationships":{"user":{"data":{"type":"users","id":"%s"}}}}]}
            """.formatted(bob));
        ada.post("/api/v2/api_keys", """
            {"data":{"type":"api_keys","attributes":{"name":"web"}}}
            """);
        ada.patch("/api/v2/org_configs/pci_enabled", """
            {"data":{"type":"org_configs","attributes":{"value":true}}}
            """);
        ada.patch("/api/v2/users/" + bob, """
            {"data":{"type":"users","id":"%s","attributes":{"name":"Robert"}}}
            """.formatted(bob));
        ada.delete("/api/v2/users/" + bob);
        return ada;
    }

    private static final String CREATED = "user bob@acme.test created by founder@acme.test";
    private static final String UPDATED = "user bob@acme.test updated by founder@acme.test";
    private static final String DISABLED = "user bob@acme.test disabled by founder@acme.test";
    private static final String SENT = "invitation bob@acme.test sent by founder@acme.test";
    private static final String ROLE = "role Night Shift created by founder@acme.test";
    private static final String MEMBER = "role Night Shift member added by founder@acme.test";
    private static final String KEY = "api key web issued by founder@acme.test";
    private static final String CONFIG = "org config pci_enabled updated by founder@acme.test";

    @Test
    void an_event_says_who_did_what_to_what_and_how() {
        var ada = lively();

        var event = found(ada, "@asset.new_value.name:Robert");

        assertThat(event.at("/data")).hasSize(1);
        assertThat(event.text("/data/0/type")).isEqualTo("audit");
        assertThat(event.text("/data/0/id")).matches("[0-9]+-[0-9]+");
        assertThat(event.texts("/data/0/attributes/tags")).containsExactly("source:audit");
        assertThat(event.text("/data/0/attributes/timestamp")).matches(".{10}T.{8}\\.[0-9]{3}Z");
        var told = "/data/0/attributes/attributes";
        assertThat(event.text(told + "/evt/name")).isEqualTo("Access Management");
        assertThat(event.text(told + "/evt/actor/type")).isEqualTo("USER");
        assertThat(event.text(told + "/action")).isEqualTo("modified");
        assertThat(event.text(told + "/asset/type")).isEqualTo("user");
        assertThat(event.text(told + "/asset/name")).isEqualTo("bob@acme.test");
        assertThat(event.text(told + "/asset/prev_value/name")).isEqualTo("Bob");
        assertThat(event.text(told + "/asset/new_value/name")).isEqualTo("Robert");
        assertThat(event.text(told + "/usr/email")).isEqualTo("founder@acme.test");
        assertThat(event.text(told + "/usr/uuid")).isEqualTo(ada.id());
        assertThat(event.text(told + "/org/uuid")).isEqualTo(ada.org().id().value().toString());
        assertThat(event.text(told + "/auth_method")).isEqualTo("API + App Key");
        assertThat(event.text(told + "/network/client/ip")).isEqualTo("127.0.0.1");
        assertThat(event.text(told + "/status")).isEqualTo("info");
        assertThat(event.at("/meta").isMissingNode()).isTrue();
    }

    @Test
    void the_query_language_finds_what_it_says() {
        var ada = lively();
        var mine = " @usr.uuid:" + ada.id();

        assertThat(messages(found(ada, "@asset.type:user" + mine))).containsExactly(CREATED, SENT, UPDATED, DISABLED);
        assertThat(messages(found(ada, "@evt.name:\"Access Management\" AND @asset.type:role" + mine)))
            .containsExactly(ROLE, MEMBER);
        assertThat(messages(found(ada, "@evt.name:authentication" + mine))).containsExactly(KEY);
        assertThat(messages(found(ada, "@evt.name:\"Organization Management\"" + mine))).containsExactly(CONFIG);
        assertThat(messages(found(ada, "@action:(created OR deleted)" + mine))).containsExactly(CREATED, ROLE, KEY);
        assertThat(messages(found(ada, "(@asset.type:role OR @asset.type:api_key) -@action:modified" + mine)))
            .containsExactly(ROLE, KEY);
        assertThat(messages(found(ada, "NOT @asset.type:user NOT @asset.type:role" + mine)))
            .containsExactly(KEY, CONFIG);
        assertThat(messages(found(ada, "@usr.email:FOUNDER@acme.test @asset.name:night*")))
            .containsExactly(ROLE, MEMBER);
        assertThat(messages(found(ada, "shift \"member added\""))).containsExactly(MEMBER);
        assertThat(messages(found(ada, "@asset.name:\"n*t\" OR \"b?b\" OR \">5\""))).isEmpty();
        assertThat(messages(found(ada, "@asset.prev_value.name:*"))).containsExactly(UPDATED);
        assertThat(messages(found(ada, "-@asset.prev_value.name:Bob @asset.name:bob@acme.test")))
            .containsExactly(CREATED, SENT, DISABLED);
        assertThat(messages(found(ada, "source:audit updated"))).containsExactly(CONFIG, UPDATED);
        assertThat(messages(found(ada, "@nothing.there:x"))).isEmpty();
        assertThat(messages(found(ada, "*"))).hasSize(
            ((Long) roster.sqlValue("SELECT count(*) FROM audit_entries WHERE org_id = ?", ada.org().id().value()))
                .intValue());
        assertThat(messages(found(ada, "' OR 1=1"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"(", ")", "a)", "@path", "@:x", "@a b:c", "\"open", "@a:(x y)", "@a:", "NOT", "a OR", "AND a )",
            "a AND OR b", "OR", "a AND NOT", "a*b", "*b",
            "**", "@asset.name:n*t", "@asset.name:*t", "b?b", "@asset.name:b?b", "@a:>5", "@a:>=5", "@a:<5", "<5",
            "@a:[1 TO 5]", "@a:{1 TO 5}", "@a:(x OR y*z)", "-@a:>5", "source:a*t", "a\\*b"})
    void a_broken_query_is_400(String query) {
        var answer = found(roster.newOrg("acme").founder(), query);

        assertThat(answer.status()).as(query).isEqualTo(400);
        assertThat(answer.errors()).singleElement().asString().contains("filter[query]");
    }

    @Test
    void a_query_too_long_or_too_deep_is_400() {
        var ada = roster.newOrg("acme").founder();
        for (var query : List.of("a".repeat(4097), "(".repeat(40) + "a" + ")".repeat(40), "-".repeat(40) + "a")) {
            assertThat(ada.post(PATH + "/search", """
                {"filter":{"query":"%s"}}""".formatted(query)).errors()).singleElement().asString()
                .contains("filter.query");
        }
    }

    @Test
    void a_query_has_at_most_30_words_and_values() {
        var ada = roster.newOrg("acme").founder();
        var thirty = Collections.nCopies(30, "acme");
        var more = Collections.nCopies(31, "acme");

        for (var between : List.of(" ", " OR ", " -", " AND @asset.type:")) {
            assertThat(found(ada, "user" + between + String.join(between, thirty.subList(1, 30))).status())
                .isEqualTo(200);
            var answer = found(ada, "user" + between + String.join(between, more.subList(1, 31)));
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.errors())
                .containsExactly("The value provided for parameter 'filter[query]' is invalid");
        }
        var values = "{\"filter\":{\"query\":\"@action:(%s)\"}}";
        assertThat(ada.post(PATH + "/search", values.formatted(String.join(" OR ", thirty))).status()).isEqualTo(200);
        assertThat(ada.post(PATH + "/search", values.formatted(String.join(" OR ", more))).errors())
            .containsExactly("The value provided for parameter 'filter.query' is invalid");
    }

    @ParameterizedTest
    @CsvSource({"filter[from]=yesterday,filter[from]", "filter[to]=now-1x,filter[to]", "sort=name,sort",
        "page[limit]=0,page[limit]", "page[limit]=1001,page[limit]", "page[cursor]=abc,page[cursor]"})
    void a_bad_parameter_is_named(String parameter, String name) {
        var answer = roster.newOrg("acme").founder().get(PATH + "?" + parameter);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errors()).singleElement().asString().contains(name);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
        value = {"{\"page\":{\"limit\":0}}|page.limit", "{\"page\":{\"limit\":\"x\"}}|page.limit",
            "{\"sort\":\"name\"}|sort", "{\"options\":{\"timezone\":\"Mars\"}}|options.timezone",
            "{\"options\":{\"time_offset\":99999999}}|options.time_offset", "{\"filter\":{\"from\":\"x\"}}|filter.from",
            "{\"filter\":7}|filter"})
    void a_bad_member_of_a_search_is_named(String body, String name) {
        var answer = roster.newOrg("acme").founder().post(PATH + "/search", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errors()).singleElement().asString().contains(name);
    }

    @Test
    void times_are_iso_milliseconds_or_reckoned_from_now() {
        var ada = lively();
        var all = messages(found(ada, "*"));
        roster.sql(
            "UPDATE audit_entries SET at = at - interval '2 hours' WHERE org_id = ? AND action LIKE 'user.%' RETURNING 1",
            ada.org().id().value());
        var now = Instant.now();

        assertThat(messages(found(ada, "@asset.type:user"))).containsExactly(SENT);
        for (var from : List.of("now-3h", "now-1d", "now-1w", "now-1M", "now-1y", now.minusSeconds(8000),
            now.minusSeconds(8000).toEpochMilli(), "2020-01-01", "2020-01-01T00:00:00+02:00", "2020-01-01T00:00:00")) {
            assertThat(messages(ada.get(PATH + "?page[limit]=1000&filter[from]=" + encoded(from)))).as(from.toString())
                .containsExactlyInAnyOrderElementsOf(all);
        }
        assertThat(messages(ada.get(PATH + "?filter[from]=now-3h&filter[to]=now-1h&filter[query]=" + encoded("bob"))))
            .containsExactly(DISABLED, UPDATED, CREATED);
    }

    @Test
    void a_search_without_zone_is_read_in_the_one_that_is_named() {
        var ada = lively();
        var local = Instant.now().plusSeconds(3600 - 60).toString().substring(0, 19);
        for (var zone : List.of("\"timezone\":\"Etc/GMT-1\"", "\"time_offset\":3600")) {
            var answer = ada.post(PATH + "/search", """
                {"filter":{"from":"%s","query":"bob"},"options":{%s},"sort":"timestamp"}""".formatted(local, zone));
            assertThat(messages(answer)).as(zone).containsExactly(CREATED, SENT, UPDATED, DISABLED);
        }
        assertThat(messages(ada.post(PATH + "/search", """
            {"filter":{"from":"%s","query":"bob"}}""".formatted(local)))).isEmpty();
    }

    @Test
    void a_walk_meets_every_event_once_also_while_others_come() {
        var ada = roster.newOrg("acme").founder();
        IntStream.range(0, 25).forEach(i -> ada.org().newPending("p%d@acme.test".formatted(i)));
        for (var sort : List.of("timestamp", "-timestamp")) {
            var expected = messages(ada.get(PATH + "?page[limit]=1000&sort=" + sort));
            var met = new ArrayList<String>();
            var page = ada.post(PATH + "/search", """
                {"page":{"limit":7},"sort":"%s"}""".formatted(sort));
            met.addAll(messages(page));
            while (!page.at("/meta").isMissingNode()) {
                ada.org().newPending(UUID.randomUUID() + "@acme.test");
                var next = URI.create(page.text("/links/next"));
                assertThat(page.text("/links/next")).startsWith(PATH + "?");
                assertThat(next.getRawQuery()).contains("page%5Bcursor%5D=" + encoded(page.text("/meta/page/after")));
                page = ada.get(next.getRawPath() + "?" + next.getRawQuery());
                met.addAll(messages(page));
            }
            assertThat(met).as(sort).isEqualTo(expected);
            assertThat(page.at("/links").isMissingNode()).isTrue();
        }
    }

    @Test
    void a_cursor_is_good_for_its_search_and_organisation_only() {
        var ada = lively();
        var cursor = ada.get(PATH + "?page[limit]=1").text("/meta/page/after");

        assertThat(ada.get(PATH + "?page[cursor]=" + cursor).status()).isEqualTo(200);
        assertThat(ada.post(PATH + "/search", """
            {"page":{"cursor":"%s"}}""".formatted(cursor)).status()).isEqualTo(200);
        assertThat(ada.get(PATH + "?filter[query]=other&page[cursor]=" + cursor).status()).isEqualTo(400);
        assertThat(ada.get(PATH + "?sort=timestamp&page[cursor]=" + cursor).status()).isEqualTo(400);
        assertThat(roster.newOrg("other").founder().get(PATH + "?page[cursor]=" + cursor).status()).isEqualTo(400);
        assertThat(ada.get("/api/v2/users?page[cursor]=" + cursor).status()).isEqualTo(400);
    }

    @Test
    void a_search_may_come_without_a_body_and_the_permission_is_audit_logs_read() {
        var org = roster.newOrg("acme");

        assertThat(messages(org.founder().post(PATH + "/search", null))).isNotEmpty();
        assertThat(org.newStandard("bob@acme.test").get(PATH).status()).isEqualTo(403);
        assertThat(org.founder().scopedTo("audit_logs_read").get(PATH).status()).isEqualTo(200);
    }

    @Test
    void events_of_others_are_not_to_be_found() {
        var ada = lively();
        var other = roster.newOrg("other").founder();

        assertThat(messages(found(other, "@asset.name:bob@acme.test"))).isEmpty();
        assertThat(messages(found(other, "@org.uuid:" + ada.org().id().value()))).isEmpty();
    }
}
