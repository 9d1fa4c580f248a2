package roster.promise;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import roster.base.http.Route;
import roster.model.Id;
import roster.model.LoginMethod;
import roster.model.Refused;
import roster.model.User;
import roster.support.App;
import roster.support.Await;
import roster.support.Inviting;
import roster.support.OpenId;
import roster.support.Recipe;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// A random history of an organisation: each changing route of the API once, and edits of what there is, in random order.
final class RandomHistory {
    private static final int EDITS = 50;

    /// Afterwards no key of the organisation works.
    private static final String LAST = "POST /api/v2/org/disable";

    private final TestOrg org;
    private final TestRoster roster;
    private final Random random;
    private ListedState seen;

    RandomHistory(TestOrg org, long seed) {
        this.org = org;
        this.roster = org.roster();
        this.random = new Random(seed);
        this.seen = ListedState.of(org);
    }

    /// Everything as it was when it was last looked at.
    ListedState seen() {
        return seen;
    }

    /// Looks at everything: later edits are of what there is now.
    ListedState look() {
        seen = ListedState.of(org);
        return seen;
    }

    /// To be done one after the other.
    List<Runnable> steps() {
        var steps = new ArrayList<Runnable>();
        roster.node().routes.all().stream().filter(Recipes::changes).filter(route -> !Recipes.name(route).equals(LAST))
            .filter(route -> route.template().startsWith("/api/"))
            .forEach(route -> steps.add(() -> ask(route)));
        IntStream.range(0, EDITS).forEach(i -> steps.add(this::edit));
        Collections.shuffle(steps, random);
        return steps;
    }

    private void ask(Route route) {
        prepared(route).ifPresent(
            call -> org.founder().send(route.method(), call.path(), call.body(), call.headers()));
    }

    /// @return none where recipes need the same name or address: each is meant for an organisation of its own
    private Optional<Recipe.Call> prepared(Route route) {
        try {
            return Optional.of(Recipes.call(route, org));
        } catch (Refused | AssertionError e) {
            return Optional.empty();
        }
    }

