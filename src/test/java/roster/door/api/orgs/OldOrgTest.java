package roster.door.api.orgs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.support.Answer;
import roster.support.Metadata;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// The older organisation calls.
class OldOrgTest {
    private static final String PATH = "/api/v1/org";

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    static final List<Recipe> RECIPES = List.of(
        new Recipe("GET /api/v1/org/{public_id}", org -> new Call(path(org))),
        new Recipe("PUT /api/v1/org/{public_id}", org -> new Call(path(org), "{\"name\":\"Changed\"}")));

    private static String path(TestOrg org) {
        return PATH + "/" + org.founder().get(PATH).text("/orgs/0/public_id");
    }

    private static Answer put(TestUser caller, String body) {
        return caller.send("PUT", path(caller.org()), body);
    }

    @Test
    void an_organisation_is_listed_and_read() {
        var org = roster.newOrg("acme");

        var listed = org.newUser("bob@acme.test").get(PATH);
        var read = org.founder().get(path(org));

        assertThat(listed.status()).isEqualTo(200);
        assertThat(listed.at("/orgs")).hasSize(1);
        assertThat(read.at("/org")).isEqualTo(listed.at("/orgs/0"));
        assertThat(read.text("/org/name")).isEqualTo("acme");
        assertThat(read.text("/org/created")).matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d");
        var started =
            (long) roster.sqlValue("SELECT floor(extract(epoch FROM created_at))::bigint FROM orgs WHERE id = ?",
                org.id().value());
        assertThat(read.at("/org/subscription").toString()).isEqualTo("""
            {"id":null,"billing_plan_id":null,"started":%d,"expires":null,"finished":null,"type":"self_hosted",\
            "is_custom":false,"is_trial":false,"is_expired":false}""".formatted(started));
        assertThat(read.at("/org/billing").toString()).isEqualTo("{\"type\":\"none\"}");
        assertThat(read.at("/org/settings/default_landing_page").isNull()).isTrue();
        assertThat(read.at("/org/settings/custom_landing_page").isNull()).isTrue();
        assertThat(read.at("/org/settings/manage_reports").toString()).isEqualTo("false");
        assertThat(read.at("/org/settings/saml/enabled").asBoolean()).isFalse();
        assertThat(read.at("/org/settings/saml_can_be_enabled").asBoolean()).isFalse();
        assertThat(read.text("/org/settings/saml_autocreate_access_role")).isEqualTo("st");
    }

