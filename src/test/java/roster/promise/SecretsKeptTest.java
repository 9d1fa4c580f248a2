package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.base.secret.Secrets;
import roster.model.Invitation;
import roster.support.Answer;
import roster.support.Await;
import roster.support.Inviting;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// P8: a secret is shown once, and is found nowhere else in clear.
class SecretsKeptTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final Queue<String> LOGGED = new ConcurrentLinkedQueue<>();

    /// Keeps whatever is logged, with all that an encoder could write of it.
    private static final AppenderBase<ILoggingEvent> LISTENER = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            LOGGED.add(event.getLoggerName() + " " + event.getFormattedMessage() + " " + event.getKeyValuePairs() + " "
                + event.getMDCPropertyMap()
                + (event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy())));
        }
    };

    @BeforeAll
    static void listen() {
        LISTENER.setContext((LoggerContext) LoggerFactory.getILoggerFactory());
        LISTENER.start();
        root().addAppender(LISTENER);
    }

    @AfterAll
    static void listenNoLonger() {
        root().detachAppender(LISTENER);
    }

    private static ch.qos.logback.classic.Logger root() {
        return ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(Logger.ROOT_LOGGER_NAME);
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

        assertThat(roster.sql("SELECT 1 FROM audit_entries WHERE org_id = ? AND action = 'invitation.accepted'",
            org.id().value())).as("the link works").hasSize(1);
        assertThat(LOGGED).as("the log is heard").anyMatch(line -> line.contains("POST /invitations/{token}"));
        var dump = dump();
        assertThat(dump).as("the dump holds digests").anyMatch(line -> line.contains(digest(token)));
        secrets.forEach((what, forms) -> forms.forEach(form -> {
            assertThat(dump).as("rows with " + what).noneMatch(line -> line.contains(form));
            assertThat(LOGGED).as("log lines with " + what).noneMatch(line -> line.contains(form));
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

    /// What a secret in hex or base64 stands for.
    private static Optional<byte[]> decoded(String secret) {
        if (secret.matches("([0-9a-f]{2})+")) {
            return Optional.of(HexFormat.of().parseHex(secret));
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
