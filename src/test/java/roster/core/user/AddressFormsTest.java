package roster.core.user;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import roster.model.User;
import roster.support.Inviting;
import roster.support.ServerProcess;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// Addresses that an earlier version stored, after the first start of this one.
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AddressFormsTest {
    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_RATE_LIMIT", "off"));

    @Test
    void a_start_gives_old_addresses_their_form_and_leaves_two_that_are_one() throws Exception {
        var org = roster.newOrg("acme");
        var uwe = spelled(org.newPending("uwe@acme.test"), "uwe@xn--bcher-kva.test");
        var kim = spelled(org.newUser("kim@acme.test").user(), "kim@ｍünchen.test");
        var ann = spelled(org.newUser("ann@acme.test").user(), "ann@fußball.test");
        var joe = spelled(org.newPending("joe@acme.test"), "joe@faß.test");
        var first = spelled(org.newPending("first@acme.test"), "bob@bücher.test");
        var second = spelled(org.newPending("second@acme.test"), "bob@xn--bcher-kva.test");
        var plain = org.newPending("plain@acme.test");
        var robot = spelled(org.newServiceAccount("robot@acme.test", List.of()), "robot@xn--bcher-kva.test");
        for (var pending : List.of(uwe, joe)) {
            Inviting.invited(org.founder(), pending);
        }
        roster.sql("SELECT roster_touch(?, 'an earlier version')", org.id().value());
        roster.sql(script("/db/migration/V35__address_forms.sql"));
        assertThat(roster.sql("SELECT 1 FROM installation WHERE name = 'address forms'")).hasSize(1);

        roster.anotherNode(Map.of()).close();

        assertThat(address(org, uwe)).containsExactly("uwe@bücher.test", "uwe@bücher.test");
        assertThat(address(org, kim)).containsExactly("kim@münchen.test", "kim@münchen.test");
        assertThat(address(org, ann)).containsExactly("ann@fußball.test", "ann@fußball.test");
        assertThat(address(org, first)).containsExactly("bob@bücher.test", "bob@bücher.test");
        assertThat(address(org, second)).containsExactly("bob@xn--bcher-kva.test", "bob@xn--bcher-kva.test");
        assertThat(address(org, plain.id())).containsExactly("plain@acme.test", "plain@acme.test");
        assertThat(address(org, robot)).containsExactly("robot@bücher.test", robot.value().toString());
        assertThat(proved(kim)).isTrue();
        assertThat(proved(ann)).as("who read e-mail at fussball.test proved nothing").isFalse();
        assertThat(state(org, uwe)).containsExactly("open");
        assertThat(state(org, joe)).containsExactly("cancelled");
        assertThat(roster.sql("SELECT 1 FROM installation WHERE name = 'address forms'")).isEmpty();
        assertThat(roster.sql("SELECT email FROM address_pointers WHERE user_id = ?", kim.value()))
            .contains(List.of("kim@münchen.test"));
        assertThat(roster.program().audit().trail.verify(org.id(), Optional.empty()).faults()).isEmpty();

        var version = org.version();
        roster.anotherNode(Map.of()).close();
        assertThat(org.version()).isEqualTo(version);
    }

    @Test
    void more_users_than_one_write_converts_are_converted_once() throws Exception {
        var org = roster.newOrg("many");
        var many = AddressForms.AT_ONCE + 1;
        roster.sql("""
            INSERT INTO users (org_id, id, email, handle, verified, created_at, modified_at, version)
            SELECT ?, gen_random_uuid(), 'u' || n || '@xn--bcher-kva.test', 'u' || n || '@xn--bcher-kva.test', false, now(),
                   now(), 1
              FROM generate_series(1, ?) n RETURNING 1
            """, org.id().value(), many);
        var ann = spelled(org.newUser("ann@acme.test").user(), "ann@fußball.test");
        roster.sql("SELECT roster_touch(?, 'an earlier version')", org.id().value());
        roster.sql(script("/db/migration/V35__address_forms.sql"));
        var version = org.version();

        roster.anotherNode(Map.of()).close();

        assertThat(org.version()).isEqualTo(version + 2);
        assertThat(roster.sqlValue("SELECT count(*) FROM users WHERE org_id = ? AND email LIKE 'u%@bücher.test'",
            org.id().value())).isEqualTo((long) many);
        assertThat(roster.sql("SELECT 1 FROM installation WHERE name LIKE 'address forms%'")).isEmpty();

        // Interrupted after the last write: no user has to prove their address a second time.
        roster.sql("UPDATE users SET email_proved = true WHERE id = ?", ann.value());
        roster.sql(script("/db/migration/V35__address_forms.sql"));
        roster.sql("INSERT INTO installation (name, value) SELECT ?, to_char(max(created_at) AT TIME ZONE 'UTC', "
            + "'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\" ') || ? FROM users WHERE org_id = ? RETURNING 1",
            "address forms of " + org.id(), ann.value().toString(), org.id().value());
        roster.anotherNode(Map.of()).close();
        assertThat(proved(ann)).isTrue();
        assertThat(roster.sql("SELECT 1 FROM installation WHERE name LIKE 'address forms%'")).isEmpty();
    }

    @Test
    void a_start_reports_addresses_that_are_refused_now_and_changes_none() throws Exception {
        var org = roster.newOrg("refused");
        var stored =
            List.of("ſepp@acme.test", "bob\u3164@acme.test", "kim@127.0.0.1", "müller@acme.test", "lee@acme.test");
        var users = new ArrayList<User>();
        for (int i = 0; i < stored.size(); i++) {
            users.add(org.newPending("refused" + i + "@acme.test"));
            spelled(users.getLast(), stored.get(i));
        }
        roster.sql("SELECT roster_touch(?, 'an earlier version')", org.id().value());
        roster.sql(script("/db/migration/V53__refused_addresses.sql"));
        var version = org.version();
        var logger = (Logger) LoggerFactory.getLogger(AddressForms.class);
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        logger.addAppender(lines);

        roster.anotherNode(Map.of()).close();
        logger.detachAppender(lines);

        assertThat(lines.list.stream().map(line -> line.getKeyValuePairs().toString())
            .filter(pairs -> pairs.contains(org.id().toString()))).satisfiesExactlyInAnyOrder(
                pairs -> assertThat(pairs).contains(users.get(0).id().toString()),
                pairs -> assertThat(pairs).contains(users.get(1).id().toString()),
                pairs -> assertThat(pairs).contains(users.get(2).id().toString()));
        assertThat(org.version()).isEqualTo(version);
        for (int i = 0; i < stored.size(); i++) {
            assertThat(address(org, users.get(i).id())).contains(stored.get(i));
        }
        assertThat(roster.sql("SELECT 1 FROM installation WHERE name = 'refused addresses'")).isEmpty();
    }

    @Test
    void a_start_that_cannot_read_the_users_reports_at_the_next_one() throws Exception {
        var org = roster.newOrg("later");
        spelled(org.newPending("later@acme.test"), "kim@127.0.0.1");
        roster.sql(script("/db/migration/V53__refused_addresses.sql"));

        try (var connection = DriverManager.getConnection(roster.databaseUrl());
            var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE users");
            roster.anotherNode(Map.of()).close();
        }
        assertThat(roster.sql("SELECT 1 FROM installation WHERE name = 'refused addresses'")).hasSize(1);

        roster.anotherNode(Map.of()).close();
        assertThat(roster.sql("SELECT 1 FROM installation WHERE name = 'refused addresses'")).isEmpty();
    }

    @Test
    void a_setting_keeps_domains_that_are_refused_now() {
        var org = roster.newOrg("old");
        roster.sql("""
            INSERT INTO org_configs (org_id, name, value, modified_at, version)
            VALUES (?, 'domain_allowlist', '["@build_host", "@acme.test"]', now(), 1)
            """, org.id().value());

        assertThat(org.founder().get("/api/v2/domain_allowlist").texts("/data/attributes/domains"))
            .containsExactly("@build_host", "@acme.test");
    }

    @Test
    void a_start_with_plain_addresses_loads_no_tables_of_domains(@TempDir Path folder) throws Exception {
        var loaded = folder.resolve("loaded");
        var server = ServerProcess.start(folder.resolve("data"), Map.of("ROSTER_BOOTSTRAP_EMAIL", "Ada@Acme.test",
            "JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + loaded));
        server.kill();
        server.killPostgres();

        assertThat(Files.readString(loaded)).contains(" roster.model.Email ").doesNotContain(" com.ibm.icu.");
    }

    private static String script(String path) throws IOException {
        try (var file = AddressForms.class.getResourceAsStream(path)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static User.Id spelled(User user, String as) {
        roster.sql("UPDATE users SET email = ?, handle = CASE WHEN service_account THEN handle ELSE ? END WHERE id = ?",
            as, as, user.id().value());
        roster.sql("UPDATE address_pointers SET email = ? WHERE user_id = ?", as, user.id().value());
        return user.id();
    }

    private static List<String> address(TestOrg org, User.Id user) {
        var shown = org.founder().get("/api/v2/users/" + user);
        return List.of(shown.text("/data/attributes/email"), shown.text("/data/attributes/handle"));
    }

    private static boolean proved(User.Id user) {
        return (boolean) roster.sqlValue("SELECT email_proved FROM users WHERE id = ?", user.value());
    }

    private static List<String> state(TestOrg org, User.Id user) {
        return org.founder().get(Inviting.OWN_PATH + "?filter[user]=" + user)
            .each("/data", "/attributes/state");
    }
}
