package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.base.json.Json;
import roster.support.Inviting;
import roster.support.Operator;
import roster.support.TestRoster;
import tools.jackson.databind.node.StringNode;

/// A name has something to be seen, at every place that takes one: those of `openapi.yaml` that are called `name`, the page
/// of an invitation and the command line.
@Timeout(300)
class VisibleNamesTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @RegisterExtension
    static final Operator operator = new Operator();

    /// Blanks, joiners, fillers, selectors, a blank symbol, a mark that stands on nothing.
    private static final List<String> INVISIBLE = List.of("\u200b", "\u2060\ufeff", "\u3164", "\u115f\u1160", "\ufe0f",
        "\u2800", "\u00ad", "\u034f", "\ud834\udd73", " \u200b\u00a0", "\u0301", "\u202e");

    private static List<String> routesThatTakeNames() {
        return Stream.of("POST /api/v2/users", "PATCH /api/v2/users/{user_id}", "PATCH /api/v2/current_user",
            "POST /api/v2/service_accounts", "POST /api/v2/roles", "PATCH /api/v2/roles/{role_id}",
            "POST /api/v2/roles/{role_id}/clone", "POST /api/v2/api_keys", "PATCH /api/v2/api_keys/{api_key_id}",
            "POST /api/v2/current_user/application_keys", "POST /api/v1/org", "PUT /api/v1/org/{public_id}",
            "POST /api/v2/roster/identity_providers", "PATCH /api/v2/roster/identity_providers/{provider_id}").toList();
    }

    @Test
    void a_name_that_cannot_be_seen_is_refused() {
        var refusing = new TreeSet<String>();
        for (var route : roster.node().routes.all()) {
            for (var place : BoundedInputTest.places(route).stream().filter(one -> one.endsWith("/name")).toList()) {
                var org = roster.newOrg("acme");
                var call = Recipes.call(route, org);
                var before = org.version();
                for (var name : INVISIBLE) {
                    var body = BoundedInputTest.with(Json.parse(call.body().getBytes(StandardCharsets.UTF_8)), place,
                        StringNode.valueOf(name));

                    var answer = org.founder().send(route.method(), call.path(), body.toString(), call.headers());

                    if (answer.status() < 300) { // a member that is ignored
                        assertThat(answer.text()).as("%s %s", Recipes.name(route), place).doesNotContain(name.strip());
                        break;
                    }
                    assertThat(answer.status()).as("%s %s", Recipes.name(route), place).isEqualTo(400);
                    assertThat(org.version()).as("%s %s", Recipes.name(route), place).isEqualTo(before);
                    refusing.add(Recipes.name(route));
                }
            }
        }
        assertThat(refusing).containsAll(routesThatTakeNames());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ア", "李", "7", "!", "👩\u200d🚀", "❤\ufe0f", "a\u0301", "नी\u200cजी"})
    void what_can_be_seen_is_a_name(String name) {
        var ada = roster.newOrg("acme").founder();

        assertThat(ada.send("PUT", "/api/v1/org/" + roster.sqlValue("SELECT public_id FROM orgs WHERE id = ?",
            ada.org().id().value()), "{\"name\":\"%s\"}".formatted(name)).status()).isEqualTo(200);
    }

    @Test
    void who_accepts_an_invitation_enters_a_name_that_can_be_seen() {
        for (var name : INVISIBLE) {
            var org = roster.newOrg("acme");
            var link = Inviting.link(org, Inviting.newInvitation(org));

            var answer = Inviting.accept(roster, link, name, Inviting.PASSWORD);

            assertThat(answer.status()).as(name).isEqualTo(422);
            assertThat(answer.text()).contains("Enter your name.");
        }
    }

    @Test
    void the_command_line_asks_for_the_same() {
        var org = operator.newOrg("visible");
        for (var name : INVISIBLE) {
            var before = operator.version(org);
            assertThat(operator.run("org", "create", name, "--admin-email", "ada@acme.test").exit()).isNotZero();
            assertThat(operator.run("user", "create", "bob@acme.test", "--name", name, "--org", org).exit())
                .isNotZero();
            assertThat(operator.version(org)).isEqualTo(before);
        }
    }
}
