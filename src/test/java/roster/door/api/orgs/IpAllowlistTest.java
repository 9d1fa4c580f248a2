package roster.door.api.orgs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

/// GetIPAllowlist and UpdateIPAllowlist, and what they do to all other calls.
class IpAllowlistTest {
    private static final String PATH = "/api/v2/ip_allowlist";
    private static final String USERS = "/api/v2/users";

    /// The tests come through a proxy that says from where.
    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_TRUSTED_PROXIES", "127.0.0.1"));

    static final List<Recipe> RECIPES = List.of(new Recipe("PATCH /api/v2/ip_allowlist",
        org -> new Call(PATH, """
            {"data":{"type":"ip_allowlist","attributes":{"enabled":true,
             "entries":[{"data":{"attributes":{"cidr_block":"127.0.0.0/8"}}}]}}}
            """)));

    private static String body(String enabled, String... blocks) {
        return "{\"data\":{\"type\":\"ip_allowlist\",\"attributes\":{%s\"entries\":[%s]}}}".formatted(
            enabled.isEmpty() ? "" : "\"enabled\":%s,".formatted(enabled),
            Stream.of(blocks).map(block -> """
                {"data":{"type":"ip_allowlist_entry","attributes":{"cidr_block":"%s","note":"of %s"}}}
                """.formatted(block, block)).collect(Collectors.joining(",")));
    }

    private static Answer patch(TestUser caller, String body) {
        return caller.patch(PATH, body);
    }

    private static int status(TestUser caller, String from) {
        return from(caller, from).status();
    }

    private static Answer from(TestUser caller, String address) {
        return caller.send("GET", USERS, null, Map.of("X-Forwarded-For", address));
    }

    private static List<String> blocks(Answer answer) {
        return answer.each("/data/attributes/entries", "/data/attributes/cidr_block");
    }

    @Test
    void it_begins_switched_off_and_empty() {
        var org = roster.newOrg("acme");

        assertThat(org.founder().get(PATH).text()).isEqualTo(
            "{\"data\":{\"type\":\"ip_allowlist\",\"id\":\"%s\",\"attributes\":{\"enabled\":false,\"entries\":[]}}}"
                .formatted(org.id()));
    }

    @Test
    void blocks_are_kept_in_one_form_and_read_again() {
        var ada = roster.newOrg("acme").founder();

        var answer = patch(ada, body("false", "127.0.0.1", "10.1.2.3/8", "2001:DB8:0:0::/32", "::ffff:192.0.2.7"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(blocks(answer)).containsExactly("127.0.0.1/32", "10.0.0.0/8", "2001:db8::/32", "192.0.2.7/32");
        assertThat(answer.text("/data/attributes/entries/0/data/attributes/note")).isEqualTo("of 127.0.0.1");
        var first = answer.at("/data/attributes/entries/0/data/attributes");
        assertThat(first.at("/created_at")).isEqualTo(first.at("/modified_at"));
        assertThat(ada.get(PATH).at("/data")).isEqualTo(answer.at("/data"));
    }

    @Test
    void a_list_replaces_the_one_before_and_a_known_block_keeps_its_id() {
        var ada = roster.newOrg("acme").founder();
        var before = patch(ada, body("false", "127.0.0.1", "10.0.0.0/8")).at("/data/attributes/entries/1/data");

        var answer = patch(ada, body("", "10.9.9.9/8", "192.0.2.0/24"));

        assertThat(blocks(answer)).containsExactly("10.0.0.0/8", "192.0.2.0/24");
        var after = answer.at("/data/attributes/entries/0/data");
        assertThat(after.at("/id")).isEqualTo(before.at("/id"));
        assertThat(after.at("/attributes/created_at")).isEqualTo(before.at("/attributes/created_at"));
        assertThat(after.at("/attributes/modified_at").asString())
            .isGreaterThan(before.at("/attributes/modified_at").asString());
        assertThat(after.at("/attributes/note").asString()).isEqualTo("of 10.9.9.9/8");
        assertThat(blocks(patch(ada, body("")))).isEmpty();
    }

    @Test
    void of_a_block_that_is_sent_twice_the_last_counts() {
        var answer = patch(roster.newOrg("acme").founder(), body("", "10.0.0.0/8", "10.1.1.1/8"));

        assertThat(blocks(answer)).containsExactly("10.0.0.0/8");
        assertThat(answer.text("/data/attributes/entries/0/data/attributes/note")).isEqualTo("of 10.1.1.1/8");
    }

    @Test
    void what_is_no_block_is_named_and_changes_nothing() {
        var org = roster.newOrg("acme");
        var before = org.version();

        var answer = patch(org.founder(), body("false", "127.0.0.1", "10.0.0.0/33", "here", "203.0.113.07"));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errors()).containsExactly("Invalid CIDR block: 10.0.0.0/33", "Invalid CIDR block: here",
            "Invalid CIDR block: 203.0.113.07");
        assertThat(org.version()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "null", "[7]", "[{}]", "[{\"data\":{}}]", "[{\"data\":{\"attributes\":{}}}]",
        "[{\"data\":{\"attributes\":{\"cidr_block\":7}}}]",
        "[{\"data\":{\"attributes\":{\"cidr_block\":\"::1\",\"note\":7}}}]"})
    void what_is_no_list_of_entries_is_refused(String entries) {
        var org = roster.newOrg("acme");
        var before = org.version();

        var answer = patch(org.founder(),
            "{\"data\":{\"type\":\"ip_allowlist\",\"attributes\":{\"entries\":%s}}}".formatted(entries));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errors()).allMatch(error -> error.startsWith("API input validation failed: "));
        assertThat(org.version()).isEqualTo(before);
    }

