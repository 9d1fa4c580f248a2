package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.secret.Secrets;
import roster.model.Invitation;
import roster.support.Answer;
import roster.support.Await;
import roster.support.Inviting;
import roster.support.Logged;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// P8: a secret is shown once, and is found nowhere else in clear.
class SecretsKeptTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final Logged LOGGED = new Logged();

    @AfterAll
    static void listenNoLonger() {
        LOGGED.close();
    }

    @Test
    void no_secret_is_found_in_the_database_the_log_or_another_answer() {
        var org = roster.newOrg("secrets");
        var ada = org.founder();
        var bob = org.newStandard("bob@secrets.test");
        var ann = org.newPending("ann@secrets.test");
        var apiKey = org.write(tx -> roster.program().key.apiKeys.issue(tx, "second")).secret();
        var invitation = ada.post("/api/v2/user_invitations", """
            {"data":[{"type":"user_invitations","relationships":{"user":{"data":{"type":"users","id":"%s"}}}}]}"""
            .formatted(ann.id())).text("/data/0/id");
        var token = token(org, invitation);
        var secrets = new LinkedHashMap<String, Set<String>>();
        secrets.put("the first API key", forms(ada.apiKey()));
        secrets.put("the second API key", forms(apiKey));
        secrets.put("the founder's application key", forms(ada.applicationKey()));
        secrets.put("a revoked application key", forms(bob.applicationKey()));
        secrets.put("the invitation's token", forms(token));
        secrets.put("a password", forms(Inviting.PASSWORD));
        secrets.put("the root of all secrets", forms(TestRoster.SECRET_KEY));

        var answers = new ArrayList<Answer>();
        // Only the page of a link may contain it.
        roster.send("GET", "/invitations/" + token, null);
        answers.add(Inviting.accept(roster, "/invitations/" + token, "<", Inviting.PASSWORD));
        answers.add(Inviting.accept(roster, "/invitations/" + token));
        answers.add(Inviting.accept(roster, "/invitations/" + token));
        answers.add(Inviting.accept(roster, "/invitations/" + token + "A"));
        for (var path : List.of("/api/v2/users", "/api/v2/users/" + ann.id(),
            "/api/v2/users/%s/orgs".formatted(ada.id()),
            "/api/v2/roles", "/api/v2/user_invitations/" + invitation, "/api/v2/validate", "/api/v1/validate",
            "/api/v2/validate_keys", "/api/v2/users?api_key=%s&sort=%s".formatted(apiKey, ada.applicationKey()),
            "/api/v2/user_invitations/" + invitation + "?token=" + token, "/metrics")) {
            answers.add(ada.get(path));
        }
        answers.add(ada.delete("/api/v2/users/" + bob.id()));
        answers.add(bob.get("/api/v2/users"));
        answers.add(roster.send("GET", "/api/v2/users", null, Map.of("DD-API-KEY", apiKey)));
        answers.add(roster.send("GET", "/api/v2/users", null, Map.of("DD-API-KEY", apiKey,
            "DD-APPLICATION-KEY", ada.applicationKey() + "0", "Authorization", "Bearer " + ada.applicationKey())));
        answers.add(roster.send("PATCH", "/api/v2/users", "{" + apiKey, Map.of("DD-API-KEY", apiKey)));
        for (var base : List.of("/scim/v2", "/api/v2/scim")) {
            for (var sent : List.of("Bearer %s", "%s", "Bearer Bearer %s", "Basic %s", "Bearer %s0")) {
                answers.add(roster.send("GET", base + "/Schemas", null,
                    Map.of("Authorization", sent.formatted(ada.applicationKey()), "DD-API-KEY", apiKey)));
                answers.add(roster.send("POST", base + "/" + ada.applicationKey(), "{" + apiKey,
                    Map.of("Authorization", sent.formatted(bob.applicationKey()))));
            }
        }

        assertThat(roster.sql("SELECT 1 FROM audit_entries WHERE org_id = ? AND action = 'invitation.accepted'",
            org.id().value())).as("the link works").hasSize(1);
        assertThat(LOGGED.lines()).as("the log is heard").anyMatch(line -> line.contains("POST /invitations/{token}"));
        mustBeKept(secrets, answers, digest(token));
    }

    @Test
    void keys_made_in_the_console_are_shown_by_no_second_answer() {
        var org = roster.newOrg("consolesecrets");
        var ada = SignedIn.in(org.founder());
        var secrets = new LinkedHashMap<String, Set<String>>();
        var answers = new ArrayList<Answer>();
        var digests = new ArrayList<String>();
        for (var tab : List.of("api", "application", "tokens")) {
            var path = "/console/keys/" + tab + "/new";
            var form = ada.page(path);
            var fields = Map.of("key", hidden(form, "key"), "name", "a new one", "may", "some", "scope",
                "audit_logs_read", "ends", "2999-12-31");
            var made = ada.form(path, fields);
            assertThat(made.status()).as(made.text()).isEqualTo(200);
            var secret = SECRET.matcher(made.text());
            assertThat(secret.find()).as(made.text()).isTrue();
            secrets.put("the key of " + tab, forms(secret.group(1)));
            digests.add(digest(secret.group(1)));
            answers.addAll(List.of(form, ada.form(path, fields), ada.page("/console/keys/" + tab)));
        }
        for (var path : List.of("/console/me/keys", "/console/people/" + org.founder().id() + "/access",
            "/console/people/" + org.founder().id() + "/history", "/console/")) {
            answers.add(ada.page(path));
        }
        answers.add(ada.call("POST", "/api/v2/audit/events/search", "{}"));

        assertThat(LOGGED.lines()).as("the log is heard")
            .anyMatch(line -> line.contains("POST /console/keys/tokens/new"));
        digests.forEach(digest -> mustBeKept(secrets, answers, digest));
    }

    private static final Pattern SECRET = Pattern.compile("id=\"secret\" type=\"text\" value=\"([^\"]+)\"");

    private static String hidden(Answer page, String name) {
        var found = Pattern.compile("name=\"%s\" value=\"([^\"]*)\"".formatted(name)).matcher(page.text());
        assertThat(found.find()).as(page.text()).isTrue();
        return found.group(1);
    }

    private static void mustBeKept(Map<String, Set<String>> secrets, List<Answer> answers, String digest) {
        var dump = dump();
        assertThat(dump).as("the dump holds digests").anyMatch(line -> line.contains(digest));
        secrets.forEach((what, forms) -> forms.forEach(form -> {
            assertThat(dump).as("rows with " + what).noneMatch(line -> line.contains(form));
            assertThat(LOGGED.lines()).as("log lines with " + what).noneMatch(line -> line.contains(form));
            assertThat(answers).as("answers with " + what).noneMatch(answer -> shows(answer, form));
            assertThat(roster.program().kernel().meters().scrape()).as("metrics with " + what).doesNotContain(form);
        }));
    }

    /// The ways in which a secret could be written down.
    private static Set<String> forms(String secret) {
        var plain = secret.getBytes(StandardCharsets.UTF_8);
        var forms = new LinkedHashSet<>(List.of(secret, HexFormat.of().formatHex(plain), base64(plain)));
        decoded(secret).ifPresent(bytes -> {
            forms.add(HexFormat.of().formatHex(bytes));
            forms.add(base64(bytes));
            forms.add(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
        });
        return forms;
    }

    /// Without the end, which depends on what follows.
    private static String base64(byte[] bytes) {
        var text = Base64.getEncoder().withoutPadding().encodeToString(bytes);
        return text.substring(0, text.length() - 1);
    }

    /// What a secret in hex or base64 stands for. Access tokens, with letters between two `_`, stand for themselves.
    private static Optional<byte[]> decoded(String secret) {
        if (secret.matches("([0-9a-f]{2})+")) {
            return Optional.of(HexFormat.of().parseHex(secret));
        }
        if (secret.startsWith("ddpat_")) {
            return Optional.empty();
        }
        return Optional.of(Base64.getDecoder().decode(secret.replace('-', '+').replace('_', '/')));
    }

    private static boolean shows(Answer answer, String form) {
        return answer.text().contains(form) || answer.headers().toString().contains(form);
    }

    /// Every row of every table as text; bytes in hex.
    private static List<String> dump() {
        var rows = new ArrayList<String>();
        roster.sql("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
            .forEach(table -> roster.sql("SELECT t::text FROM %s t".formatted(table.getFirst()))
                .forEach(row -> rows.add(table.getFirst() + " " + row.getFirst())));
        return rows;
    }

    private static String digest(String secret) {
        return HexFormat.of().formatHex(Secrets.digest(secret));
    }

    private static String token(TestOrg org, String invitation) {
        var invitations = roster.program().invitation.invitations;
        return Await.read(roster.db(), tx -> invitations.token(tx,
            invitations.find(tx, org.id(), new Invitation.Id(UUID.fromString(invitation))).orElseThrow()));
    }
}
