package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import roster.support.MailSink;
import roster.support.Operator;
import roster.support.ServerProcess;

/// Many people invited by one import: queued in one go, sent at the pace that is set, and watched by the command line.
/// `-Droster.imported=10000` for that many, `-Droster.mailrate=off` for another pace.
class ManyInvitationsTest {
    private static final int PEOPLE = Integer.getInteger("roster.imported", 200);
    private static final String RATE = System.getProperty("roster.mailrate", "100/1s");
    private static final long PATIENCE_NANOS = 1_800_000_000_000L;

    private MailSink mail;
    private Path folder;
    private ServerProcess server;

    @BeforeEach
    void start() throws Exception {
        var parent = Files.createDirectories(Path.of("target", "test-data").toAbsolutePath());
        folder = Files.createTempDirectory(parent, "many");
        mail = new MailSink(folder.resolveSibling(folder.getFileName() + ".mail"));
        mail.start();
        server = ServerProcess.start(folder, Map.of("ROSTER_SMTP_URL", mail.url(), "ROSTER_PUBLIC_URL",
            "https://people.example.test", "ROSTER_MAIL_RATE", RATE));
    }

    @AfterEach
    void end() throws Exception {
        server.end();
        mail.kill();
    }

    @Test
    void an_import_queues_all_in_one_go_and_each_person_gets_one_letter() throws Exception {
        var file = folder.resolveSibling(folder.getFileName() + ".csv");
        Files.writeString(file, IntStream.range(0, PEOPLE).mapToObj("person%d@many.test,Person %<d,yes\n"::formatted)
            .collect(Collectors.joining("", "email,name,invite\n", "")));
        var before = server.peakMemory();
        var began = System.nanoTime();
        var imported = roster("import", file);
        var queued = System.nanoTime();
        assertThat(imported.exit()).as(imported.err()).isZero();
        assertThat(server.sql("SELECT count(*) FROM letters").getFirst()).containsExactly((long) PEOPLE);

        var waiting = new TreeSet<Long>();
        for (var left = left(); left > 0; left = left()) {
            waiting.add(left);
            assertThat(System.nanoTime() - began).as("time").isLessThan(PATIENCE_NANOS);
            LockSupport.parkNanos(200_000_000);
        }
        var seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf(Locale.ROOT, "%d invited by an import: queued after %.1f s, all sent after %.1f s, %.0f a "
            + "second at %s; peak memory of Roster %d MB, %d MB before%n", PEOPLE, (queued - began) / 1e9, seconds,
            PEOPLE / seconds, RATE, server.peakMemory() >> 20, before >> 20);

        assertThat(waiting).as("progress is seen").isNotEmpty();
        assertThat(roster("invitation", "list", "--count").out()).isEqualTo("""
            queued 0
            sent %d
            deferred 0
            failed 0
            dropped 0
            bounced 0
            """.formatted(PEOPLE));
        assertThat(mail.taken()).extracting(MailSink.Taken::recipient).containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, PEOPLE).mapToObj("person%d@many.test"::formatted).toList());
        var again = roster("import", file);
        assertThat(again.out()).contains("0 created");
        assertThat(left()).as("an import that is run again invites no one again").isZero();
    }

    /// How many letters wait, as the operator asks.
    private long left() {
        return Long.parseLong(roster("invitation", "list", "--state", "queued", "--count").out().strip()
            .replace("queued ", ""));
    }

    private Operator.Ran roster(Object... args) {
        return Operator.run(folder, new ByteArrayOutputStream(), args);
    }
}
