package roster.door.api.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import roster.support.App;
import roster.support.Await;
import roster.support.BrowserUser;
import roster.support.FakeProvider;
import roster.support.Inviting;
import roster.support.OpenId;
import roster.support.Resetting;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;
import tools.jackson.databind.JsonNode;

/// Each event of signing in: it is written, and the audit search shows it with all that belongs to it.
@Timeout(300)
class SignInEventsTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @RegisterExtension
    static final FakeProvider provider = new FakeProvider();

    private static final Set<String> IDENTITY =
        Set.of("provider", "provider_name", "issuer", "subject", "how", "linked_at");
    private static final Set<String> CONFIGURED = Set.of("name", "profile", "issuer", "client_id", "secret_set_at",
        "client_auth", "scopes", "domains", "addresses", "link", "create_users", "default_role", "second_factor",
        "second_factor_values", "enabled", "created_at");
    private static final String SECURITY = "/me/security";
    private static final String STEP = "/me/security/second-step";

    @BeforeEach
    void allIsRight() {
        provider.reset();
    }

    /// An organisation with a provider, and Bob, who has a password and may sign in by the provider too.
    private record Scene(TestOrg org, TestUser bob, String id) {
        static Scene made() {
            var org = roster.newOrg("acme");
            var bob = org.newUser("bob@events.test");
            BrowserUser.setPassword(bob, Inviting.PASSWORD);
            return new Scene(org, bob,
                provider.configured(org, "generic", "link", "automatic", "domains", List.of("events.test")));
        }

        BrowserUser byPassword() {
            var browser = new BrowserUser(roster);
            browser.signIn(org, bob.email(), Inviting.PASSWORD);
            return browser;
        }

        BrowserUser byProvider(Object verified, UnaryOperator<Map<String, Object>> more) {
            var browser = new BrowserUser(roster);
            provider.signIn(browser, id,
                claims -> more.apply(FakeProvider.person("bob", bob.email(), verified).apply(claims)));
            return browser;
        }

        void byProvider() {
            byProvider(true, UnaryOperator.identity());
        }

        BrowserUser withApp() {
            var browser = byPassword();
            browser.submitAsIs(STEP, page -> Map.of("secret", App.sealed(page), "code", App.reading(page).code()));
            return browser;
        }

        /// A mapping of a group to a role of its own.
        void mapped(TestUser author) {
            author.post("/api/v2/authn_mappings", """
                {"data":{"type":"authn_mappings","attributes":{"attribute_key":"groups","attribute_value":"ops"},
                 "relationships":{"role":{"data":{"type":"roles","id":"%s"}}}}}
                """.formatted(org.newRole("Ops", List.of())));
        }

        void ofGroup() {
            byProvider(true, claims -> {
                claims.put("groups", List.of("ops"));
                return claims;
            });
        }

        void founder(String method, String path, String body) {
            assertThat(org.founder().send(method, path.formatted(bob.id()), body).status()).isBetween(200, 299);
        }
    }

    /// @param verb the event's `action`
    /// @param was,is names of the facts before and after
    /// @param happen brings it about
    private record Kind(String action, String verb, Set<String> was, Set<String> is, Consumer<Scene> happen) {
        @Override
        public String toString() {
            return action;
        }
    }

    static Stream<Kind> kinds() {
        return Stream.of(signIns(), passwords(), factors(), identities(), mappings()).flatMap(part -> part);
    }

    private static Stream<Kind> signIns() {
        return Stream.of(
            new Kind("sign_in.succeeded", "login", Set.of(),
                Set.of("method", "provider", "factors", "session", "browser"), Scene::byProvider),
            new Kind("sign_in.failed", "login", Set.of(), Set.of("method", "factor", "reason"),
                scene -> new BrowserUser(roster).signIn(scene.org(), scene.bob().email(), "not their password")),
            new Kind("sign_in.refused", "login", Set.of(), Set.of("method", "provider", "reason"), scene -> {
                scene.founder("DELETE", "/api/v2/users/%s", null);
                scene.byProvider();
            }),
            new Kind("session.ended", "deleted", Set.of("method", "created_at", "why"), Set.of(), scene -> {
                SignedIn.in(scene.bob());
                scene.founder("DELETE", "/api/v2/roster/users/%s/sessions", null);
            }),
            new Kind("sign_in_link.made", "created", Set.of(), Set.of("expires_at", "reset_second_factor"),
                scene -> scene.org().write(tx -> roster.program().signIn.links.make(tx, scene.bob().user(),
                    Duration.ofMinutes(15)))));
    }

    private static Stream<Kind> passwords() {
        return Stream.of(
            new Kind("password.changed", "modified", Set.of(), Set.of("password_set_at"),
                scene -> scene.byPassword().submit(SECURITY, "/me/security/password",
                    Map.of("current", Inviting.PASSWORD, "password", Resetting.PASSWORD))),
            new Kind("password.reset_sent", "modified", Set.of(), Set.of("expires_at"),
                scene -> scene.founder("POST", "/api/v2/roster/users/%s/password_reset", null)),
            new Kind("password.reset", "modified", Set.of(), Set.of("password_set_at"), scene -> {
                scene.founder("POST", "/api/v2/roster/users/%s/password_reset", null);
                Resetting.reset(new BrowserUser(roster), Resetting.link(scene.org()));
            }));
    }

    private static Stream<Kind> factors() {
        return Stream.of(
            new Kind("second_factor.added", "modified", Set.of("mfa_enabled"), Set.of("factor", "mfa_enabled"),
                Scene::withApp),
            new Kind("second_factor.removed", "modified", Set.of("factor", "mfa_enabled"), Set.of("mfa_enabled"),
                scene -> scene.withApp().submit(SECURITY, "/me/security/second-step/remove", Map.of())),
            new Kind("second_factor.reset", "modified", Set.of("factors", "mfa_enabled", "recovery_codes"),
                Set.of("mfa_enabled"), scene -> {
                    scene.withApp();
                    scene.founder("DELETE", "/api/v2/roster/users/%s/second_factors", null);
                }),
            new Kind("recovery_codes.made", "created", Set.of(), Set.of("codes"), Scene::withApp),
            new Kind("recovery_codes.used", "modified", Set.of(), Set.of("left"), scene -> {
                scene.withApp();
                var codes = scene.org().<List<String>>write(
                    tx -> roster.program().factor.codes.make(tx, scene.bob().user()));
                scene.byPassword().submit("/sign-in/second?by=recovery", "/sign-in/second",
                    Map.of("code", codes.getFirst(), "by", "recovery"));
            }));
    }

    private static Stream<Kind> identities() {
        return Stream.of(
            new Kind("identity.linked", "created", Set.of(), IDENTITY, Scene::byProvider),
            new Kind("identity.unlinked", "deleted", IDENTITY, Set.of(), scene -> {
                scene.byProvider();
                var path = "/api/v2/roster/users/%s/identities".formatted(scene.bob().id());
                scene.founder("DELETE", path + "/" + scene.org().founder().get(path).text("/data/0/id"), null);
            }),
            new Kind("identity.letter_sent", "modified", Set.of(), Set.of("provider"),
                scene -> scene.byProvider(false, UnaryOperator.identity()).submit("/sign-in/link",
                    "/sign-in/link/letter", Map.of())),
            new Kind("identity_provider.created", "created", Set.of(), CONFIGURED, scene -> {}),
            new Kind("identity_provider.updated", "modified", Set.of("name"), Set.of("name"),
                scene -> scene.founder("PATCH", OpenId.PATH + "/" + scene.id(), """
                    {"data":{"type":"roster_identity_providers","attributes":{"name":"Another"}}}""")),
            new Kind("identity_provider.deleted", "deleted", CONFIGURED, Set.of(),
                scene -> scene.founder("DELETE", OpenId.PATH + "/" + scene.id(), null)));
    }

    private static Stream<Kind> mappings() {
        return Stream.of(
            new Kind("authn_mapping.applied", "modified", Set.of(), Set.of("added", "removed"), scene -> {
                scene.mapped(scene.org().founder());
                scene.ofGroup();
            }),
            new Kind("authn_mapping.withheld", "modified", Set.of(), Set.of("roles"), scene -> {
                var author = scene.org().newAdmin("author@acme.test");
                scene.mapped(author);
                assertThat(scene.org().founder().delete("/api/v2/users/" + author.id()).status()).isEqualTo(204);
                scene.ofGroup();
            }),
            new Kind("authn_mapping.skipped", "modified", Set.of(), Set.of("reason"), scene -> {
                scene.mapped(scene.org().founder());
                scene.byProvider(true, claims -> {
                    claims.put("_claim_names", Map.of("groups", "src1"));
                    return claims;
                });
            }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void an_event_is_written_and_shown_with_all_that_belongs_to_it(Kind kind) {
        var scene = Scene.made();
        kind.happen().accept(scene);

        var told = event(scene.org(), kind.action());

        assertThat(told.at("/evt/name").asString()).isEqualTo("Authentication");
        assertThat(told.at("/action").asString()).isEqualTo(kind.verb());
        assertThat(told.at("/status").asString())
            .isEqualTo(kind.action().matches("sign_in\\.(failed|refused)") ? "error" : "info");
        assertThat(names(told.at("/asset/prev_value"))).isEqualTo(new TreeSet<>(kind.was()));
        assertThat(names(told.at("/asset/new_value"))).isEqualTo(new TreeSet<>(kind.is()));
        if (kind.verb().equals("login")) {
            assertThat(told.at("/evt/actor/type").asString()).isEqualTo("VISITOR");
            assertThat(told.at("/network/client/ip").asString()).as("the browser's, behind a proxy")
                .startsWith("100.");
        }
    }

    /// The last one of an action.
    private static JsonNode event(TestOrg org, String action) {
        var sql = "SELECT version || '-' || entry FROM audit_entries WHERE org_id = ? AND action = ? "
            + "ORDER BY version DESC, entry DESC LIMIT 1";
        Await.until(action, () -> !roster.sql(sql, org.id().value(), action).isEmpty());
        var id = roster.sqlValue(sql, org.id().value(), action);
        return org.founder().get("/api/v2/audit/events?page%5Blimit%5D=1000").at("/data").valueStream()
            .filter(one -> one.at("/id").asString().equals(id)).findFirst().orElseThrow().at("/attributes/attributes");
    }

    private static Set<String> names(JsonNode facts) {
        return new TreeSet<>(facts.isObject() ? facts.propertyNames() : List.of());
    }

    @Test
    void what_a_session_did_names_it() {
        var scene = Scene.made();
        scene.withApp();
        for (var action : List.of("second_factor.added", "recovery_codes.made")) {
            var told = event(scene.org(), action);
            assertThat(told.at("/auth_method").asString()).as(action).isEqualTo("SESSION");
            assertThat(told.at("/usr/email").asString()).isEqualTo(scene.bob().email());
            assertThat(roster.sql("SELECT 1 FROM audit_entries WHERE org_id = ? AND action = ? "
                + "AND session_id IS NOT NULL", scene.org().id().value(), action)).isNotEmpty();
        }
    }

    @Test
    void a_sign_in_is_seen_on_the_user_in_milliseconds_and_is_no_change_of_theirs() {
        var scene = Scene.made();
        var path = "/api/v2/users/" + scene.bob().id();
        var before = scene.org().founder().get(path);
        assertThat(before.at("/data/attributes/last_login_time").isNull()).isTrue();

        scene.byPassword();

        var after = scene.org().founder().get(path);
        assertThat(after.text("/data/attributes/last_login_time")).matches(".{19}\\.[0-9]{3}000\\+00:00");
        assertThat(after.text("/data/attributes/modified_at")).isEqualTo(before.text("/data/attributes/modified_at"));
    }

    @Test
    void which_login_methods_there_are_is_about_access() {
        var scene = Scene.made();
        var methods = new HashMap<String, String>();
        scene.org().founder().get("/api/v2/identity_providers").at("/data").forEach(one -> methods
            .put(one.at("/attributes/authentication_method").asString(), one.at("/id").asString()));
        for (var method : List.of("google_oidc", "oidc")) {
            var id = methods.get(method);
            scene.founder("PATCH", "/api/v2/identity_providers/" + id, """
                {"data":{"type":"identity_providers","id":"%s","attributes":{"enabled":false}}}""".formatted(id));
            var told = event(scene.org(), "identity_provider.updated");
            assertThat(told.at("/evt/name").asString()).as(method).isEqualTo("Access Management");
            assertThat(told.at("/asset/id").asString()).isEqualTo(id);
            assertThat(told.at("/action").asString()).isEqualTo("modified");
        }
    }
}
