package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.door.scim.UserClient.ok;
import static roster.door.scim.UserClient.person;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.core.session.SignIn.Admission;
import roster.model.Role;
import roster.support.App;
import roster.support.BrowserUser;
import roster.support.Device;
import roster.support.Inviting;
import roster.support.OpenId;
import roster.support.Resetting;
import roster.support.SignedIn;
import roster.support.TestRoster;
import roster.support.TestUser;

/// What a directory's DELETE ends, and that a POST with the address of whom it deleted brings nothing of it back: the
/// contract's section 6.4, and P4.
class DepartedPeopleTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final List<String> WAYS_IN =
        List.of("passwords", "totp_secrets", "recovery_codes", "passkeys", "identities");

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String address = "ann%d@departed.test".formatted(NUMBER.incrementAndGet());
    private final UserClient directory = UserClient.of(roster.newOrg("acme"));
    private final String id = directory.created(person(address, "\"externalId\":\"x1\""));
    private TestUser ann;
    private String token;
    private String provider;
    private String resetLink;
    private SignedIn browser;

    /// All that lets a user in, and what they could do there.
    @BeforeEach
    void ann_is_at_home() {
        ann = directory.joined(id, List.of(directory.org().managed(Role.Managed.ADMIN).toString()));
        BrowserUser.setPassword(ann, Inviting.PASSWORD);
        resetLink = Resetting.asked(ann);
        browser = SignedIn.in(ann);
        provider = OpenId.configured(directory.org(), OpenId.okta());
        OpenId.admitted(directory.org(), ann.user(), provider, "ann-there", Optional.of("automatic"));
        App.of(ann);
        Device.of(ann);
        roster.sql("INSERT INTO recovery_codes (org_id, user_id, digest, created_at, version) "
            + "SELECT org_id, id, sha256('x'), now(), version FROM users WHERE org_id = ? AND id = ?::uuid",
            directory.org().id().value(), id);
        token = ann.post("/api/v2/personal_access_tokens", """
            {"data":{"type":"personal_access_tokens","attributes":{"name":"t","scopes":["user_access_manage"],
             "expires_at":"2999-01-01T00:00:00Z"}}}""").text("/data/attributes/key");
        assertThat(counted()).containsExactlyInAnyOrderEntriesOf(
            WAYS_IN.stream().collect(Collectors.toMap(table -> table, _ -> 1L)));
        assertThat(roster.sqlValue("SELECT second_factor FROM users WHERE org_id = ? AND id = ?::uuid",
            directory.org().id().value(), id)).isEqualTo(true);
    }

    private Map<String, Long> counted() {
        return WAYS_IN.stream().collect(Collectors.toMap(table -> table, table -> (long) roster.sqlValue(
            "SELECT count(*) FROM %s WHERE org_id = ? AND user_id = ?::uuid".formatted(table),
            directory.org().id().value(), id)));
    }

    private void nothingOfItIsThere() {
        assertThat(counted().values()).containsOnly(0L);
        assertThat(roster.sql("SELECT second_factor, verified, email_proved, login_methods::text FROM users "
            + "WHERE org_id = ? AND id = ?::uuid", directory.org().id().value(), id))
            .containsExactly(List.of(false, false, false, "{}"));
        ok(ann.get("/api/v2/current_user"), 403);
        assertThat(TestUser.withToken(roster, token, "GET", "/api/v2/users", null).status()).isEqualTo(403);
        assertThat(browser.call("GET", "/api/v2/current_user", null).status()).isIn(401, 403);
        assertThat(directory.user(id).at("/data/relationships/roles/data")).isEmpty();
        assertThat(ok(directory.admin().get("/api/v2/roster/users/%s/identities".formatted(id)), 200).at("/data"))
            .isEmpty();
    }

    @Test
    void what_let_a_person_in_goes_with_them_in_one_write_and_is_told() {
        var version = directory.org().version();

        ok(directory.delete(id), 204);

        nothingOfItIsThere();
        assertThat(directory.org().version()).isEqualTo(version + 1);
        assertThat(directory.entriesSince(version)).containsExactlyInAnyOrder("application_key.revoked",
            "access_token.revoked", "session.ended", "session.ended", "identity.unlinked", "second_factor.reset",
            "user.deprovisioned");
    }

    @Test
    void who_comes_back_under_the_address_has_nothing_of_it() {
        ok(directory.delete(id), 204);

        assertThat(ok(directory.post(person(address, "")), 201).text("/id")).isEqualTo(id);

        nothingOfItIsThere();
        assertThat(directory.status(id)).isEqualTo("Pending");
        assertThat(OpenId.admitted(directory.org(), ann.user(), provider, "ann-there", Optional.empty()))
            .isNotInstanceOf(Admission.In.class);
        assertThat(new BrowserUser(roster).get(resetLink).status()).as("a link from before").isEqualTo(410);
    }

    @Test
    void nor_has_who_comes_back_over_a_bulk_request() {
        var bulk = BulkClient.of(directory.org());

        bulk.done(BulkClient.delete("/Users/" + id), BulkClient.post("/Users", "ann", person(address, "")));

        assertThat(directory.status(id)).isEqualTo("Pending");
        nothingOfItIsThere();
    }

    @Test
    void nor_has_who_was_given_something_while_they_were_deleted() {
        ok(directory.delete(id), 204);
        App.of(ann);
        Device.of(ann);

        ok(directory.post(person(address, "")), 201);

        nothingOfItIsThere();
    }

    @Test
    void who_is_only_disabled_keeps_what_they_sign_in_by_and_loses_what_they_hold() {
        ok(directory.patch(id, "{\"op\":\"replace\",\"path\":\"active\",\"value\":false}"), 200);
        ok(directory.patch(id, "{\"op\":\"replace\",\"path\":\"active\",\"value\":true}"), 200);

        assertThat(counted().values()).containsOnly(1L);
        ok(ann.get("/api/v2/current_user"), 403);
        assertThat(TestUser.withToken(roster, token, "GET", "/api/v2/users", null).status()).isEqualTo(403);
        assertThat(browser.call("GET", "/api/v2/current_user", null).status()).isIn(401, 403);
    }
}
