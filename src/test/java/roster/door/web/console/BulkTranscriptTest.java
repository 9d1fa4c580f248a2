package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import roster.support.Answer;
import roster.support.Await;
import roster.support.BrowserUser;
import roster.support.Inviting;
import roster.support.Operator;
import roster.support.ServerProcess;
import roster.support.TestRoster;

/// Many people who match are disabled, while another administrator disables one of them; the job is stopped in its middle, and
/// undone, and in the middle of that the server is killed. What happens is printed, as two administrators see it in their
/// browsers. A short run has 345 people, `-Droster.full=true` 12,345.
@Timeout(600)
class BulkTranscriptTest {
    private static final boolean FULL = Boolean.getBoolean("roster.full");
    private static final int MATCHING = FULL ? 12_345 : 345;
    private static final int OTHERS = 55;
    private static final String LIST = "/console/people?q=mart&status=pending";

    @TempDir
    private Path folder;

    private ServerProcess server;

    private static void tell(String format, Object... values) {
        System.out.printf("shows 4: " + format + "%n", values);
    }

    private static String number(int number) {
        return "%,d".formatted(number);
    }

    private Operator.Ran command(Object... words) {
        var ran = Operator.run(folder.resolve("data"), new ByteArrayOutputStream(), words);
        assertThat(ran.exit()).as(ran.err()).isZero();
        return ran;
    }

    /// The lock of the organisation, held from outside: pieces of a job wait for it, and pass one by one.
    private final class Hold implements AutoCloseable {
        private Connection connection;

        private Hold() throws IOException, SQLException {
            connection = locked(connected());
        }

        private Connection connected() throws IOException, SQLException {
            var made = DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(server.databasePort()), "roster",
                Files.readString(folder.resolve("data/postgres-password")).strip());
            made.setAutoCommit(false);
            return made;
        }

        private static Connection locked(Connection made) throws SQLException {
            try (var lock = made.createStatement()) {
                lock.execute("SELECT 1 FROM orgs FOR UPDATE");
            }
            return made;
        }

        /// Who waits first has the lock first: a piece, and then this again.
        private void letOnePass() throws Exception {
            Await.until("a piece waits", () -> waiting() >= 1);
            var next = connected();
            var locking = CompletableFuture.supplyAsync(() -> {
                try {
                    return locked(next);
                } catch (SQLException e) {
                    throw new CompletionException(e);
                }
            });
            Await.until("this waits, too", () -> waiting() >= 2);
            connection.close();
            connection = locking.get();
        }

        private long waiting() {
            return count("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'");
        }

