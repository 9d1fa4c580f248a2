package roster.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import roster.base.json.Json;
import tools.jackson.databind.JsonNode;

class ComparisonTest {
    private static final String THEIRS = "6409ce70-d1d9-11ec-ad3d-da7ad0900002";
    private static final String OURS = "01a209f5-b754-7ace-9871-76c5f75a61af";
    private static final String SENT = """
        {"data":{"type":"users","attributes":{"email":"Ann@a.test","title":"Dr"}}}""";
    private static final String USER = """
        {"data":{"type":"users","id":"%s","attributes":{"email":"ann@a.test","title":"Dr","name":null,"status":"Pending",
         "disabled":false,"created_at":"2022-05-12T09:53:35.809381+00:00","allowed_login_methods":[]},
         "relationships":{"roles":{"data":[]}}}}""";

    private final Learned learned = new Learned(Optional.empty());

    @Test
    void our_own_ids_times_and_further_members_are_no_difference() {
        var ours = USER.formatted(OURS).replace("2022-05", "2026-08").replace("\"name\"", "\"uuid\":\"u\",\"name\"");

        assertThat(create(ours)).isEmpty();
        assertThat(learned.live("/" + THEIRS)).isEqualTo("/" + OURS);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "'\"email\":\"ann@' | '\"email\":\"Ann@' | /data/attributes/email",
        "'\"title\":\"Dr\"' | '\"title\":null' | /data/attributes/title",
        "'\"title\":\"Dr\",' | '' | /data/attributes/title",
        "'\"name\":null' | '\"name\":\"Ann\"' | /data/attributes/name",
        "Pending | Active | /data/attributes/status",
        "false | true | /data/attributes/disabled",
        "false | '\"false\"' | /data/attributes/disabled",
        "'2022-05-12T' | '2022-05-12 ' | /data/attributes/created_at",
        "'methods\":[]' | 'methods\":[\"saml\"]' | /data/attributes/allowed_login_methods",
        "'\"type\":\"users\"' | '\"type\":\"user\"' | /data/type",
        "'\"roles\":{\"data\":[]}' | '\"org\":{}' | /data/relationships/roles"})
    void what_differs_is_named(String is, String becomes, String pointer) {
        assertThat(create(USER.formatted(OURS).replace(is, becomes))).hasValueSatisfying(
            difference -> assertThat(difference.what()).startsWith(pointer + ":"));
    }

    @Test
    void an_unexpected_status_is_named_with_what_came() {
        var step = new Recording.Step("GET", "/api/v2/users", Map.of(), Optional.empty(), 200, json("{\"data\":[]}"));

        assertThat(new Comparison(step, learned).first(404, json("{\"errors\":[\"x\"]}"))).hasValue(
            new Difference("status: recorded 200, ours 404 {\"errors\":[\"x\"]}"));
    }

    @Test
    void a_list_that_was_asked_for_by_what_was_sent_holds_just_that() {
        create(USER.formatted(OURS));
        var recorded =
            "{\"data\":[{\"type\":\"users\",\"id\":\"%s\"}],\"meta\":{\"page\":{\"total_filtered_count\":1}}}";
        var step = new Recording.Step("GET", "/api/v2/users", Map.of("filter", List.of("ann@a.test")), Optional.empty(),
            200, json(recorded.formatted(THEIRS)));

        assertThat(new Comparison(step, learned).first(200, json(recorded.formatted(OURS)))).isEmpty();
        assertThat(new Comparison(step, learned).first(200, json(recorded.formatted(THEIRS)))).isPresent();
        assertThat(new Comparison(step, learned).first(200, json(recorded.formatted(OURS).replace("count\":1",
            "count\":2")))).isPresent();
        assertThat(new Comparison(step, learned).first(200, json("{\"data\":[],\"meta\":{}}"))).isPresent();
    }

    @Test
    void of_a_list_of_the_recorders_own_the_shape_counts() {
        var recorded =
            "{\"data\":[{\"type\":\"roles\",\"id\":\"%s\",\"attributes\":{\"name\":\"theirs\",\"user_count\":7}}]}";
        var step = new Recording.Step("GET", "/api/v2/roles", Map.of(), Optional.empty(), 200,
            json(recorded.formatted(THEIRS)));
        var ours = recorded.formatted(OURS).replace("theirs", "ours");

        assertThat(new Comparison(step, learned).first(200, json(ours))).isEmpty();
        assertThat(new Comparison(step, learned).first(200, json(ours.replace("user_count", "users")))).isPresent();
    }

    @Test
    void older_envelopes_of_errors_count_as_ours() {
        var step = new Recording.Step("GET", "/api/v2/roles", Map.of(), Optional.empty(), 403,
            json("{\"status\":\"error\",\"code\":403,\"errors\":[\"Forbidden\"]}"));

        assertThat(new Comparison(step, learned).first(403, json("{\"errors\":[\"Forbidden\"]}"))).isEmpty();
        assertThat(new Comparison(step, learned).first(403, json("{\"errors\":[]}"))).isPresent();
        assertThat(new Comparison(step, learned).first(403, Optional.empty())).isPresent();
    }

    private Optional<Difference> create(String ours) {
        var step = new Recording.Step("POST", "/api/v2/users", Map.of(), json(SENT), 201, json(USER.formatted(THEIRS)));
        step.body().ifPresent(learned::sends);
        return new Comparison(step, learned).first(201, json(ours));
    }

    private static Optional<JsonNode> json(String text) {
        return Optional.of(Json.parse(text.getBytes(StandardCharsets.UTF_8)));
    }
}
