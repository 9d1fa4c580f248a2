package roster.door.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.core.event.EventTypes;
import roster.support.Answer;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;
import tools.jackson.databind.JsonNode;

/// `GET /api/v2/roster/events`.
@Timeout(120)
class EventFeedTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final String PATH = "/api/v2/roster/events";

    static final List<Recipe> RECIPES = List.of(new Recipe("GET /api/v2/roster/events/{event_id}",
        org -> new Call(PATH + "/" + first(org.founder()), null)));

    private final TestOrg org = roster.newOrg("acme");
    private final TestUser ada = org.founder();

    private static String first(TestUser caller) {
        return page(caller, "limit=1").at("/data/0/id").asString();
    }

    private static Answer page(TestUser caller, String query) {
        var answer = caller.get(PATH + "?" + query);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer;
    }

    private static String after(Answer page) {
        return page.at("/meta/page/after").asString();
    }

    private static List<JsonNode> data(Answer page) {
        return page.at("/data").valueStream().toList();
    }

    private static List<String> types(Answer page) {
        return page.each("/data", "/type");
    }

    private String create(String email) {
        return ada.post("/api/v2/users", """
            {"data":{"type":"users","attributes":{"email":"%s","name":"Bob"}}}
            """.formatted(email)).id();
    }

    private void rename(String user, String name) {
        assertThat(ada.patch("/api/v2/users/" + user, """
            {"data":{"type":"users","id":"%s","attributes":{"name":"%s"}}}
            """.formatted(user, name)).status()).isEqualTo(200);
    }

    private String role(String name) {
        return ada.post("/api/v2/roles", """
            {"data":{"type":"roles","attributes":{"name":"%s"}}}
            """.formatted(name)).id();
    }

    private void give(String role, String user) {
        ada.post("/api/v2/roles/%s/users".formatted(role), """
            {"data":{"type":"users","id":"%s"}}
            """.formatted(user));
    }

    @Test
    void it_is_the_audit_trail_entry_by_entry_in_order() {
        var bob = create("bob@acme.test");
        IntStream.range(0, 10).forEach(i -> rename(bob, "Bob " + i));
        give(role("Night Shift"), bob);

        var read = new ArrayList<JsonNode>();
        var page = page(ada, "limit=7");
        read.addAll(data(page));
        while (page.at("/meta/page/more").asBoolean()) {
            assertThat(data(page)).hasSize(7);
            page = ada.get(page.at("/links/next").asString().replaceFirst("^https?://[^/]+", ""));
            read.addAll(data(page));
        }
        var trail = roster.sql("""
            SELECT to_char(version, 'fm0000000000000000000') || '.' || to_char(entry, 'fm0000000000'), action,
                   request_id FROM audit_entries
             WHERE org_id = ? AND action <> ALL (ARRAY['sign_in.failed', 'sign_in.refused'])
             ORDER BY version, entry
            """, org.id().value());
        assertThat(read.stream().<List<Object>>map(event -> List.of(event.at("/sequence").asString(),
            event.at("/type").asString(), event.at("/data/request_id").asString()))).isEqualTo(trail);
        assertThat(read.stream().map(event -> event.at("/id").asString()).distinct()).hasSameSizeAs(read);
    }

    @Test
    void an_event_has_the_form_of_cloud_events() {
        var bob = create("bob@acme.test");
        rename(bob, "Robert");
        var event = data(page(ada, "types=user.updated")).getFirst();
        assertThat(event.propertyNames()).containsExactly("specversion", "id", "source", "type", "subject", "time",
            "datacontenttype", "dataschema", "sequence", "data");
        assertThat(event.at("/specversion").asString()).isEqualTo("1.0");
        assertThat(event.at("/source").asString()).isEqualTo("urn:uuid:" + org.id().value());
        assertThat(event.at("/subject").asString()).isEqualTo("users/" + bob);
        assertThat(event.at("/time").asString()).matches("20[0-9-]+T[0-9:]{8}[.][0-9]{6}Z");
        assertThat(event.at("/data/actor/kind").asString()).isEqualTo("user");
        assertThat(event.at("/data/actor/name").asString()).isEqualTo(ada.email());
        assertThat(event.at("/data/about").asString()).isEqualTo(bob);
        assertThat(event.at("/data/changes").toString())
            .isEqualTo("{\"name\":{\"before\":\"Bob\",\"after\":\"Robert\"}}");
        assertThat(ada.get(PATH + "/" + event.at("/id").asString()).at("/data")).isEqualTo(event);
    }

    @Test
    void each_object_is_as_it_was_right_after_its_event() {
        var bob = create("bob@acme.test");
        var shown = new ArrayList<JsonNode>(List.of(user(bob)));
        rename(bob, "Robert");
        shown.add(user(bob));
        var role = role("Night Shift");
        give(role, bob);
        rename(bob, "Rob");
        shown.add(user(bob));
        ada.delete("/api/v2/roles/" + role);
        ada.delete("/api/v2/users/" + bob);
        shown.add(user(bob));

        var told =
            data(page(ada, "types=user.*&about=" + bob)).stream().map(event -> event.at("/data/object")).toList();
        assertThat(told).hasSize(4);
        for (int i = 0; i < told.size(); i++) {
            for (var part : List.of("/attributes", "/relationships/roles", "/relationships/org")) {
                assertThat(told.get(i).at(part)).as("%s after change %d", part, i).isEqualTo(shown.get(i).at(part));
            }
        }
        assertThat(data(page(ada, "types=role.deleted")).getFirst().at("/data/object").isNull()).isTrue();
        assertThat(data(page(ada, "include=none")).getFirst().at("/data").has("object")).isFalse();
    }

    private JsonNode user(String id) {
        return ada.get("/api/v2/users?filter=" + encoded("bob@acme.test")).at("/data").valueStream()
            .filter(one -> one.at("/id").asString().equals(id)).findFirst().orElseThrow();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void what_is_filtered_out_is_passed() {
        var bob = create("bob@acme.test");
        IntStream.range(0, 5).forEach(i -> rename(bob, "Bob " + i));
        var page = page(ada, "types=role.created,api_key.*&after=" + after(page(ada, "after=latest")));
        assertThat(data(page)).isEmpty();
        var end = after(page(ada, "after=latest"));
        assertThat(after(page)).isEqualTo(end);
        assertThat(page.at("/meta/page/more").asBoolean()).isFalse();
        rename(bob, "Rob");
        assertThat(types(page(ada, "after=" + end))).containsExactly("user.updated");
    }

    @Test
    void very_many_that_do_not_match_are_passed_in_parts() {
        fill(12_000);
        create("late@acme.test");
        var page = page(ada, "types=role.deleted,user.created&after=" + first(ada));
        var pages = 1;
        while (page.at("/meta/page/more").asBoolean()) {
            page = page(ada, "types=role.deleted,user.created&after=" + after(page));
            pages++;
        }
        assertThat(pages).isEqualTo(2);
        assertThat(page.at("/data/0/data/changes/email/after").asString()).isEqualTo("late@acme.test");
    }

    private void fill(int entries) {
        roster.sql("""
            INSERT INTO audit_entries (org_id, version, entry, at, stamp, action, subject_kind, subject_id, subject_name,
                                       actor_kind, actor_name, request_id)
            SELECT org_id, version, entry + i, at, stamp, 'user_list.exported', 'user_list', org_id, 'users', 'CLI',
                   'cli:test', 'r'
              FROM (SELECT * FROM audit_entries WHERE org_id = ? ORDER BY version DESC, entry DESC LIMIT 1) last
             CROSS JOIN generate_series(1, ?) AS i
            """, org.id().value(), entries);
    }

    @Test
    void events_about_a_user_are_those_of_their_roles_keys_and_invitations_too() {
        var bob = create("bob@acme.test");
        create("carl@acme.test");
        give(role("Night Shift"), bob);
        ada.post("/api/v2/user_invitations", """
            {"data":[{"type":"user_invitations","relationships":{"user":{"data":{"type":"users","id":"%s"}}}}]}
            """.formatted(bob));
        assertThat(types(page(ada, "about=" + bob))).containsExactly("user.created", "role.member_added",
            "invitation.sent");
        assertThat(types(page(ada, "types=role.*&about=" + bob))).containsExactly("role.member_added");
        var page = page(ada, "limit=2&about=" + bob);
        assertThat(types(page(ada, "about=%s&after=%s".formatted(bob, after(page)))))
            .containsExactly("invitation.sent");
    }

    @Test
    void a_time_begins_with_the_first_event_from_then_on() {
        create("bob@acme.test");
        var event = data(page(ada, "types=user.created")).getLast();
        assertThat(data(page(ada, "since=" + encoded(event.at("/time").asString()))).getFirst()).isEqualTo(event);
        assertThat(data(page(ada, "since=" + encoded(Instant.now().plusSeconds(3600).toString())))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"after=x", "after=evt_", "since=yesterday", "after=latest&since=2026-01-01T00:00:00Z",
        "types=user.create", "types=user", "types=,", "about=bob", "limit=0", "limit=1001", "limit=x", "wait=31",
        "wait=-1",
        "include=all"})
    void bad_values_are_refused(String query) {
        var answer = ada.get(PATH + "?" + query);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.at("/errors/0").asString())
            .matches("The value provided for parameter '(after|since|types|about|limit|wait|include)' is invalid");
    }

    @Test
    void a_misspelled_type_is_told_the_nearest() {
        assertThat(ada.get(PATH + "?types=user.create").at("/errors/1").asString())
            .isEqualTo("There is no event type 'user.create'. Did you mean 'user.created'?");
    }

    @Test
    void places_of_others_and_of_other_histories_are_refused() {
        var other = roster.newOrg("other").founder();
        assertThat(ada.get(PATH + "?after=" + first(other)).status()).isEqualTo(400);
        assertThat(ada.get(PATH + "/" + first(other)).status()).isEqualTo(404);
        assertThat(ada.get(PATH + "/x").at("/errors/0").asString()).isEqualTo("x not found");
        var mine = first(ada);
        roster.sql("UPDATE audit_entries SET stamp = stamp + 1 WHERE org_id = ? AND version = 1", org.id().value());
        var gone = ada.get(PATH + "?after=" + mine);
        assertThat(gone.status()).isEqualTo(410);
        assertThat(gone.at("/errors/0").asString()).isEqualTo("The event given in after is not part of this "
            + "organization's history. Read the current state and begin at latest");
    }

    @Test
    void who_waits_is_answered_by_the_next_event() throws Exception {
        var end = after(page(ada, "after=latest"));
        var waiting = CompletableFuture.supplyAsync(() -> page(ada, "wait=30&after=" + end));
        create("bob@acme.test");
        assertThat(types(waiting.get(20, TimeUnit.SECONDS))).startsWith("user.created");
    }

    /// A client that has ended its side of the connection is not waited for.
    @Test
    void who_has_nothing_more_to_say_is_answered_at_once() throws IOException {
        var end = after(page(ada, "after=latest"));
        var address = URI.create(roster.address());
        try (var socket = new Socket(address.getHost(), address.getPort())) {
            socket.getOutputStream().write("""
                GET %s?wait=30&after=%s HTTP/1.1\r
                Host: %s\r
                DD-API-KEY: %s\r
                DD-APPLICATION-KEY: %s\r
                \r
                """.formatted(PATH, end, address.getAuthority(), ada.apiKey(), ada.applicationKey())
                .getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            socket.setSoTimeout(25_000); // less than it would wait
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .startsWith("HTTP/1.1 200 ").contains("\"data\":[]");
        }
    }

    @Test
    void no_more_than_ten_of_a_key_wait() {
        var end = after(page(ada, "after=latest"));
        var waiting = IntStream.range(0, 11)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> ada.get(PATH + "?wait=30&types=role.*&after=" + end),
                Thread::startVirtualThread))
            .toList();
        var refused = CompletableFuture.anyOf(waiting.toArray(CompletableFuture[]::new)).join();
        assertThat(((Answer) refused).status()).isEqualTo(429);
        assertThat(((Answer) refused).header("Retry-After")).contains("5");
        role("Night Shift");
        assertThat(waiting.stream().map(one -> one.join().status()).filter(status -> status == 200)).hasSize(10);
    }

    @Test
    void lines_are_all_events_to_the_end_and_where_to_go_on() {
        fill(2500);
        create("bob@acme.test");
        var answer = ada.send("GET", PATH, null, Map.of("Accept", "application/x-ndjson"));
        var lines = answer.text().lines().toList();
        var all = (long) roster.sqlValue("SELECT count(*) FROM audit_entries WHERE org_id = ?", org.id().value());
        assertThat(lines).hasSize((int) all + 1);
        assertThat(lines.getLast()).isEqualTo("{\"cursor\":\"%s\"}".formatted(after(page(ada, "after=latest"))));
        assertThat(lines.get(lines.size() - 2)).contains("\"type\":\"user.created\"", "bob@acme.test");
    }

    @Test
    void a_batch_is_the_bare_list() {
        var answer = ada.send("GET", PATH + "?limit=2", null, Map.of("Accept", "application/cloudevents-batch+json"));
        assertThat(answer.header("Content-Type")).contains("application/cloudevents-batch+json");
        assertThat(answer.text()).startsWith("[{\"specversion\"");
        assertThat(answer.header("Link").orElseThrow()).contains("/api/v2/roster/events?after=evt_")
            .endsWith("; rel=\"next\"");
    }

    @Test
    void each_type_has_a_schema_that_its_example_meets() {
        ada.get("/api/v2/roster/event_types").at("/data").forEach(type -> {
            var name = type.at("/id").asString();
            var schema = ada.get("/event-schemas/%s/1.json".formatted(name));
            assertThat(schema.status()).isEqualTo(200);
            assertThat(schema.at("")).isEqualTo(type.at("/attributes/schema"));
            var example = type.at("/attributes/example");
            assertThat(example.at("/type").asString()).isEqualTo(name);
            schema.at("/required").forEach(member -> assertThat(example.has(member.asString())).isTrue());
            schema.at("/properties").properties().stream().filter(one -> one.getValue().has("pattern"))
                .forEach(one -> assertThat(example.at("/" + one.getKey()).asString())
                    .matches(one.getValue().at("/pattern").asString()));
        });
        assertThat(ada.get("/event-schemas/user.created/2.json").status()).isEqualTo(404);
        assertThat(ada.get("/event-schemas/x/1.json").status()).isEqualTo(404);
    }

    @Test
    void who_waits_in_vain_gets_an_empty_page() {
        var end = after(page(ada, "after=latest"));
        var page = page(ada, "wait=1&after=" + end);
        assertThat(data(page)).isEmpty();
        assertThat(after(page)).isEqualTo(end);
    }

    @Test
    void who_lost_their_access_while_waiting_is_refused() throws Exception {
        var eve = org.newAdmin("eve@acme.test");
        var end = after(page(ada, "after=latest"));
        var waiting = CompletableFuture.supplyAsync(() -> eve.get(PATH + "?wait=30&after=" + end));
        ada.delete("/api/v2/users/" + eve.id());
        assertThat(waiting.get(20, TimeUnit.SECONDS).status()).isEqualTo(403);
    }

    @Test
    void failed_sign_ins_are_no_events() {
        roster.sql("UPDATE audit_entries SET action = 'sign_in.failed' WHERE org_id = ? AND version = 1 AND entry = 1",
            org.id().value());
        assertThat(data(page(ada, "limit=1")).getFirst().at("/sequence").asString())
            .isGreaterThan("0000000000000000001.0000000001");
    }

    @Test
    void the_catalogue_has_all_types() {
        var answer = ada.get("/api/v2/roster/event_types");
        assertThat(Set.copyOf(answer.each("/data", "/id"))).isEqualTo(
            EventTypes.listed().stream().map(type -> type.name()).collect(Collectors.toSet()));
    }
}
