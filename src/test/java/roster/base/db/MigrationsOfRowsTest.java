package roster.base.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import roster.model.Text;
import roster.support.TestRoster;

/// What a migration makes of rows that exist.
@Timeout(60)
class MigrationsOfRowsTest {
    /// With letters whose lower case is their own affair: a final sigma, a dotted I, and two that have no composed form.
    private static final String FOREIGN = "ÜBER.ΣΊΣΥΦΟΣ.İNCİ.J\u030C.E\u0301@ЖУК.test";

    private static final Path FOLDER = Path.of("src/main/resources/db/migration");

    private static int number(Path file) {
        return Integer.parseInt(file.getFileName().toString().replaceAll("V([0-9]+)__.*", "$1"));
    }

    /// @param from,to versions to apply, both included
    private static void migrate(Connection connection, int from, int to) throws SQLException, IOException {
        try (var files = Files.list(FOLDER)) {
            for (var file : files.filter(one -> number(one) >= from && number(one) <= to)
                .sorted(Comparator.comparing(MigrationsOfRowsTest::number)).toList()) {
                run(connection, Files.readString(file));
            }
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<String> texts(Connection connection, String sql) throws SQLException {
        var texts = new ArrayList<String>();
        try (var statement = connection.createStatement(); var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }

    @Test
    void whose_a_role_or_an_email_is_is_said_by_an_id() throws SQLException, IOException {
        try (var connection = DriverManager.getConnection(TestRoster.newDatabase())) {
            migrate(connection, 1, 22);
            run(connection, """
                INSERT INTO users (org_id, id, email, handle, verified, created_at, modified_at, version)
                SELECT id(0), id(n), address, address, true, now(), now(), 1
                  FROM (VALUES (1, 'ada@x.test'), (2, 'kim@x.test'), (3, 'anonymized-3@anonymized.invalid')) u (n, address);
                INSERT INTO roles (org_id, id, name, name_folded, permissions, created_at, modified_at, created_by,
                                   modified_by, version)
                SELECT id(0), id(n), name, name, '{}', now(), now(), by, by, 1
                  FROM (VALUES (11, 'trail', 'anonymized-3@anonymized.invalid'), (12, 'handle', 'kim@x.test'),
                               (13, 'nobody', NULL)) r (n, name, by);
                INSERT INTO audit_entries (org_id, version, entry, at, stamp, action, subject_kind, subject_id, subject_name,
                                           actor_kind, actor_id, actor_name, request_id, after)
                VALUES (id(0), 1, 1, now(), 1, 'role.created', 'role', id(11), 'trail', 'USER', id(2), 'kim@x.test', '', NULL),
                       (id(0), 2, 1, now(), 1, 'role.updated', 'role', id(11), 'trail', 'USER', id(1), 'ada@x.test', '', NULL),
                       (id(0), 3, 1, now(), 1, 'user.created', 'user', id(3), 'anonymized', 'USER', id(1), 'ada@x.test', '',
                        '{"email": "anonymized", "name": null}');
                INSERT INTO invitations (org_id, id, user_id, email, inviter_id, invite_type, generation, created_at,
                                         expires_at, version)
                VALUES (id(0), id(21), id(2), 'kim@x.test', id(1), 'basic_invite', 1, now(), now(), 1);
                INSERT INTO letters (org_id, id, kind, subject_id, recipient, created_at, good_until, version, next_attempt_at)
                VALUES (id(0), id(31), 'invitation', id(21), 'kim@x.test', now(), now(), 1, now()),
                       (id(0), id(32), 'invitation_request', id(21), 'ada@x.test', now(), now(), 1, now()),
                       (id(0), id(33), 'invitation', id(99), 'eve@x.test', now(), now(), 1, now());
                """.replaceAll("id\\(([0-9n]+)\\)",
                "('00000000-0000-0000-0000-' || lpad(($1)::text, 12, '0'))::uuid"));

            migrate(connection, 23, 23);

            assertThat(texts(connection, "SELECT concat(name, right(created_by::text, 2), right(modified_by::text, 2)) "
                + "FROM roles ORDER BY id")).containsExactly("trail0201", "handle0202", "nobody");
            assertThat(texts(connection, "SELECT concat(recipient, right(user_id::text, 2)) FROM letters ORDER BY id"))
                .containsExactly("kim@x.test02", "ada@x.test01", "eve@x.test");
            assertThat(texts(connection, "SELECT COALESCE((erased->'digests')::text, '') FROM audit_entries "
                + "ORDER BY version")).containsExactly("", "", "{\"after.email\": \"\", \"subject_name\": \"\"}");
        }
    }

    @Test
    void pairs_without_a_mapping_go_and_their_numbers_are_not_given_again() throws SQLException, IOException {
        try (var connection = DriverManager.getConnection(TestRoster.newDatabase())) {
            migrate(connection, 1, 50);
            run(connection, """
                INSERT INTO orgs (id, public_id, name, created_at, modified_at, version, stamp, written_at)
                SELECT id(n), 'o' || n, 'Org', now(), now(), 1, 1, now() FROM generate_series(0, 1) n;
                INSERT INTO roles (org_id, id, name, name_folded, permissions, created_at, modified_at, version)
                VALUES (id(0), id(11), 'ops', 'ops', '{}', now(), now(), 1);
                INSERT INTO saml_assertion_attributes (org_id, id, attribute_key, attribute_value, version)
                VALUES (id(0), 1, 'team', 'red', 1), (id(0), 2, 'user', 'lee@example.com', 1);
                INSERT INTO authn_mappings (org_id, id, attribute_id, role_id, created_at, modified_at, version)
                VALUES (id(0), id(21), 1, id(11), now(), now(), 1);
                """.replaceAll("id\\(([0-9n]+)\\)",
                "('00000000-0000-0000-0000-' || lpad(($1)::text, 12, '0'))::uuid"));

            migrate(connection, 51, 51);

            assertThat(texts(connection, "SELECT attribute_value FROM saml_assertion_attributes"))
                .containsExactly("red");
            assertThat(texts(connection, "SELECT last_attribute_id FROM orgs ORDER BY id")).containsExactly("2", "0");
        }
    }

    @Test
    void the_addresses_that_directories_say_besides_are_looked_up_too() throws SQLException, IOException {
        try (var connection = DriverManager.getConnection(TestRoster.newDatabase())) {
            mustFindOtherAddresses(connection);
        }
    }

    @Test
    void and_also_where_the_database_has_no_language() throws SQLException, IOException {
        var address = TestRoster.newDatabase();
        var name = "plain_" + UUID.randomUUID().toString().replace("-", "");
        try (var connection = DriverManager.getConnection(address)) {
            run(connection, "CREATE DATABASE " + name + " TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C'");
        }
        var plain = address.replaceFirst("/test_[0-9a-f]+", "/" + name);
        try (var connection = DriverManager.getConnection(plain)) {
            assertThat(texts(connection, "SELECT lower('Ü')")).containsExactly("Ü");
            mustFindOtherAddresses(connection);
        }
    }

    private static void mustFindOtherAddresses(Connection connection) throws SQLException, IOException {
        migrate(connection, 1, 91);
        run(connection, """
            INSERT INTO orgs (id, public_id, name, created_at, modified_at, version, stamp, written_at)
            VALUES (id(0), 'o', 'Org', now(), now(), 1, 1, now());
            INSERT INTO users (org_id, id, email, handle, verified, created_at, modified_at, version)
            SELECT id(0), id(n), n || '@x.test', n || '@x.test', true, now(), now(), 1 FROM generate_series(1, 4) n;
            INSERT INTO scim_users (org_id, user_id, attributes, changed_at, hidden, version)
            VALUES (id(0), id(1), '{"emails": [{"type": "work"}, {"type": "home", "value": "Kim@Home.test"},
                                               {"value": "kim@HOME.test"}, {"value": "kim@club.test"}]}', now(), false, 1),
                   (id(0), id(2), '{"emails": [{"type": "work"}]}', now(), false, 1),
                   (id(0), id(3), '{}', now(), true, 1),
                   (id(0), id(4), '{"emails": [{"value": "%s"}]}', now(), false, 1);
            """.formatted(FOREIGN).replaceAll("id\\(([0-9n]+)\\)",
            "('00000000-0000-0000-0000-' || lpad(($1)::text, 12, '0'))::uuid"));

        migrate(connection, 92, 92);

        assertThat(texts(connection, "SELECT COALESCE(array_to_string(other_emails, ' '), 'none') FROM scim_users "
            + "ORDER BY user_id")).containsExactly("kim@club.test kim@home.test", "none", "none",
                Text.folded(FOREIGN));
    }
}
