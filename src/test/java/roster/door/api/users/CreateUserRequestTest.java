package roster.door.api.users;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.door.api.users.CreateUserTest.create;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.support.TestRoster;

/// What a request to create a user may hold, and how faults in it are reported.
class CreateUserRequestTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @ParameterizedTest
    @ValueSource(strings = {"test+tag@example.com", "a@b", "o'hara@example.com", "ann@münchen.example",
        "李@例え.テスト", "jose\u0301@example.com", "a.b.c@x-y.example"})
    void addresses_that_are_valid(String email) {
        var ada = roster.newOrg("acme").founder();

        assertThat(create(ada, "{\"email\":\"%s\"}".formatted(email)).status()).isEqualTo(201);
    }

    @Test
    void an_address_may_have_254_characters_in_all_and_64_before_the_at_sign() {
        var ada = roster.newOrg("acme").founder();
        var local = "l".repeat(64);
        var domain = ("d".repeat(46) + ".").repeat(4); // 188 characters

        assertThat(create(ada, "{\"email\":\"%s@%sd\"}".formatted(local, domain)).status()).isEqualTo(201);
        assertThat(create(ada, "{\"email\":\"%s@%sdd\"}".formatted(local, domain)).status()).isEqualTo(400);
        assertThat(create(ada, "{\"email\":\"%sl@acme.test\"}".formatted(local)).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ann", "@example.com", "ann@", "a@b@c", "a n@example.com", "ann@exam ple.com",
        "ann@example..com", "ann@.com", "ann@example.", "ann\\n@example.com", "ann\\u0000@example.com",
        "ann@example.com\\t", "ann\\u00a0@example.com",
        // The Kelvin sign: lower-casing makes it an ordinary k, and the address of another user.
        "\\u212ate@example.com"})
    void addresses_that_are_not(String email) {
        var ada = roster.newOrg("acme").founder();
        var before = ada.org().version();

        var answer = create(ada, "{\"email\":\"%s\"}".formatted(email));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errors()).hasSize(1);
        assertThat(answer.errors().getFirst()).startsWith("API input validation failed: {'email': ['Not a valid ");
        assertThat(ada.org().version()).isEqualTo(before);
    }

    @Test
    void an_address_typed_with_combining_marks_is_the_same_address() {
        var ada = roster.newOrg("acme").founder();
        create(ada, "{\"email\":\"jos\u00e9@acme.test\"}");

        var answer = create(ada, "{\"email\":\"JOSE\u0301@acme.test\"}");

        assertThat(answer.errors()).containsExactly("User jos\u00e9@acme.test already exists");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {}                                          | {'email': ['Missing data for required field.']}
        {"email": null}                             | {'email': ['Not a valid string.']}
        {"email": 7}                                | {'email': ['Not a valid string.']}
        {"email": ["a@b.test"]}                     | {'email': ['Not a valid string.']}
        {"email": "ann"}                            | {'email': ['Not a valid email address.']}
        {"email": "a@b.test", "name": 7}            | {'name': ['Not a valid string.']}
        {"email": "a@b.test", "name": {}}           | {'name': ['Not a valid string.']}
        {"email": "a@b.test", "name": "<b>"}        | {'name': ['Must not contain < or >.']}
        {"email": "a@b.test", "title": false}       | {'title': ['Not a valid string.']}
        {"email": "a@b.test", "name": "\\ud800"}    | {'name': ['Not a valid string.']}
        {"email": "a@b.test", "title": "\\u0000"}   | {'title': ['Not a valid string.']}
        []                                          | {'attributes': ['Not a valid object.']}
        null                                        | {'attributes': ['Not a valid object.']}
        "x"                                         | {'attributes': ['Not a valid object.']}
        """, quoteCharacter = '~')
    void what_is_wrong_with_a_member_is_said_by_name(String attributes, String fault) {
        var ada = roster.newOrg("acme").founder();
        var before = ada.org().version();

        var answer = create(ada, attributes);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errors()).containsExactly("API input validation failed: " + fault);
        assertThat(ada.org().version()).isEqualTo(before);
    }

    @Test
    void names_have_at_most_55_characters_and_titles_255() {
        var ada = roster.newOrg("acme").founder();

        assertThat(create(ada, "{\"email\":\"a@b.test\",\"name\":\"%s\"}".formatted("😀".repeat(55))).status())
            .isEqualTo(201);
        assertThat(create(ada, "{\"email\":\"c@b.test\",\"name\":\"%s\"}".formatted("n".repeat(56))).errors())
            .containsExactly("API input validation failed: {'name': ['Longer than maximum length 55.']}");
        assertThat(create(ada, "{\"email\":\"d@b.test\",\"title\":\"%s\"}".formatted("t".repeat(255))).status())
            .isEqualTo(201);
        assertThat(create(ada, "{\"email\":\"e@b.test\",\"title\":\"%s\"}".formatted("t".repeat(256))).errors())
            .containsExactly("API input validation failed: {'title': ['Longer than maximum length 255.']}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        {}                   | {'_schema': [{'detail': 'Object must include `data` key.', 'source': {'pointer': '/'}}]}
        []                   | {'_schema': [{'detail': 'Object must include `data` key.', 'source': {'pointer': '/'}}]}
        null                 | {'_schema': [{'detail': 'Object must include `data` key.', 'source': {'pointer': '/'}}]}
        "data"               | {'_schema': [{'detail': 'Object must include `data` key.', 'source': {'pointer': '/'}}]}
        {"data": []}         | {'data': ['Not a valid object.']}
        {"data": null}       | {'data': ['Not a valid object.']}
        {"data": "x"}        | {'data': ['Not a valid object.']}
        {"data": {"type": "users"}} | {'attributes': ['Missing data for required field.']}
        """)
    void a_body_of_another_shape_is_told_what_is_missing(String body, String fault) {
        var ada = roster.newOrg("acme").founder();

        var answer = ada.post("/api/v2/users", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errors()).containsExactly("API input validation failed: " + fault);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"user\"", "\"USERS\"", "7", "null", "[\"users\"]"})
    void another_type_is_refused(String type) {
        var answer = roster.newOrg("acme").founder().post("/api/v2/users", """
            {"data": {"type": %s, "attributes": {"email": "ann@acme.test"}}}
            """.formatted(type));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errors()).containsExactly("API input validation failed: {'_schema': [{'detail': "
            + "'Invalid type. Expected \"users\".', 'source': {'pointer': '/data/type'}}]}");
    }

    @Test
    void a_reference_of_another_type_is_refused() {
        var ada = roster.newOrg("acme").founder();

        var answer = ada.post("/api/v2/users", """
            {"data": {"type": "users", "attributes": {"email": "ann@acme.test"},
              "relationships": {"roles": {"data": [{"type": "users", "id": "%s"}]}}}}
            """.formatted(ada.id()));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errors().getFirst()).contains("Invalid type. Expected \"roles\".",
            "/data/relationships/roles/data/0/type");
    }

    @Test
    void several_faults_are_told_together_in_the_order_of_the_body() {
        var answer = roster.newOrg("acme").founder().post("/api/v2/users", """
            {"data": {"relationships": {"roles": {"data": 7}},
                      "attributes": {"title": 1, "email": "ann", "name": "a<b"}, "type": "user"}}
            """);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errors()).containsExactly(
            "API input validation failed: {'data': ['Not a valid list.']}",
            "API input validation failed: {'title': ['Not a valid string.']}",
            "API input validation failed: {'email': ['Not a valid email address.']}",
            "API input validation failed: {'name': ['Must not contain < or >.']}",
            "API input validation failed: {'_schema': [{'detail': 'Invalid type. Expected \"users\".', "
                + "'source': {'pointer': '/data/type'}}]}");
    }
}
