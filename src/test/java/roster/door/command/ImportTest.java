package roster.door.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.model.Caller;
import roster.model.Id;
import roster.model.Invitation;
import roster.model.Invitation.State;
import roster.model.Org;
import roster.support.Await;
import roster.support.Operator;
import roster.support.ServerProcess;

/// `roster import`: people from a CSV file, each once, and a verdict for each row.
class ImportTest {
    @RegisterExtension
    static final Operator operator = new Operator();

    private static final Pattern DONE = Pattern.compile("Importing rows: ([0-9,]+) of ");

    private static Path file(String name, String text) throws IOException {
        return Files.write(operator.folder().resolve(name), text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> verdicts(Path file) throws IOException {
        return Files.readAllLines(file.resolveSibling(file.getFileName() + ".verdict.csv"));
    }

    @Test
    void each_row_gets_its_verdict() throws IOException {
        var org = operator.newOrg("verdicts");
        var file = file("verdicts.csv", "\uFEFFRoles,EMAIL,title,invite,name\r\n"
            + "datadog standard role; DATADOG Read Only Role,Bob@acme.test,\"Dr, \"\"h.c.\"\"\",yes,Bob Müller\r\n"
            + ",ada@acme.test,,,\r\n"
            + ",no-address,,no,\r\n"
            + "No such role,eve@acme.test,,perhaps,\r\n"
            + ",BOB@acme.test,,no,\r\n"
            + "\r\n"
            + ",王@acme.test,'=SUM(A1),no,王芳\r\n");

        var ran = operator.run("import", file, "--org", org);

        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.out()).startsWith("6 rows: 2 created, 2 exist, 2 invalid\n");
        assertThat(ran.err()).contains("line 4: invalid: email: Not a valid email address.");
        assertThat(verdicts(file)).containsExactly("line,email,verdict", "2,Bob@acme.test,created",
            "3,ada@acme.test,exists", "4,no-address,invalid: email: Not a valid email address.",
            "5,eve@acme.test,invalid: roles: there is no role 'No such role'; invite: yes or no",
            "6,BOB@acme.test,exists", "8,王@acme.test,created");
        assertThat(operator.addresses(org)).containsExactly("bob@acme.test", "王@acme.test");
        assertThat(operator.column("SELECT name || '|' || title AS it FROM users WHERE org_id = ? AND name IS NOT NULL "
            + "AND title IS NOT NULL ORDER BY email", org)).containsExactly("Bob Müller|Dr, \"h.c.\"", "王芳|=SUM(A1)");
        assertThat(operator.column("SELECT recipient AS it FROM letters WHERE org_id = ?", org))
            .containsExactly("bob@acme.test");
        assertThat(operator.column("""
            SELECT subject_name AS it FROM audit_entries WHERE org_id = ? AND action = 'user.created'
               AND actor_kind = 'CLI' ORDER BY version, entry
            """, org)).containsExactly("ada@acme.test", "bob@acme.test", "王@acme.test");
        assertThat(operator.unaudited(org)).isEmpty();
    }

    @Test
    void a_person_of_an_import_is_as_one_who_was_created_alone() throws IOException {
        var org = operator.newOrg("alike");
        operator.json("user", "create", "One@acme.test", "--org", org, "--name", "Ärmel", "--title", "Dr", "--role",
            "Datadog Standard Role");
        operator.run("import", file("alike.csv", """
            email,name,title,roles
            Two@acme.test,Ärmel,Dr,Datadog Standard Role
            """), "--org", org);

        assertThat(operator.column("""
            SELECT replace(u.email || u.handle, 'two', 'one') || u.name || u.name_folded || u.title || u.title_folded
                || u.verified || u.disabled || u.email_proved || (u.created_at = u.modified_at) || m.role_id
                || (m.added_by IS NULL) || (m.version = u.version) || replace((e.after - 'created_at')::text, 'two', 'one') || e.action
                || replace(e.subject_name, 'two', 'one') || e.actor_name || e.entry || (e.before IS NULL) AS it
              FROM users u JOIN role_members m USING (org_id)
              JOIN audit_entries e ON e.org_id = u.org_id AND e.version = u.version AND e.subject_id = u.id
             WHERE u.org_id = ? AND m.user_id = u.id AND u.email <> 'ada@acme.test'
            """, org)).hasSize(2).satisfies(both -> assertThat(both.getFirst()).isEqualTo(both.getLast()));
    }

    @Test
    void a_user_invited_by_an_import_is_as_one_who_was_invited_alone() throws IOException {
        var org = operator.newOrg("invited alike");
        operator.run("org", "set", "--org", org, "--invite-expiration", "30d");
        var one = operator.json("user", "create", "one@acme.test", "--org", org).path("id").asString();
        Await.write(operator.server().roster.kernel().db(),
            Caller.cli(new Org.Id(Id.parse(org).orElseThrow()), "test", "a request"),
            tx -> operator.server().roster.invitation.invitations.send(tx, List.of(one)));
        operator.run("import", file("invited.csv", "email,invite\ntwo@acme.test, YES \nsix@acme.test,no\n"), "--org",
            org);

        assertThat(operator.column("""
            SELECT replace(i.email || l.recipient || e.subject_name || a.subject_name, 'two', 'one') || i.invite_type
                || i.generation || (i.expires_at - i.created_at) || (i.inviter_id IS NULL) || l.kind || l.state
                || (l.good_until = i.expires_at) || (l.next_attempt_at = l.created_at) || (l.user_id = u.id)
                || p.generation || (l.version = i.version) || e.subject_kind || e.actor_kind
                || (e.after->>'email' = u.email) || (e.after->>'user' = u.id::text) || (e.after->>'invite_type')
                || (e.after->>'expires_at')::timestamptz - i.expires_at || (e.before IS NULL) AS it
              FROM users u JOIN invitations i ON i.org_id = u.org_id AND i.user_id = u.id
              JOIN letters l ON l.org_id = u.org_id AND l.subject_id = i.id
              JOIN invitation_pointers p ON p.org_id = u.org_id AND p.id = i.id
              JOIN audit_entries e ON e.org_id = u.org_id AND e.subject_id = i.id AND e.action = 'invitation.sent'
              JOIN audit_entries a ON a.org_id = u.org_id AND a.subject_id = u.id AND a.action = 'user.created'
             WHERE u.org_id = ? AND u.email <> 'ada@acme.test'
            """, org)).hasSize(2).satisfies(both -> assertThat(both.getFirst()).isEqualTo(both.getLast()));
        assertThat(operator.unaudited(org)).isEmpty();
        assertThat(operator.column("SELECT i.id::text AS it FROM invitations i WHERE org_id = ?", org)).hasSize(2)
            .allSatisfy(id -> assertThat(opened(new Org.Id(Id.parse(org).orElseThrow()),
                new Invitation.Id(Id.parse(id).orElseThrow()))).isEqualTo(State.OPEN));
    }

    /// The state of the invitation that its link leads to.
    private static State opened(Org.Id org, Invitation.Id id) {
        var invitations = operator.server().roster.invitation.invitations;
        return Await.read(operator.server().roster.kernel().db(), tx -> invitations.withToken(tx,
            invitations.token(tx, invitations.find(tx, org, id).orElseThrow())).orElseThrow().state());
    }

    @Test
    void text_arrives_as_it_was_whatever_it_means_to_the_database() throws IOException {
        var org = operator.newOrg("escapes");
        var titles =
            List.of("\\N", "\\.", "a\\tb", "a\tb", "a\\", "a\r\nb", "\"", "{\"a\": null}", "\\x00", "𝔘");
        var file = file("escapes.csv", "email,name,title\n" + IntStream.range(0, titles.size())
            .mapToObj(i -> "p%02d@acme.test,\\N,\"%s\"\n".formatted(i, titles.get(i).replace("\"", "\"\"")))
            .collect(Collectors.joining()));

        var ran = operator.run("import", file, "--org", org);

        assertThat(ran.exit()).as(ran.err()).isZero();
        assertThat(operator.column("SELECT title AS it FROM users WHERE org_id = ? AND name = '\\N' ORDER BY email",
            org)).isEqualTo(titles);
        assertThat(operator.column("SELECT after->>'title' AS it FROM audit_entries WHERE org_id = ? "
            + "AND action = 'user.created' AND actor_kind = 'CLI' AND after->>'name' = '\\N' ORDER BY subject_name",
            org)).isEqualTo(titles);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void a_lone_carriage_return_in_quotes_ends_no_line(String end) throws IOException {
        var org = operator.newOrg("returns");
        var titles = List.of("\r", "\rb", "a\rb", "a\r", "\n\r", "\r\n", "a\r\rb");
        var file = file("returns.csv", "email,title" + end + IntStream.range(0, titles.size())
            .mapToObj(i -> "p%d@acme.test,\"x%s\"%s".formatted(i, titles.get(i), end)).collect(Collectors.joining()));

        var ran = operator.run("import", file, "--org", org);

        assertThat(ran.out()).as(ran.err()).startsWith("7 rows: 7 created, 0 exist, 0 invalid");
        assertThat(operator.column("SELECT title AS it FROM users WHERE org_id = ? AND title IS NOT NULL "
            + "ORDER BY email", org)).isEqualTo(titles.stream().map("x"::concat).toList());
    }

    @Test
    void importing_a_file_again_creates_no_user() throws IOException {
        var org = operator.newOrg("again");
        var text = "email,invite\n" + IntStream.range(0, 4200).mapToObj("p%d@acme.test,no\n"::formatted)
            .collect(Collectors.joining());
        var file = file("again.csv", text);

        var first = operator.run("import", file, "--org", org);
        assertThat(first.exit()).as(first.err()).isZero();
        assertThat(first.err()).contains("Importing rows: 4,200 of 4,200, ");
        var version = operator.version(org);
        assertThat(operator.run("import", file, "--org", org).out()).startsWith("4,200 rows: 0 created, 4,200 exist");
        assertThat(operator.version(org)).isEqualTo(version);
        assertThat(operator.addresses(org)).hasSize(4200);
        assertThat(verdicts(file)).hasSize(4201);
    }

    @Test
    void a_dry_run_says_the_same_and_writes_nothing() throws IOException {
        var org = operator.newOrg("dry");
        var text = "email,roles,invite\nada@acme.test,,\nx,,\ntwice@acme.test,Datadog Standard Role,yes\n"
            + IntStream.range(0, 600).mapToObj("p%d@acme.test,,\n"::formatted).collect(Collectors.joining())
            + "Twice@acme.test,,\n";
        var file = file("dry.csv", text);
        var before = operator.version(org);

        var dry = operator.run("import", file, "--org", org, "--dry-run");

        assertThat(dry.out())
            .isEqualTo("604 rows: 601 would be created, 2 exist, 1 invalid. Nothing was written.\n");
        assertThat(dry.exit()).isEqualTo(1);
        assertThat(operator.version(org)).isEqualTo(before);
        assertThat(operator.addresses(org)).isEmpty();
        assertThat(operator.column("SELECT id::text AS it FROM letters WHERE org_id = ?", org)).isEmpty();
        assertThat(file.resolveSibling("dry.csv.verdict.csv")).doesNotExist();
        assertThat(operator.run("import", file, "--org", org).out())
            .startsWith("604 rows: 601 created, 2 exist, 1 invalid\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        emial,name\\nx@y.test,X\\n                    | has a column 'emial', which is none of email, name, title, roles, invite. Did you mean email?
        name\\nX\\n                                   | has no column email
        email,name,Email\\n                           | has the column email twice
        email,name\\na@y.test,A\\nb@y.test,B,C\\n     | has 3 cells in line 3, and 2 in its header
        email,name\\na@y.test,A\\nb@y.test\\n         | has 1 cell in line 3, and 2 in its header
        email,name\\na@y.test,A\\nb@y.test,B\\0B\\n   | has a NUL in line 3; it is no text
        ''                                            | is empty: its first line must name the columns
        """)
    void a_broken_file_is_refused_before_its_first_row(String content, String why) throws IOException {
        var org = operator.newOrg("broken");
        var file = file("broken.csv", content.replace("\\n", "\n").replace("\\0", "\0"));
        refused(org, file, "roster: %s %s\n".formatted(file, why));
    }

    private static void refused(String org, Path file, String message) {
        var ran = operator.run("import", file, "--org", org);
        assertThat(ran).isEqualTo(new Operator.Ran(1, "", message));
        assertThat(operator.addresses(org)).isEmpty();
        assertThat(file.resolveSibling(file.getFileName() + ".verdict.csv")).doesNotExist();
    }

    /// As spreadsheets save them where the comma is in numbers.
    @ParameterizedTest
    @ValueSource(strings = {"email;name;title;roles;invite", "sep=;\r\nemail;name;title;roles;invite",
        "\uFEFFsep=;\nemail;name;title;roles;invite", "\"email\";\"name\";title;roles;invite",
        "email\tname\ttitle\troles\tinvite", "SEP=\t\nemail\tname\ttitle\troles\tinvite",
        "sep=,\nemail,name,title,roles,invite"})
    void cells_may_be_separated_by_semicolons_or_tabs(String header) throws IOException {
        var org = operator.newOrg("separators");
        var separator = header.contains("\t") ? "\t" : header.contains(";") ? ";" : ",";
        var first = header.contains("\n") ? 3 : 2;
        var file = file("separators.csv", header + "\r\n"
            + String.join(separator, "bob@acme.test", "\"Lee; Bob, the\tFirst\"", "Dr",
                "\"datadog standard ROLE;Datadog Read Only Role;DATADOG STANDARD ROLE\"", "no")
            + "\r\n"
            + String.join(separator, "nobody", "", "", "", "") + "\r\n");

        var ran = operator.run("import", file, "--org", org);

        assertThat(ran.out()).as(ran.err()).startsWith("2 rows: 1 created, 0 exist, 1 invalid\n");
        assertThat(operator.column("SELECT name AS it FROM users WHERE org_id = ? AND title = 'Dr'", org))
            .containsExactly("Lee; Bob, the\tFirst");
        assertThat(operator.column("""
            SELECT r.name AS it FROM role_members m JOIN roles r ON r.org_id = m.org_id AND r.id = m.role_id
              JOIN users u ON u.org_id = m.org_id AND u.id = m.user_id WHERE m.org_id = ? AND u.title = 'Dr' ORDER BY 1
            """, org)).containsExactly("Datadog Read Only Role", "Datadog Standard Role");
        assertThat(verdicts(file).getFirst()).isEqualTo(String.join(separator, "line", "email", "verdict"));
        assertThat(verdicts(file).get(1))
            .isEqualTo(String.join(separator, Integer.toString(first), "bob@acme.test", "created"));
    }

    @Test
    void a_separator_that_no_spreadsheet_uses_is_said_plainly() throws IOException {
        var org = operator.newOrg("bars");
        var bars = file("bars.csv", "email|name\na@y.test|A\n");
        refused(org, bars, "roster: %s has a column 'email|name', which is none of email, name, title, roles, invite. "
            .formatted(bars) + "Cells are separated by commas, semicolons or tabs\n");
        var mixed = file("mixed.csv", "email;name\na@y.test,A\n");
        refused(org, mixed, "roster: %s has 1 cell in line 2, and 2 in its header\n".formatted(mixed));
        var odd = file("odd.csv", "sep=|\nemail|name\n");
        refused(org, odd, "roster: %s names '|' as its separator; commas, semicolons and tabs are known\n"
            .formatted(odd));
        refused(org, file("only.csv", "sep=;\n"), "roster: %s is empty: its first line must name the columns\n"
            .formatted(operator.folder().resolve("only.csv")));
    }

    @Test
    void what_is_no_csv_file_is_refused() throws IOException {
        var org = operator.newOrg("nonsense");
        var folder = Files.createDirectory(operator.folder().resolve("folder.csv"));
        refused(org, folder, "roster: %s is a folder\n".formatted(folder));
        var missing = operator.folder().resolve("missing.csv");
        refused(org, missing, "roster: there is no file %s\n".formatted(missing));
        var latin = Files.write(operator.folder().resolve("latin.csv"),
            "email,name\na@y.test,Jürgen\n".getBytes(StandardCharsets.ISO_8859_1));
        refused(org, latin, "roster: %s is not UTF-8; save it as UTF-8\n".formatted(latin));
        var wide = file("wide.csv", "email" + ",c".repeat(9_999) + "\n");
        assertThat(operator.run("import", wide, "--org", org).err()).contains("has a column 'c'");
        var row = file("row.csv", "email,name\na@y.test,A\n" + "x,".repeat(9_999) + "x\n");
        refused(org, row, "roster: %s has 10,000 cells in line 3, and 2 in its header\n".formatted(row));
        var vast = file("vast.csv", "email,name\na@y.test,A\nb@y.test," + "x".repeat(100_000) + "\n");
        refused(org, vast, "roster: %s has 100008 characters in line 3; 32768 are the most\n".formatted(vast));
        assertThat(operator.run("import", file("fine.csv", "email\n"), "--org", "nowhere").err())
            .startsWith("roster: there is no organization 'nowhere'");
        assertThat(operator.run("import").exit()).isEqualTo(2);
    }

    @Test
    void an_import_that_a_kill_9_ended_is_run_again_and_each_person_is_there_once() throws Exception {
        var data = operator.folder().resolve("killed");
        Files.createDirectories(data);
        var file = file("killed.csv", "email,name,roles,invite\n" + IntStream.range(0, 6000)
            .mapToObj(i -> "p%d@acme.test,P,Datadog Standard Role,%s\n".formatted(i, i % 100 == 0 ? "yes" : "no"))
            .collect(Collectors.joining()));
        var server = ServerProcess.start(data, Map.of());
        try {
            var victim = server;
            var killed = new AtomicBoolean();
            var screen = new ByteArrayOutputStream() {
                @Override
                public synchronized void write(byte[] bytes, int from, int length) {
                    super.write(bytes, from, length);
                    if (toString(StandardCharsets.UTF_8).contains(" of 6,000") && !killed.getAndSet(true)) {
                        try {
                            victim.kill();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                }
            };
            var stopped = Operator.run(data, screen, "import", file);
            assertThat(killed).isTrue();
            assertThat(stopped.exit()).isEqualTo(1);

            server = server.again(Map.of());
            var again = Operator.run(data, new ByteArrayOutputStream(), "import", file);
            assertThat(again.exit()).as(again.err()).isZero();
            var before = DONE.matcher(stopped.err());
            assertThat(before.find()).isTrue();
            var done = Integer.parseInt(before.group(1).replace(",", ""));
            assertThat(again.out()).startsWith(
                String.format(Locale.ROOT, "6,000 rows: %,d created, %,d exist, 0 invalid", 6000 - done, done));
            assertThat(server.sql("""
                SELECT (SELECT count(*) FROM users WHERE email LIKE 'p%'),
                       (SELECT count(DISTINCT email) FROM users WHERE email LIKE 'p%'),
                       (SELECT count(*) FROM role_members m JOIN users u ON u.id = m.user_id WHERE u.email LIKE 'p%'),
                       (SELECT count(*) FROM letters), (SELECT count(*) FROM invitations),
                       (SELECT count(*) FROM audit_entries WHERE action = 'user.created' AND subject_name LIKE 'p%')
                """).getFirst()).containsExactly(6000L, 6000L, 6000L, 60L, 60L, 6000L);
        } finally {
            server.end();
        }
    }

    @Test
    void one_row_is_a_row() throws IOException {
        var org = operator.newOrg("one");
        var file = file("one.csv", "email\nbob@acme.test\n");

        assertThat(operator.run("import", file, "--org", org, "--dry-run").out())
            .isEqualTo("1 row: 1 would be created, 0 exist, 0 invalid. Nothing was written.\n");
        assertThat(operator.run("import", file, "--org", org).out())
            .startsWith("1 row: 1 created, 0 exist, 0 invalid\n");
        assertThat(operator.run("import", file, "--org", org).out())
            .startsWith("1 row: 0 created, 1 exists, 0 invalid\n");
    }
}