    private String any(String kind) {
        var ids = seen.things().keySet().stream().filter(key -> key.startsWith(kind + " "))
            .map(key -> key.substring(kind.length() + 1)).filter(id -> !id.equals(org.founder().id())).toList();
        return ids.isEmpty() ? "none" : ids.get(random.nextInt(ids.size()));
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private String text() {
        return one(List.of("a", "b", "c", "d", "e")) + random.nextInt(1000);
    }

    private void send(String method, String path, String type, String id, String attributes) {
        org.founder().send(method, path, "{\"data\":{\"type\":\"%s\",%s\"attributes\":{%s}}}".formatted(type,
            id == null ? "" : "\"id\":\"%s\",".formatted(id), attributes));
    }

    private static String reference(String type, String id) {
        return "{\"data\":{\"type\":\"%s\",\"id\":\"%s\"}}".formatted(type, id);
    }

    /// One change of what there is, or something new to change.
    private void edit() {
        one(List.<Runnable>of(this::editUser, this::editUser, this::editMembers, this::editRole, this::editApiKey,
            this::editApplicationKey, this::editToken, this::editInvitation, this::editMapping, this::editProvider,
            this::editSignIn, this::editOrg)).run();
    }

    private void editUser() {
        var user = any("user");
        var attributes = one(List.of("\"name\":\"%s\"", "\"title\":\"%s\"", "\"email\":\"%s@facts.test\"",
            "\"name\":\"%1$s\",\"title\":null,\"disabled\":true", "\"disabled\":true", "\"disabled\":false"));
        send("PATCH", "/api/v2/users/" + user, "users", user, attributes.formatted(text()));
        if (random.nextInt(4) == 0) {
            org.founder().patch("/api/v2/users/%s/relationships/identity_providers".formatted(user),
                "{\"data\":[{\"type\":\"identity_providers\",\"id\":\"%s\"}]}"
                    .formatted(LoginMethod.STANDARD.id(org.id()).value()));
        }
        if (random.nextInt(8) == 0) {
            org.founder().send("PUT", "/api/v2/anonymize_users", """
                {"data":{"type":"anonymize_users_request","attributes":{"user_ids":["%s"]}}}
                """.formatted(any("user")));
        }
    }

    private void editMembers() {
        var path = "/api/v2/roles/%s/users".formatted(any("role"));
        org.founder().send(one(List.of("POST", "POST", "DELETE")), path, reference("users", any("user")));
    }

    private void editRole() {
        var role = any("role");
        switch (random.nextInt(5)) {
            case 0 -> send("POST", "/api/v2/roles", "roles", null, "\"name\":\"%s\"".formatted(text()));
            case 1 -> send("PATCH", "/api/v2/roles/" + role, "roles", role, "\"name\":\"%s\"".formatted(text()));
            case 2 -> send("PATCH", "/api/v2/roles/" + role, "roles", role,
                "\"receives_permissions_from\":[\"%s\"]".formatted(text()));
            case 3 -> org.founder().delete("/api/v2/roles/" + role);
            default ->
                org.founder().send(one(List.of("POST", "DELETE")), "/api/v2/roles/%s/permissions".formatted(role),
                    reference("permissions", one(roster.program().kernel().catalogue().listed()).id().toString()));
        }
    }

    private void editApiKey() {
        var key = any("api_key");
        var more = one(List.of("", ",\"category\":\"mobile\"", ",\"remote_config_read_enabled\":false"));
        switch (random.nextInt(3)) {
            case 0 -> send("POST", "/api/v2/api_keys", "api_keys", null, "\"name\":\"%s\"%s".formatted(text(), more));
            case 1 ->
                send("PATCH", "/api/v2/api_keys/" + key, "api_keys", key, "\"name\":\"%s\"%s".formatted(text(), more));
            default -> {
                if (!seen.things().get(ListedState.key("api_key", key)).get("last4").equals(
                    org.apiKey().substring(org.apiKey().length() - 4))) {
                    org.founder().delete("/api/v2/api_keys/" + key);
                }
            }
        }
    }

    private void editApplicationKey() {
        var key = any("application_key");
        var own = org.founder().applicationKey();
        var owner = any("user");
        if (owner.equals("none")) {
            return;
        }
        if (random.nextBoolean()) {
            var user = Await.read(roster.db(), tx -> roster.program().user.users.named(tx, org.id(), owner));
            if (!user.disabled()) {
                org.newApplicationKey(user, one(List.of(Optional.empty(), Optional.of(List.of("user_access_read")))));
            }
        } else if (!seen.things().get(ListedState.key("application_key", key)).get("last4")
            .equals(own.substring(own.length() - 4))) {
                if (random.nextBoolean()) {
                    send("PATCH", "/api/v2/application_keys/" + key, "application_keys", key,
                        "\"name\":\"%s\",\"scopes\":%s".formatted(text(),
                            one(List.of("[\"user_access_invite\"]", "null"))));
                } else {
                    org.founder().delete("/api/v2/application_keys/" + key);
                }
            }
    }

    private void editToken() {
        var token = any("access_token");
        switch (random.nextInt(3)) {
            case 0 -> send("POST", "/api/v2/personal_access_tokens", "personal_access_tokens", null, """
                "name":"%s","scopes":["user_access_read"],"expires_at":"2099-01-01T00:00:00Z"
                """.formatted(text()));
            case 1 -> send("PATCH", "/api/v2/personal_access_tokens/" + token, "personal_access_tokens", token,
                "\"name\":\"%s\"".formatted(text()));
            default -> org.founder().delete("/api/v2/personal_access_tokens/" + token);
        }
    }

    private void editInvitation() {
        var path = Inviting.OWN_PATH + "/" + any("invitation");
        switch (random.nextInt(4)) {
            case 0 -> org.founder().delete(path);
            case 1 -> org.founder().post(path + "/resend", null);
            default -> Inviting.invite(org.founder(), any("user"));
        }
    }

    private void editMapping() {
        var mapping = any("authn_mapping");
        var body =
            "\"attribute_key\":\"%s\",\"attribute_value\":\"%s\"".formatted(one(List.of("team", "mail")), text());
        switch (random.nextInt(3)) {
            case 0 -> org.founder().post("/api/v2/authn_mappings", """
                {"data":{"type":"authn_mappings","attributes":{%s},
                 "relationships":{"role":{"data":{"type":"roles","id":"%s"}}}}}
                """.formatted(body, any("role")));
            case 1 -> send("PATCH", "/api/v2/authn_mappings/" + mapping, "authn_mappings", mapping, body);
            default -> org.founder().delete("/api/v2/authn_mappings/" + mapping);
        }
    }

    private void editProvider() {
        var provider = any(ListedState.PROVIDER);
        switch (random.nextInt(5)) {
            case 0 -> org.founder().post(OpenId.PATH, OpenId.body(OpenId.with(OpenId.okta(), "client_id", text())));
            case 1 -> org.founder().post(OpenId.PATH, OpenId.body(Map.of("name", text(), "profile", "google",
                "client_id", text(), "client_secret", OpenId.SECRET, "domains", List.of())));
            case 2 -> send("PATCH", OpenId.PATH + "/" + provider, "roster_identity_providers", provider,
                one(List.of("\"name\":\"%s\"", "\"domains\":[\"%s.test\"]", "\"client_secret\":\"%s\"",
                    "\"default_role\":\"%2$s\"", "\"default_role\":null")).formatted(text(), any("role")));
            case 3 -> org.founder().delete(OpenId.PATH + "/" + provider);
            default -> {
                var method = any("identity_provider");
                send("PATCH", "/api/v2/identity_providers/" + method, "identity_providers", method,
                    "\"enabled\":%s".formatted(random.nextBoolean()));
            }
        }
    }

    private void editSignIn() {
        var id = any("user");
        var found =
            Await.read(roster.db(), tx -> Id.parse(id).flatMap(uuid -> roster.program().user.users.find(tx, org.id(),
                new User.Id(uuid))));
        if (found.filter(user -> user.status() == User.Status.ACTIVE && !user.serviceAccount()).isEmpty()) {
            return;
        }
        var user = found.get();
        var factors = roster.program().factor.factors;
        switch (random.nextInt(5)) {
            case 0 -> {
                if (!user.secondFactor()) {
                    App.of(new TestUser(org, user, "", ""));
                }
            }
            case 1 -> org.write(tx -> {
                factors.removeApp(tx, user);
                return null;
            });
            case 2 -> org.founder().delete("/api/v2/roster/users/%s/second_factors".formatted(id));
            case 3 -> {
                var provider = any(ListedState.PROVIDER);
                if (!provider.equals("none")) {
                    OpenId.admitted(org, user, provider, text(), Optional.of("automatic"));
                }
            }
            default -> {
                var identity = any("identity");
                Optional.ofNullable(seen.things().get(ListedState.key("identity", identity)))
                    .ifPresent(facts -> org.founder().delete("/api/v2/roster/users/%s/identities/%s".formatted(
                        facts.get("user"), identity)));
            }
        }
    }

    private void editOrg() {
        switch (random.nextInt(4)) {
            case 0 -> send("PATCH", "/api/v2/org_configs/security_contacts", "org_configs", null,
                "\"value\":[\"%s@facts.test\"]".formatted(text()));
            case 1 -> send("PATCH", "/api/v2/domain_allowlist", "domain_allowlist", null,
                "\"enabled\":%s,\"domains\":[\"@%s.test\"]".formatted(random.nextBoolean(), text()));
            case 2 -> send("PATCH", "/api/v2/ip_allowlist", "ip_allowlist", null, """
                "enabled":false,"entries":[{"data":{"type":"ip_allowlist_entry","attributes":{"note":"%s",
                "cidr_block":"127.0.0.%d"}}}]""".formatted(text(), random.nextInt(3)));
            default -> send("PATCH", "/api/v2/org/saml_configurations", "saml_preferences", null,
                "\"default_role_uuids\":[\"%s\"],\"jit_domains\":[\"%s.test\"]".formatted(any("role"), text()));
        }
    }
}
