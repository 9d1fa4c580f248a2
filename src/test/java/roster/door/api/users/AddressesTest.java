package roster.door.api.users;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.door.api.users.CreateUserTest.create;
import static roster.door.api.users.UpdateUserTest.update;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.base.json.Json;
import roster.support.Answer;
import roster.support.Inviting;
import roster.support.TestRoster;
import roster.support.TestUser;

/// The addresses of users: one form of each mailbox, and none that no mail server would take.
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AddressesTest {
    private static final String FAULT = "API input validation failed: {'email': ['Not a valid email address.']}";

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    static String attributes(String email) {
        return "{\"email\":%s}".formatted(new String(Json.bytes(email), StandardCharsets.UTF_8));
    }

    static Answer search(TestUser caller, String text) {
        return caller.get("/api/v2/users?filter=" + URLEncoder.encode(text, StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @MethodSource("roster.support.AddressSamples#invalid")
    void a_slip_is_refused_when_it_is_given(String slip) {
        var ada = roster.newOrg("acme").founder();
        var before = ada.org().version();

        var created = create(ada, attributes(slip));
        var updated = update(ada, ada.id(), attributes(slip));
        var self = ada.patch("/api/v2/current_user", UpdateUserTest.body(ada.id(), attributes(slip)));
        var unknown = update(ada, "018f2c1e-7d1b-7c3a-9a35-6f1f6c1d2e3f", attributes(slip));
        var contact = ada.patch("/api/v2/org_configs/security_contacts", """
            {"data": {"type": "org_configs", "attributes": {"value": [%s]}}}
            """.formatted(new String(Json.bytes(slip), StandardCharsets.UTF_8)));

        for (var answer : new Answer[] {created, updated, self, unknown}) {
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.errors()).containsExactly(FAULT);
        }
        assertThat(contact.status()).isEqualTo(400);
        assertThat(ada.org().version()).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("roster.support.AddressSamples#valid")
    void what_a_mail_server_takes_is_accepted(String email) {
        var ada = roster.newOrg("acme").founder();

        assertThat(create(ada, attributes(email)).status()).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ann@xn--mnchen-3ya.test", "ANN@XN--MNCHEN-3YA.TEST", "ann@ＭÜNCHEN.test",
        "ann@ⓜünchen.test", "ann@mu\u0308nchen.test", "ann@münchen．test", "Ann@München.test"})
    void all_spellings_of_a_domain_are_one_address(String spelling) {
        var ada = roster.newOrg("acme").founder();
        var ann = create(ada, attributes(spelling));

        assertThat(ann.status()).isEqualTo(201);
        assertThat(ann.text("/data/attributes/email")).isEqualTo("ann@münchen.test");
        assertThat(ann.text("/data/attributes/handle")).isEqualTo("ann@münchen.test");
        assertThat(create(ada, attributes("ann@münchen.test")).errors())
            .containsExactly("User ann@münchen.test already exists");
        assertThat(update(ada, ada.id(), attributes(spelling)).status()).isEqualTo(409);
        assertThat(search(ada, spelling).each("/data", "/id")).containsExactly(ann.id());
        assertThat(search(ada, spelling.substring(spelling.indexOf('@'))).each("/data", "/id"))
            .containsExactly(ann.id());
        assertThat(search(ada, spelling.substring(spelling.indexOf('@') + 1)).each("/data", "/id"))
            .containsExactly(ann.id());
    }

    @Test
    void sharp_s_and_double_s_are_two_domains() {
        var ada = roster.newOrg("acme").founder();

        var sharp = create(ada, attributes("ann@faß.test"));
        var two = create(ada, attributes("ann@fass.test"));

        assertThat(sharp.text("/data/attributes/email")).isEqualTo("ann@faß.test");
        assertThat(two.text("/data/attributes/email")).isEqualTo("ann@fass.test");
        assertThat(search(ada, "ann@xn--fa-hia.test").each("/data", "/id")).containsExactly(sharp.id());
    }

    @Test
    void a_name_is_still_found_as_it_was_typed() {
        var ada = roster.newOrg("acme").founder();
        var ann = create(ada, "{\"email\":\"ann@acme.test\",\"name\":\"ＡＮＮ Ⓐ\"}");

        assertThat(search(ada, "ａｎｎ ⓐ").each("/data", "/id")).containsExactly(ann.id());
        assertThat(search(ada, "ａｎｎ").each("/data", "/id")).containsExactly(ann.id());
    }

    @Test
    void a_service_account_may_have_an_address_that_no_mail_goes_to() {
        var ada = roster.newOrg("acme").founder();
        var made = ada.post("/api/v2/service_accounts", """
            {"data": {"type": "users", "attributes": {"email": "ci,deploy@build_host", "service_account": true}}}
            """);

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.text("/data/attributes/email")).isEqualTo("ci,deploy@build_host");
        assertThat(update(ada, made.id(), attributes("ci/deploy@build_host")).status()).isEqualTo(200);
        assertThat(update(ada, made.id(), attributes("ci@bot@host")).errors()).containsExactly(FAULT);
    }

    /// A filter finds what is stored in one form, whichever of the forms it is typed in: before the `@` that is its lower case.
    @Test
    void a_filter_folds_as_addresses_do() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var local = create(ada, attributes("sepp@acme.test")).id();
        var domain = create(ada, attributes("ann@sepp.test")).id();
        var umlaut = create(ada, attributes("münz@bücher.test")).id();
        var earlier = org.newPending("earlier@acme.test").id();
        roster.sql("UPDATE users SET email = 'ſepp@acme.test' WHERE id = ?", earlier.value());
        roster.sql("SELECT roster_touch(?, 'an earlier version')", org.id().value());

        assertThat(search(ada, "sepp").each("/data", "/id")).containsExactlyInAnyOrder(local, domain);
        assertThat(search(ada, "ſepp").each("/data", "/id")).containsExactlyInAnyOrder(domain, earlier.toString());
        assertThat(search(ada, "SEPP@").each("/data", "/id")).containsExactly(local);
        assertThat(search(ada, "ſepp@").each("/data", "/id")).containsExactly(earlier.toString());
        assertThat(search(ada, "ann@ſepp").each("/data", "/id")).containsExactly(domain);
        assertThat(search(ada, "ＭÜＮZ").each("/data", "/id")).isEmpty();
        assertThat(search(ada, "ＢÜＣHER").each("/data", "/id")).containsExactly(umlaut);
    }

    @Test
    void invitations_are_found_by_every_spelling_of_a_domain() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var invitation = Inviting.invited(ada, create(ada, attributes("ann@bücher.test")).id());
        Inviting.invited(ada, create(ada, attributes("ann@acme.test")).id());

        for (var spelling : new String[] {"bücher", "xn--bcher-kva", "ＢÜCHER", "ann@xn--bcher-kva.test", "@ＢÜCHER"}) {
            assertThat(
                ada.get(Inviting.OWN_PATH + "?filter=" + URLEncoder.encode(spelling, StandardCharsets.UTF_8))
                    .each("/data", "/id"))
                .as(spelling).containsExactly(invitation);
        }
    }

    /// Clients that keep users as code send the address with each change.
    @Test
    void a_person_keeps_an_address_from_before_it_was_refused() {
        var org = roster.newOrg("acme");
        var bob = org.newPending("bob@acme.test");
        roster.sql("UPDATE users SET email = 'bob,ray@acme.test' WHERE id = ?", bob.id().value());
        roster.sql("SELECT roster_touch(?, 'an earlier version')", org.id().value());
        var body = "{\"email\":\"Bob,Ray@acme.test\",\"title\":\"Baker\"}";

        assertThat(update(org.founder(), bob.id().toString(), body).status()).isEqualTo(200);
        assertThat(update(org.founder(), org.founder().id(), body).errors()).containsExactly(FAULT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ſepp@acme.test", "bob\u3164@acme.test", "bob@127.0.0.1", "\u0301bob@acme.test"})
    void an_address_that_is_refused_now_stays_and_is_found(String stored) {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var bob = org.newPending("bob@acme.test");
        roster.sql("UPDATE users SET email = ?, handle = ? WHERE id = ?", stored, stored, bob.id().value());
        roster.sql("SELECT roster_touch(?, 'an earlier version')", org.id().value());

        assertThat(
            update(ada, bob.id().toString(), "{\"email\":\"%s\",\"title\":\"Baker\"}".formatted(stored)).status())
            .isEqualTo(200);
        assertThat(ada.get("/api/v2/users/" + bob.id()).text("/data/attributes/email")).isEqualTo(stored);
        assertThat(search(ada, stored).each("/data", "/id")).containsExactly(bob.id().toString());
        assertThat(create(ada, attributes(stored)).errors()).containsExactly(FAULT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"domain_allowlist", "security_contacts"})
    void lists_of_domains_and_addresses_have_the_same_form(String name) {
        var ada = roster.newOrg("acme").founder();
        var who = name.equals("domain_allowlist") ? "" : "ann";

        var answer = ada.patch("/api/v2/org_configs/" + name, """
            {"data": {"type": "org_configs", "attributes": {"value": ["%1$s@ＭÜNCHEN.test",
              "%1$s@xn--mnchen-3ya.test", "%1$s@faß.test"]}}}
            """.formatted(who));

        assertThat(answer.texts("/data/attributes/value")).containsExactly(who + "@münchen.test", who + "@faß.test");
        for (var slip : new String[] {"@acme,test", "@acme_host.test", "@acme.test.", "@.test", "@acme test"}) {
            assertThat(ada.patch("/api/v2/domain_allowlist", """
                {"data": {"type": "domain_allowlist", "attributes": {"domains": ["%s"]}}}
                """.formatted(slip)).status()).isEqualTo(400);
        }
    }

    @Test
    void the_trail_finds_an_address_in_every_spelling() {
        var ada = roster.newOrg("acme").founder();
        create(ada, attributes("ann@münchen.test"));

        var found = ada.get("/api/v2/audit/events?filter[query]=" + URLEncoder.encode(
            "@asset.name:ann@XN--MNCHEN-3YA.test", StandardCharsets.UTF_8));

        assertThat(found.status()).isEqualTo(200);
        assertThat(found.json().path("data")).hasSize(1);
    }
}