    @Test
    void another_organisations_short_name_is_an_unknown_one() {
        var ada = roster.newOrg("acme").founder();
        var other = roster.newOrg("acme");
        var before = other.version();

        assertThat(ada.get(path(other)).status()).isEqualTo(404);
        var answer = ada.send("PUT", path(other), "{\"name\":\"Taken\"}");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.errors()).containsExactly(path(other).substring(PATH.length() + 1) + " not found");
        assertThat(other.version()).isEqualTo(before);
    }

    @Test
    void name_and_description_are_changed_everywhere_and_audited() {
        var org = roster.newOrg("acme");
        var ada = org.founder();

        var answer = put(ada, "{\"name\":\" New \",\"description\":\"Tailors\",\"public_id\":\"x\",\"created\":7}");

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.text("/org/name")).isEqualTo("New");
        assertThat(ada.get("/api/v2/org").text("/included/0/attributes/description")).isEqualTo("Tailors");
        assertThat(put(ada, "{\"description\":null}").at("/org/description").isNull()).isTrue();
        assertThat(roster.sql("""
            SELECT before->>'name', after->>'name', before->>'description', after->>'description' FROM audit_entries
             WHERE org_id = ? AND action = 'org.updated' ORDER BY version
            """, org.id().value()).stream().map(Object::toString)).containsExactly("[acme, New, null, Tailors]",
            "[null, null, Tailors, null]");
    }

    @Test
    void settings_are_changed_one_by_one() {
        var ada = roster.newOrg("acme").founder();

        var answer = put(ada, """
            {"settings":{"private_widget_share":true,"saml_strict_mode":{"enabled":true},
             "saml_idp_initiated_login":{"enabled":true},"saml_autocreate_access_role":"ro",
             "saml_autocreate_users_domains":{"enabled":true,"domains":["Acme.test"]},"saml_login_url":"ignored"}}
            """);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        var settings = answer.at("/org/settings");
        assertThat(settings.at("/private_widget_share").asBoolean()).isTrue();
        assertThat(settings.at("/saml_strict_mode/enabled").asBoolean()).isTrue();
        assertThat(settings.at("/saml_idp_initiated_login/enabled").asBoolean()).isTrue();
        assertThat(settings.at("/saml_autocreate_access_role").asString()).isEqualTo("ro");
        assertThat(settings.at("/saml_autocreate_users_domains").toString())
            .isEqualTo("{\"enabled\":true,\"domains\":[\"acme.test\"]}");
        assertThat(settings.at("/saml_login_url").isNull()).isTrue();
        assertThat(put(ada, "{}").at("/org/settings")).isEqualTo(settings);
    }

    @Test
    void a_role_that_signing_in_gives_comes_to_others_only_by_callers_who_hold_it() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var mia = org.newUserWith("mia@acme.test",
            List.of(org.newRole("managing", List.of("org_management")).toString()));
        var role = "{\"settings\":{\"saml_autocreate_access_role\":\"%s\"}}";
        var domains = "{\"settings\":{\"saml_autocreate_users_domains\":{\"enabled\":%s,\"domains\":%s}}}";
        var before = org.version();

        for (var body : List.of(role.formatted("adm"), role.formatted("ro"), domains.formatted("true", "[]"),
            domains.formatted("false", "[\"mia.test\"]"), "{\"name\":\"Mine\"," + role.formatted("adm").substring(1))) {
            assertThat(put(mia, body).errors()).as(body)
                .isEqualTo(List.of("Forbidden", "Failed permission authorization checks"));
        }
        assertThat(org.version()).isEqualTo(before);
        assertThat(put(mia, role.formatted("st")).status()).isEqualTo(200); // as it is
        assertThat(put(ada, role.formatted("adm")).status()).isEqualTo(200);
        assertThat(put(ada, domains.formatted("true", "[\"acme.test\",\"acme.example\"]")).status()).isEqualTo(200);
        assertThat(put(mia, domains.formatted("true", "[\"acme.test\",\"mia.test\"]")).status()).isEqualTo(403);
        assertThat(put(mia, domains.formatted("true", "[\"acme.test\"]")).status()).isEqualTo(200);
        assertThat(put(mia, domains.formatted("false", "[]")).status()).isEqualTo(200);
    }

    @Test
    void saml_is_enabled_after_the_metadata_came() {
        var ada = roster.newOrg("acme").founder();
        var enable = "{\"settings\":{\"saml\":{\"enabled\":true}}}";
        assertThat(put(ada, enable).status()).isEqualTo(400);
        Metadata.upload(ada);

        var settings = put(ada, enable).at("/org/settings");

        assertThat(settings.at("/saml/enabled").asBoolean()).isTrue();
        assertThat(settings.at("/saml_can_be_enabled").asBoolean()).isTrue();
        assertThat(settings.at("/saml_idp_metadata_uploaded").asBoolean()).isTrue();
        assertThat(settings.at("/saml_idp_endpoint").asString()).isEqualTo("https://idp.acme.test/sso");
        assertThat(settings.at("/saml_idp_metadata_valid_until").asString()).isEqualTo("2031-02-03 04:05:06");
        assertThat(ada.get("/api/v2/identity_providers").at("/data/2/attributes/enabled").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "7", "{\"name\":\"\"}", "{\"name\":7}", "{\"name\":null}", "{\"description\":7}",
        "{\"settings\":7}", "{\"settings\":{\"saml\":{\"enabled\":\"yes\"}}}",
        "{\"name\":\"New\",\"settings\":{\"saml_autocreate_access_role\":\"root\"}}",
        "{\"name\":\"New\",\"settings\":{\"saml\":{\"enabled\":true}}}",
        "{\"settings\":{\"saml_autocreate_users_domains\":{\"domains\":[\"a b\"]}}}"})
    void what_cannot_be_is_refused_as_a_whole(String body) {
        var org = roster.newOrg("acme");
        var before = org.version();

        assertThat(put(org.founder(), body).status()).isEqualTo(400);
        assertThat(org.version()).isEqualTo(before);
    }

    @Test
    void changing_needs_a_permission() {
        var org = roster.newOrg("acme");
        assertThat(put(org.newStandard("bob@acme.test"), "{\"name\":\"New\"}").errors())
            .isEqualTo(List.of("Forbidden", "Failed permission authorization checks"));
    }
}
