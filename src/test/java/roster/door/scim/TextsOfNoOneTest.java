package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.door.scim.UserClient.ok;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import roster.support.TestRoster;
import tools.jackson.databind.JsonNode;

/// Filters on every attribute of the schemas with texts that nothing has, and that PostgreSQL does not take in a question: the
/// contract's section 9.1. Only what is no text may be refused.
class TextsOfNoOneTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final List<String> TEXTS = List.of("\\u0000", "a\\u0000b@acme.test", "\\ud800");
    private static final Set<String> USERS = Set.of("urn:ietf:params:scim:schemas:core:2.0:User",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User");

    private final UserClient directory = UserClient.of(roster.newOrg("acme"));

    record Asked(String endpoint, String filter) {}

    static Stream<String> operators() {
        return Stream.of("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le");
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private List<Asked> all(String operator) {
        var all = new ArrayList<Asked>();
        elements(ok(directory.send("GET", "/Schemas", null), 200).at("/Resources")).forEach(schema -> {
            var urn = schema.at("/id").asString();
            var endpoint = USERS.contains(urn) ? "/Users" : "/Groups";
            if (USERS.contains(urn) || urn.endsWith(":Group")) {
                elements(schema.at("/attributes")).flatMap(one -> Stream.concat(Stream.of(""), elements(one.at(
                    "/subAttributes")).map(part -> "." + part.at("/name").asString()))
                    .map(part -> urn + ":" + one.at("/name").asString() + part)).forEach(
                        name -> TEXTS.forEach(text -> all.add(
                            new Asked(endpoint, "%s %s \"%s\"".formatted(name, operator, text)))));
            }
        });
        for (var common : List.of("id", "externalId")) {
            for (var endpoint : List.of("/Users", "/Groups")) {
                TEXTS.forEach(text -> all.add(
                    new Asked(endpoint, "%s %s \"%s\"".formatted(common, operator, text))));
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("operators")
    void are_answered_whatever_they_are_about(String operator) {
        directory.created("{\"userName\":\"ann@acme.test\",\"externalId\":\"e1\",\"title\":\"CEO\"}");
        var all = all(operator);

        assertThat(all).hasSizeGreaterThan(100).allSatisfy(asked -> {
            var answer = directory.filtered(asked.endpoint(), asked.filter());
            assertThat(answer.status()).as("%s: %s", asked, answer).isIn(200, 400);
            if (answer.status() == 400) {
                assertThat(answer.text("/scimType")).as("%s: %s", asked, answer).isEqualTo("invalidFilter");
            } else if (Set.of("eq", "co", "sw", "ew").contains(operator)) {
                assertThat(answer.at("/totalResults").asInt()).as(asked.toString()).isZero();
            }
        });
    }

    static Stream<String> unstorable() {
        return Stream.of("\\u0000", "\\u0001", "a\\ud800", "x".repeat(1001));
    }

    /// What a path describes is made, so that its text is one that could be sent.
    @ParameterizedTest
    @MethodSource("unstorable")
    void make_no_element_by_the_path_of_a_change(String text) {
        var ann = directory.created("{\"userName\":\"ann@acme.test\"}");
        var before = directory.send("GET", "/Users/" + ann, null).text();
        var asked = 0;
        for (var schema : elements(ok(directory.send("GET", "/Schemas", null), 200).at("/Resources")).toList()) {
            for (var one : elements(schema.at("/attributes")).filter(TextsOfNoOneTest::hasType).toList()) {
                var answer = directory.patch(ann, """
                    {"op":"replace","path":"%s[type eq \\"%s\\"].value","value":"x@acme.test"}
                    """.formatted(one.at("/name").asString(), text.replace("\\", "\\\\")));
                assertThat(answer.status()).as("%s: %s", one.at("/name"), answer).isEqualTo(400);
                assertThat(answer.text("/scimType")).isIn("invalidValue", "invalidPath", "mutability", "noTarget");
                asked++;
            }
        }
        assertThat(asked).isGreaterThan(2);
        assertThat(directory.send("GET", "/Users/" + ann, null).text()).isEqualTo(before);
    }

    /// A role that there is not is left out, whatever else is said of it.
    private static boolean hasType(JsonNode attribute) {
        return !attribute.at("/name").asString().equals("roles") && attribute.at("/multiValued").asBoolean()
            && elements(attribute.at("/subAttributes"))
                .anyMatch(part -> part.at("/name").asString().equals("type"));
    }

    @Test
    void find_no_one_and_not_them_everyone() {
        var ann = directory.created("{\"userName\":\"ann@acme.test\",\"externalId\":\"e1\"}");
        for (var name : List.of("userName", "externalId", "emails", "emails.value", "displayName")) {
            for (var text : TEXTS) {
                var filter = "%s eq \"%s\"".formatted(name, text);
                assertThat(ok(directory.filtered(filter), 200).each("/Resources", "/id")).as(filter).isEmpty();
                assertThat(ok(directory.filtered("not (" + filter + ") and userName eq \"ann@acme.test\""), 200)
                    .each("/Resources", "/id")).as(filter).containsExactly(ann);
            }
        }
        for (var name : List.of("displayName", "externalId", "id", "members.value")) {
            var filter = "%s eq \"%s\"".formatted(name, TEXTS.getFirst());
            assertThat(ok(directory.filtered("/Groups", filter), 200).at("/totalResults").asInt()).as(filter).isZero();
        }
    }
}
