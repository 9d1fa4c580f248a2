package roster.door.api.users;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.door.api.users.UpdateUserTest.body;
import static roster.door.api.users.UpdateUserTest.read;
import static roster.door.api.users.UpdateUserTest.update;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.support.TestRoster;

/// What a request to update a user may hold, how faults in it are reported, and whether the answer has a body.
class UpdateUserRequestTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @Test
    void ids_that_differ_are_told_before_the_user_is_looked_for() {
        var ada = roster.newOrg("acme").founder();

        for (var path : List.of(ada.id(), UUID.randomUUID().toString(), "bob")) {
            var answer = ada.patch("/api/v2/users/" + path, body("another user", "{}"));
            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.errors()).containsExactly("UUID's in the URL and request body do not match");
        }
    }

    @Test
    void ids_are_compared_without_regard_to_letter_case() {
        var ada = roster.newOrg("acme").founder();

        var answer = ada.patch("/api/v2/users/" + ada.id().toUpperCase(Locale.ROOT), body(ada.id(), "{}"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.id()).isEqualTo(ada.id());
    }

    @Test
    void the_body_is_looked_at_before_the_ids() {
        var ada = roster.newOrg("acme").founder();

        var empty = ada.patch("/api/v2/users/" + UUID.randomUUID(), "{}");
        var invalid = ada.patch("/api/v2/users/" + UUID.randomUUID(), body(UUID.randomUUID(), "{\"name\":1}"));

        assertThat(empty.status()).isEqualTo(400);
        assertThat(empty.errors()).containsExactly("API input validation failed: {'_schema': [{'detail': "
            + "'Object must include `data` key.', 'source': {'pointer': '/'}}]}");
        assertThat(invalid.status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        {"name": ""}                     | 200 |
        {"name": "a>b"}                  | 400 | {'name': ['Must not contain < or >.']}
        {"name": ["Bob"]}                | 400 | {'name': ['Not a valid string.']}
        {"email": "bob"}                 | 400 | {'email': ['Not a valid email address.']}
        {"email": null}                  | 400 | {'email': ['Not a valid string.']}
        {"email": {}}                    | 400 | {'email': ['Not a valid string.']}
        {"title": 3}                     | 400 | {'title': ['Not a valid string.']}
        {"disabled": null}               | 400 | {'disabled': ['Not a valid boolean.']}
        {"disabled": "true"}             | 400 | {'disabled': ['Not a valid boolean.']}
        {"disabled": 1}                  | 400 | {'disabled': ['Not a valid boolean.']}
        []                               | 400 | {'attributes': ['Not a valid object.']}
        null                             | 400 | {'attributes': ['Not a valid object.']}
        7                                | 400 | {'attributes': ['Not a valid object.']}
        """)
    void what_is_wrong_with_a_member_is_said_by_name(String attributes, int status, String fault) {
        var ada = roster.newOrg("acme").founder();

        var answer = update(ada, ada.id(), attributes);

        assertThat(answer.status()).isEqualTo(status);
        if (fault != null) {
            assertThat(answer.errors()).containsExactly("API input validation failed: " + fault);
        }
    }

    @Test
    void a_name_of_56_characters_is_too_long() {
        var ada = roster.newOrg("acme").founder();

        assertThat(update(ada, ada.id(), "{\"name\":\"%s\"}".formatted("ü".repeat(55))).status()).isEqualTo(200);
        assertThat(update(ada, ada.id(), "{\"name\":\"%s\"}".formatted("ü".repeat(56))).errors())
            .containsExactly("API input validation failed: {'name': ['Longer than maximum length 55.']}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"type\":\"users\",\"attributes\":{}}", "{\"type\":\"users\",\"id\":7,\"attributes\":{}}",
        "{\"type\":\"users\",\"id\":null,\"attributes\":{}}", "{\"id\":\"ID\",\"attributes\":{}}",
        "{\"type\":\"roles\",\"id\":\"ID\",\"attributes\":{}}", "{\"type\":\"users\",\"id\":\"ID\"}"})
    void type_id_and_attributes_are_needed(String data) {
        var ada = roster.newOrg("acme").founder();

        var answer = ada.patch("/api/v2/users/" + ada.id(), "{\"data\":%s}".formatted(data.replace("ID", ada.id())));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errors()).hasSize(1);
    }

    /// Section 5 of the contract: a body or none, as the client asks for it.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        application/json                        |                              | 200 |
        APPLICATION/JSON                        |                              | 200 |
        application/*                           |                              | 200 |
        application/vnd.api+json                |                              | 200 |
        application/json;charset=utf-8          |                              | 200 |
        application/json, text/plain, */*       |                              | 200 |
        text/html, application/json;q=0.1       |                              | 200 |
        text/html,application/json ; q=0.001    |                              | 200 |
                                                |                              | 204 |
        */*                                     |                              | 204 |
        text/html                               |                              | 204 |
        text/html, */*                          |                              | 204 |
        text/*                                  |                              | 204 |
        application/jsonp                       |                              | 204 |
        application/xml                         |                              | 204 |
        application/json;q=0                    |                              | 204 |
        application/json;q=0.000, */*           |                              | 204 |
        application/json;charset=utf-8; Q=0.0   |                              | 204 |
                                                | return=representation        | 200 | return=representation
        text/html                               | return=representation        | 200 | return=representation
        application/json;q=0                    | Return=Representation        | 200 | return=representation
        application/json                        | return=minimal               | 204 | return=minimal
        application/json                        | return="minimal"             | 204 | return=minimal
        application/json                        | respond-async, return=minimal; x=y | 204 | return=minimal
                                                | return=minimal               | 204 | return=minimal
        application/json                        | handling=lenient             | 200 |
        */*                                     | return=everything            | 204 |
        """)
    void a_body_or_none_as_asked_for(String accept, String prefer, int status, String applied) {
        var ada = roster.newOrg("acme").founder();
        var headers = new HashMap<String, String>();
        if (accept != null) {
            headers.put("Accept", accept);
        }
        if (prefer != null) {
            headers.put("Prefer", prefer);
        }

        var answer = ada.send("PATCH", "/api/v2/users/" + ada.id(), body(ada.id(), "{\"name\":\"Ada\"}"), headers);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Vary")).contains("Accept, Prefer");
        assertThat(answer.header("Preference-Applied").orElse(null)).isEqualTo(applied);
        if (status == 200) {
            assertThat(answer.text("/data/attributes/name")).isEqualTo("Ada");
        } else {
            assertThat(answer.bytes()).isEmpty();
            assertThat(answer.header("Content-Type")).isEmpty();
        }
        assertThat(read(ada, ada.id()).text("/data/attributes/name")).isEqualTo("Ada");
    }

    @Test
    void an_error_has_a_body_whatever_the_client_accepts() {
        var ada = roster.newOrg("acme").founder();

        var answer = ada.send("PATCH", "/api/v2/users/" + ada.id(), "{}", Map.of("Prefer", "return=minimal"));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errors()).hasSize(1);
    }
}