    @Test
    void a_thousand_blocks_are_the_most() {
        var ada = roster.newOrg("acme").founder();
        var blocks = IntStream.rangeClosed(0, 1000).mapToObj(i -> "10.0.%d.%d".formatted(i / 250, i % 250)).toList();

        assertThat(blocks(patch(ada, body("", blocks.subList(0, 1000).toArray(String[]::new))))).hasSize(1000);
        assertThat(patch(ada, body("", blocks.toArray(String[]::new))).errors())
            .containsExactly("API input validation failed: {'entries': ['Longer than maximum length 1000.']}");
    }

    @Test
    void callers_cannot_shut_themselves_out() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var before = org.version();

        var refused = patch(ada, body("true", "10.0.0.0/8"));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.errors()).containsExactly(
            "Cannot enable or keep enabled an IP Allowlist without the current IP address in it");
        assertThat(org.version()).isEqualTo(before);
        assertThat(patch(ada, body("true", "127.0.0.0/8", "10.0.0.0/8")).status()).isEqualTo(200);
        assertThat(patch(ada, body("", "10.0.0.0/8")).errors()).isEqualTo(refused.errors());
        assertThat(patch(ada, body("false", "10.0.0.0/8")).status()).isEqualTo(200);
        assertThat(patch(ada, "{\"data\":{\"type\":\"ip_allowlist\",\"attributes\":{\"enabled\":true}}}").errors())
            .isEqualTo(refused.errors());
    }

    @ParameterizedTest
    @CsvSource({"203.0.113.9, 200", "::ffff:203.0.113.9, 200", "198.51.100.1, 403", "2001:db8:0:1::7, 200",
        "2001:db8:1::7, 403", "203.0.113.10, 403"})
    void while_it_is_on_only_its_addresses_get_in(String address, int status) {
        var ada = roster.newOrg("acme").founder();
        assertThat(status(ada, address)).isEqualTo(200);

        patch(ada, body("true", "127.0.0.1", "203.0.113.9", "2001:db8::/48"));

        assertThat(status(ada, address)).isEqualTo(status);
    }

    @Test
    void it_holds_for_every_route_with_keys_and_says_no_more_than_forbidden() {
        var ada = roster.newOrg("acme").founder();
        patch(ada, body("true", "127.0.0.1"));
        var elsewhere = Map.of("X-Forwarded-For", "198.51.100.1");

        for (var path : List.of(USERS, PATH, "/api/v1/validate", "/api/v2/validate_keys", "/api/v2/org_configs")) {
            var answer = ada.send("GET", path, null, elsewhere);
            assertThat(answer.status()).as(path).isEqualTo(403);
            assertThat(answer.errors()).as(path).containsExactly("Forbidden");
        }
        assertThat(ada.send("PATCH", PATH, body("false"), elsewhere).status()).isEqualTo(403);
        assertThat(roster.send("GET", "/health/live", null, elsewhere).status()).isEqualTo(200);
    }

    @Test
    void a_header_is_believed_from_proxies_only() {
        var ada = roster.newOrg("acme").founder();
        patch(ada, body("true", "127.0.0.1", "203.0.113.9"));
        // Without trusted proxies the same header says nothing: the peer is what counts.
        try (var direct = roster.anotherNode(Map.of("ROSTER_TRUSTED_PROXIES", ""))) {
            assertThat(ada.sendTo(direct.address(), "GET", USERS, null, Map.of("X-Forwarded-For", "198.51.100.1"))
                .status()).isEqualTo(200);
        }
        assertThat(status(ada, "203.0.113.9, 198.51.100.1")).as("the client wrote the first one").isEqualTo(403);
    }

    @Test
    void it_holds_on_another_node_with_the_commit_and_ends_with_it() {
        var ada = roster.newOrg("acme").founder();
        try (var node = roster.anotherNode(Map.of())) {
            var elsewhere = Map.of("X-Forwarded-For", "198.51.100.1");
            for (int i = 0; i < 3; i++) {
                patch(ada, body("true", "127.0.0.1"));
                assertThat(ada.sendTo(node.address(), "GET", USERS, null, elsewhere).status()).isEqualTo(403);
                patch(ada, body("false"));
                assertThat(ada.sendTo(node.address(), "GET", USERS, null, elsewhere).status()).isEqualTo(200);
            }
        }
    }

    @Test
    void it_is_an_organisations_own() {
        patch(roster.newOrg("acme").founder(), body("true", "127.0.0.1"));

        var other = roster.newOrg("acme").founder();

        assertThat(status(other, "198.51.100.1")).isEqualTo(200);
        assertThat(blocks(other.get(PATH))).isEmpty();
    }

    @Test
    void the_operator_switches_it_off_and_keeps_the_blocks() {
        var org = roster.newOrg("acme");
        patch(org.founder(), body("true", "127.0.0.1"));
        org.write(tx -> roster.program().org.ipAllowlists.update(tx, Optional.of(false), Optional.empty()));

        assertThat(status(org.founder(), "198.51.100.1")).isEqualTo(200);
        assertThat(blocks(org.founder().get(PATH))).containsExactly("127.0.0.1/32");
    }

    @Test
    void a_change_is_audited_with_before_and_after() {
        var org = roster.newOrg("acme");
        patch(org.founder(), body("true", "127.0.0.1"));

        var id = org.founder().get(PATH).text("/data/attributes/entries/0/data/id");
        assertThat(roster.sql("""
            SELECT subject_kind, before::text, after->>'enabled', jsonb_array_length(after->'entries'),
                   after#>>'{entries,0,id}', after#>>'{entries,0,note}', after#>>'{entries,0,cidr_block}'
              FROM audit_entries WHERE org_id = ? AND action = 'ip_allowlist.updated'
            """, org.id().value())).containsExactly(List.of("ip_allowlist", "{\"enabled\": false, \"entries\": []}",
            "true", 1, id, "of 127.0.0.1", "127.0.0.1/32"));
    }

    @Test
    void it_needs_a_permission() {
        var standard = roster.newOrg("acme").newStandard("bob@acme.test");

        assertThat(standard.get(PATH).status()).isEqualTo(403);
        assertThat(patch(standard, body("false")).status()).isEqualTo(403);
    }
}
