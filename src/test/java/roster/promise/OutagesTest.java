package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import roster.support.Answer;
import roster.support.MailSink;
import roster.support.ServerProcess;
import roster.support.TestRoster;

/// P3: every invited user gets their e-mail, whatever is killed on the way. With `-Droster.invitations=1000` the mail
/// server is killed three times and Roster twice; by default there are fewer people, and each dies once.
class OutagesTest {
    private static final int PEOPLE = Integer.getInteger("roster.invitations", 60);
    private static final int AT_ONCE = 5;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private enum Dies {
        MAIL_SERVER, ROSTER
    }

    private final Map<String, String> settings = new HashMap<>(Map.of(
        "ROSTER_PUBLIC_URL", "https://people.example.test",
        "ROSTER_INVITES_PER_INVITER", "off", "ROSTER_INVITES_PER_ORG", "off"));
    private MailSink mail;
    private volatile ServerProcess server;

    @BeforeEach
    void start() throws Exception {
        var parent = Files.createDirectories(Path.of("target", "test-data").toAbsolutePath());
        var folder = Files.createTempDirectory(parent, "outages");
        mail = new MailSink(folder.resolveSibling(folder.getFileName() + ".mail"));
        mail.start();
        settings.put("ROSTER_SMTP_URL", mail.url());
        server = ServerProcess.start(folder, settings);
    }

    @AfterEach
    void end() throws Exception {
        server.end();
        mail.kill();
    }

    @Test
    void every_user_gets_their_email_whatever_is_killed_on_the_way() throws Exception {
        var deaths = PEOPLE < 1000 ? List.of(Dies.MAIL_SERVER, Dies.ROSTER)
            : List.of(Dies.MAIL_SERVER, Dies.ROSTER, Dies.MAIL_SERVER, Dies.ROSTER, Dies.MAIL_SERVER);
        var invited = new TreeMap<String, String>(); // address by invitation
        try (var thread = Executors.newSingleThreadExecutor()) {
            var inviting = thread.submit(this::inviteAll);
            for (var i = 0; i < deaths.size(); i++) {
                var soFar = PEOPLE * (i + 1) / (deaths.size() + 1);
                eventually(inviting, () -> mail.taken().size() >= soFar);
                dies(inviting, deaths.get(i));
            }
            invited.putAll(inviting.get());
        }
        eventually(() -> states().getOrDefault("sent", 0L) == PEOPLE);

        var copies = mail.taken().stream().collect(Collectors.groupingBy(MailSink.Taken::recipient,
            TreeMap::new, Collectors.mapping(MailSink.Taken::messageId, Collectors.toList())));
        var again = copies.values().stream().filter(ids -> ids.size() > 1).toList();
        System.out.printf("%d invited; killed: %s; %d got a letter, %d of them a second copy; states: %s%n",
            invited.size(), deaths, copies.size(), again.size(), states());
        assertThat(invited).hasSize(PEOPLE);
        assertThat(copies.keySet()).as("no one is left out").isEqualTo(new TreeSet<>(invited.values()));
        assertThat(again).as("a second copy is known for one").allMatch(ids -> ids.stream().distinct().count() == 1);
        assertThat(states()).containsExactly(Map.entry("sent", (long) PEOPLE));
        invited.forEach((invitation, address) -> {
            var delivery = call("GET", "/api/v2/roster/invitations/" + invitation + "/delivery", null, "");
            assertThat(delivery.text("/data/attributes/state")).as(address).isEqualTo("sent");
            assertThat(copies.get(address)).as(address).contains("<%s@people.example.test>"
                .formatted(delivery.text("/data/attributes/letter_id")));
        });
    }

    /// Kills, and starts again; a mail server once an attempt to reach it has failed.
    private void dies(Future<?> inviting, Dies who) throws Exception {
        switch (who) {
            case MAIL_SERVER -> {
                mail.kill();
                eventually(inviting, () -> states().containsKey("deferred"));
                mail.start();
            }
            case ROSTER -> {
                server.kill();
                server = server.again(settings);
            }
        }
    }

    /// Creates and invites all users. Whatever is not answered is asked again by the same idempotency key, so that
    /// no user is invited twice.
    ///
    /// @return their addresses by invitation
    private Map<String, String> inviteAll() {
        var invited = new HashMap<String, String>();
        for (var first = 0; first < PEOPLE; first += AT_ONCE) {
            var addresses = IntStream.range(first, Math.min(PEOPLE, first + AT_ONCE))
                .mapToObj("person%d@outage.test"::formatted).toList();
            var ids = addresses.stream().map(address -> call("POST", "/api/v2/users", """
                {"data": {"type": "users", "attributes": {"email": "%s"}}}""".formatted(address), address).id())
                .toList();
            var sent = call("POST", "/api/v2/user_invitations",
                ids.stream()
                    .map(
                        """
                {"type": "user_invitations", "relationships": {"user": {"data": {"type": "users", "id": "%s"}}}}"""::formatted)
                    .collect(Collectors.joining(", ", "{\"data\": [", "]}")),
                "invite" + first);
            var invitations = sent.each("/data", "/id");
            IntStream.range(0, invitations.size()).forEach(i -> invited.put(invitations.get(i), addresses.get(i)));
        }
        return invited;
    }

    /// Asks until there is an answer that is no failure of the server.
    ///
    /// @param key which makes asking again harmless; none: empty
    private Answer call(String method, String path, String body, String key) {
        var headers = new HashMap<>(ServerProcess.KEYS);
        if (!key.isEmpty()) {
            headers.put("Idempotency-Key", key);
        }
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            try {
                var answer = TestRoster.send(server.address(), method, path, body, headers);
                if (answer.status() < 500 && answer.status() != 409) {
                    assertThat(answer.status()).as(answer.toString()).isBetween(200, 299);
                    return answer;
                }
            } catch (UncheckedIOException e) {
                // It was killed; the next one answers.
            }
            LockSupport.parkNanos(20_000_000);
        }
        throw new AssertionError("no answer to " + method + " " + path);
    }

    /// How many letters are in each state, as the database of the process has it.
    private Map<String, Long> states() {
        try {
            return server.sql("SELECT state, count(*) FROM deliveries GROUP BY state").stream()
                .collect(Collectors.toMap(row -> (String) row.get(0), row -> (Long) row.get(1)));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void eventually(Future<?> inviting, BooleanSupplier happened) throws Exception {
        eventually(() -> happened.getAsBoolean() || inviting.state() == Future.State.FAILED);
        if (inviting.state() == Future.State.FAILED) {
            inviting.get();
        }
    }

    private static void eventually(BooleanSupplier happened) {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (!happened.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + PATIENCE);
            }
            LockSupport.parkNanos(20_000_000);
        }
    }
}