        /// Lets pieces pass until a job has reached so many people. A piece that waited for too long comes again later.
        private void letPass(String job, long most) throws Exception {
            while (reached(job) < most) {
                letOnePass();
            }
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    private long count(String query) {
        try {
            return ((Number) server.sql(query).getFirst().getFirst()).longValue();
        } catch (IOException | SQLException e) {
            throw new AssertionError(query, e);
        }
    }

    /// @param job as its address has it
    private long reached(String job) {
        return count("SELECT done + skipped + refused FROM bulk_jobs WHERE id = '%s'"
            .formatted(job.substring(job.lastIndexOf('/') + 1)));
    }

    @Test
    void many_are_disabled_stopped_and_undone_through_a_kill() throws Exception {
        Files.createDirectory(folder.resolve("data"));
        server = ServerProcess.start(folder.resolve("data"), Map.of("ROSTER_BOOTSTRAP_EMAIL", "ada@shows.example"));
        try {
            people();
            var ada = new BrowserUser(server.address());
            signIn(ada, "ada@shows.example");
            var grace = grace();
            var job = stopped(ada, grace, changed(ada, grace));
            undone(ada, job);
        } finally {
            server.end();
        }
    }

    private void people() throws IOException {
        var file = folder.resolve("people.csv");
        Files.writeString(file, "email,name,title,roles,invite\n"
            + lines("mart", MATCHING) + lines("olga", OTHERS));
        tell("%s", command("import", file, "--org", "Roster").out().lines().findFirst().orElseThrow());
    }

    private static String lines(String name, int count) {
        return IntStream.range(0, count).mapToObj(i -> "%s%d@shows.example,%s %d,,,no%n".formatted(name, i, name, i))
            .collect(Collectors.joining());
    }

    private void signIn(BrowserUser browser, String email) {
        var link = command("user", "sign-in-link", email, "--org", "Roster").out().strip();
        assertThat(browser.submit(link, link, Map.of()).status()).isEqualTo(303);
        tell("%s signs in", email);
    }

    /// Another administrator, who accepts an invitation.
    private BrowserUser grace() throws IOException {
        var id = command("user", "create", "grace@shows.example", "--org", "Roster", "--role", "Datadog Admin Role",
            "--json").out().replaceAll("(?s).*?\"id\"\\s*:\\s*\"([0-9a-f-]{36})\".*", "$1");
        var invited = TestRoster.send(server.address(), "POST", Inviting.PATH, Inviting.body(id), ServerProcess.KEYS);
        assertThat(invited.status()).as(invited.toString()).isEqualTo(201);
        var browser = new BrowserUser(server.address());
        var mailbox = "/mailbox/" + Files.readString(folder.resolve("data/mailbox-token")).strip();
        var letter = browser.get("/mailbox/" + found(browser.get(mailbox), "href=\"([^\"/]+/[^\"]+)\">Invitation"));
        var link = found(letter, "(/invitations/[A-Za-z0-9_.-]+)");
        var accepted = browser.submit(link, link, Map.of("name", "Grace Hopper", "password", Inviting.PASSWORD));
        assertThat(accepted.status()).as(accepted.toString()).isLessThan(400);
        signIn(browser, "grace@shows.example");
        return browser;
    }

    private static String found(Answer page, String pattern) {
        var found = Pattern.compile(pattern).matcher(page.text());
        assertThat(found.find()).as("%s in %s", pattern, page).isTrue();
        return found.group(1);
    }

    private static Answer opened(BrowserUser browser, String path) {
        var page = browser.get(path);
        assertThat(page.status()).as(page.toString()).isEqualTo(200);
        return page;
    }

    /// Selects, and opens the page that asks.
    private static Answer asked(BrowserUser browser, Map<String, String> selected) {
        var sent = browser.post("/console/bulk", BrowserUser.csrf(opened(browser, LIST)), selected, Map.of());
        return opened(browser, sent.header("Location").orElseThrow());
    }

    private static Answer confirmed(BrowserUser browser, Answer asked, String typed) {
        var fields = new HashMap<>(Map.of("typed", typed));
        for (var name : List.of("do", "selection", "count", "once")) {
            fields.put(name, ConsoleUser.hidden(asked, name));
        }
        return browser.post("/console/bulk/new", BrowserUser.csrf(asked), fields, Map.of());
    }

    /// @return the page that asks again
    private Answer changed(BrowserUser ada, BrowserUser grace) throws SQLException, IOException {
        var list = opened(ada, LIST + "&sel=all");
        assertThat(ConsoleUser.read(list)).contains(number(MATCHING) + " people match “mart”");
        tell("Ada sees %s people match “mart”, and selects them all", number(MATCHING));
        var asked = asked(ada, Map.of("do", "disable", "sel", "all", "list", LIST));
        assertThat(ConsoleUser.read(asked)).contains("Disable " + number(MATCHING) + " people?");

        var one =
            server.sql("SELECT id FROM users WHERE email = 'mart7@shows.example'").getFirst().getFirst().toString();
        assertThat(confirmed(grace, asked(grace, Map.of("do", "disable", "id", one)), "").status()).isEqualTo(303);
        tell("meanwhile Grace ticks one of them, and disables them");

        var changed = confirmed(ada, asked, "" + MATCHING);
        assertThat(changed.status()).isEqualTo(409);
        var said = "%s when you looked, %s now.".formatted(number(MATCHING), number(MATCHING - 1));
        assertThat(ConsoleUser.read(changed)).contains(said, "Continue with " + (MATCHING - 1));
        assertThat(disabled()).as("by Ada: none").isEqualTo(1);
        tell("Ada presses Disable: 409, “%s”", said);
        return changed;
    }

    private long disabled() {
        return count("SELECT count(*) FROM users WHERE disabled");
    }

    /// @return the address of the job
    private String stopped(BrowserUser ada, BrowserUser grace, Answer asked) throws Exception {
        String job;
        try (var hold = new Hold()) {
            var sent = confirmed(ada, asked, "" + (MATCHING - 1));
            assertThat(sent.status()).as(sent.toString()).isEqualTo(303);
            job = sent.header("Location").orElseThrow();
            tell("Ada continues with %s: %s", number(MATCHING - 1), job);
            hold.letPass(job, MATCHING / 3);
            tell("the page says: %s", progress(opened(ada, job), MATCHING - 1));
            assertThat(grace.submit(job, job + "/stop", Map.of()).status()).isEqualTo(303);
        }
        Await.until("the piece under way has ended",
            () -> count("SELECT count(*) FROM bulk_jobs WHERE ended_at IS NULL "
                + "OR claimed_until IS NOT NULL") == 0);
        var done = reached(job);
        assertThat(done).isBetween(MATCHING / 3L, MATCHING - 2L);
        var said = "Stopped. %,d done, %,d not reached.".formatted(done, MATCHING - 1 - done);
        assertThat(ConsoleUser.read(opened(ada, job))).contains(said);
        tell("Grace presses Stop: “%s”", said);
        assertThat(disabled()).isEqualTo(done + 1);
        assertThat(count("SELECT count(*) FROM audit_entries WHERE action = 'user.disabled'")).isEqualTo(done + 1);
        assertThat(count("SELECT count(DISTINCT subject_id) FROM audit_entries WHERE action = 'user.disabled'"))
            .as("each once").isEqualTo(done + 1);
        tell("%,d are disabled, Grace's one among them, and as many entries of the trail say so", done + 1);
        var csv = opened(ada, job + "/results.csv").text();
        assertThat(csv.lines().filter(line -> line.contains(",Done,")).count()).isEqualTo(done);
        tell("the CSV of the results has %,d lines that say Done", done);
        return job;
    }

    private static String progress(Answer page, long people) {
        var read = ConsoleUser.read(page);
        var all = read.indexOf("All %,d Done".formatted(people));
        assertThat(all).as(read).isNotNegative();
        return read.substring(all, read.indexOf(" Not reached", all) + 20).strip();
    }

    private void undone(BrowserUser ada, String job) throws Exception {
        var done = reached(job);
        String undo;
        try (var hold = new Hold()) {
            var sent = ada.submit(job, job + "/undo", Map.of());
            assertThat(sent.status()).as(sent.toString()).isEqualTo(303);
            undo = sent.header("Location").orElseThrow();
            hold.letPass(undo, 1);
            tell("Ada presses Undo: %s", undo);
            assertThat(reached(undo)).isLessThan(done);
            tell("kill -9 of the server at %,d of %,d", reached(undo), done);
            server.kill();
        }
        server = server.again(Map.of());
        ada.at(server.address());
        tell("the server starts again");
        Await.until("the undo has finished", () -> ConsoleUser.read(opened(ada, undo)).contains("Finished."));
        tell("the page says: %s", progress(opened(ada, undo), done));
        assertThat(ConsoleUser.read(opened(ada, undo))).contains("Enable %,d people".formatted(done),
            "Undoes Disable ");
        assertThat(count("SELECT count(*) FROM users WHERE disabled AND email = 'mart7@shows.example'"))
            .as("whom Grace disabled").isEqualTo(1);
        assertThat(disabled()).isEqualTo(1);
        assertThat(count("SELECT count(*) FROM audit_entries WHERE action = 'user.enabled'")).isEqualTo(done);
        tell("%,d are enabled again, each once; Grace's one stays disabled", done);
        tell("roster audit verify: %s", command("audit", "verify", "--org", "Roster").out().strip().lines().findFirst()
            .orElse(""));
    }
}
