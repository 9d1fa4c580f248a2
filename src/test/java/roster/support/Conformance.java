package roster.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import roster.base.http.Match;
import roster.base.http.Route;
import roster.base.http.Routes;

/// Notes which test showed which status of which operation, and writes `docs/conformance.md` at the end of the suite.
///
/// A cell names the first test by name, so the page changes only when tests do. A run of chosen tests (`-Dtest`) writes
/// only with `-Dconformance`; it adds what it saw and leaves the rest. What a test that ran no longer shows, and what a
/// test showed that is no more, is forgotten.
/// Only answers to a test's own thread count: what several threads get may be another thing in the next run.
public final class Conformance {
    private static final Path PAGE = Path.of("docs", "conformance.md");
    private static final Path TESTS = Path.of("src", "test", "java");

    /// The nine operations with their statuses.
    private static final List<Operation> NINE = List.of(
        new Operation("ListUsers", "GET /api/v2/users", 200, 400, 403, 429),
        new Operation("CreateUser", "POST /api/v2/users", 201, 400, 403, 409, 429),
        new Operation("GetUser", "GET /api/v2/users/{user_id}", 200, 403, 404, 429),
        new Operation("UpdateUser", "PATCH /api/v2/users/{user_id}", 200, 204, 400, 403, 404, 409, 422, 429),
        new Operation("DisableUser", "DELETE /api/v2/users/{user_id}", 204, 403, 404, 429),
        new Operation("ListUserOrganizations", "GET /api/v2/users/{user_id}/orgs", 200, 403, 404, 429),
        new Operation("ListUserPermissions", "GET /api/v2/users/{user_id}/permissions", 200, 403, 404, 429),
        new Operation("SendInvitations", "POST /api/v2/user_invitations", 201, 400, 403, 429),
        new Operation("GetInvitation", "GET /api/v2/user_invitations/{user_invitation_uuid}", 200, 403, 404, 429));

    static final String NO_TEST = "(nothing yet)";
    private static final Pattern ROW = Pattern.compile("\\| (?:\\w+ )?`([^`]+)` \\| (\\d{3}) \\| (\\S+) \\|");
    private static final Pattern PLAYED = Pattern.compile("\\| (\\w+/\\S+) \\| (.+) \\|");

    /// The tests of a thread, the innermost first: one that waits for others may have its thread run another test meanwhile.
    private static final ThreadLocal<Deque<String>> RUNNING = ThreadLocal.withInitial(ArrayDeque::new);
    private static final Set<String> RAN = ConcurrentHashMap.newKeySet();
    private static final Set<Seen> SEEN = ConcurrentHashMap.newKeySet();
    private static final Map<String, String> OUTCOMES = new ConcurrentHashMap<>();

    /// @param address method and template
    private record Operation(String name, String address, List<Integer> statuses) {
        private Operation(String name, String address, Integer... statuses) {
            this(name, address, List.of(statuses));
        }
    }

    private record Seen(String method, String path, int status, String test) {}

    private record Cell(String address, int status) implements Comparable<Cell> {
        @Override
        public int compareTo(Cell other) {
            return address.equals(other.address) ? Integer.compare(status, other.status)
                : place(address).compareTo(place(other.address));
        }

        /// By path, then by method.
        private static String place(String address) {
            var blank = address.indexOf(' ');
            return address.substring(blank + 1) + " " + address.substring(0, blank);
        }
    }

    private Conformance() {}

    /// What this thread sends from now on is this test's.
    ///
    /// @param test class and method
    static void began(String test) {
        RUNNING.get().push(test);
        RAN.add(test);
    }

    static void ended() {
        RUNNING.get().pop();
    }

    /// The test of this thread does not count: what is known of it stays.
    public static void leave() {
        RAN.remove(RUNNING.get().pop());
        RUNNING.get().push("");
    }

    static void saw(Answer answer) {
        var running = RUNNING.get().peek();
        if (running != null && !running.isEmpty()) {
            var path = answer.path().replaceFirst("\\?.*", "");
            SEEN.add(new Seen(answer.method(), path, answer.status(), running));
        }
    }

    public static void played(String recording, String outcome) {
        OUTCOMES.put(recording, outcome);
    }

    static void write(Routes routes) {
        if (System.getProperty("test") != null && System.getProperty("conformance") == null) {
            return;
        }
        try {
            var old = Files.exists(PAGE) ? Files.readString(PAGE) : "";
            var page = page(routes, old);
            if (!page.equals(old)) {
                Files.createDirectories(PAGE.getParent());
                Files.writeString(PAGE, page);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String page(Routes routes, String old) {
        var cells = cells(routes, old);
        var page = new ArrayList<String>();
        page.add("""
            # Conformance

            Written by the test suite: which test shows which answer of which operation, and how the recordings of the
            live API fare. Where several tests show the same, the first by name stands here.

            ## The nine operations of the Users API

            | operation | status | shown by |
            |---|---|---|""");
        for (var operation : NINE) {
            for (var status : operation.statuses()) {
                var test = Optional.ofNullable(cells.get(new Cell(operation.address(), status)));
                page.add("| %s `%s` | %d | %s |".formatted(operation.name(), operation.address(), status,
                    test.orElse(NO_TEST)));
            }
        }
        page.add("""

            ## Recordings of the live API

            A recording is played as soon as all of its operations are served.

            | recording | outcome |
            |---|---|""");
        outcomes(old).forEach((recording, outcome) -> page.add("| %s | %s |".formatted(recording, outcome)));
        page.add("""

            ## The other operations

            | operation | status | shown by |
            |---|---|---|""");
        var nine = NINE.stream().map(Operation::address).toList();
        cells.forEach((cell, test) -> {
            if (!nine.contains(cell.address())) {
                page.add("| `%s` | %d | %s |".formatted(cell.address(), cell.status(), test));
            }
        });
        return String.join("\n", page) + "\n";
    }

    /// What is known from earlier runs and what this one showed.
    private static Map<Cell, String> cells(Routes routes, String old) {
        var cells = new TreeMap<Cell, String>();
        var served = new TreeSet<>(routes.all().stream().map(Conformance::address).toList());
        ROW.matcher(old).results().filter(row -> served.contains(row.group(1))).forEach(row -> {
            var test = row.group(3);
            if (!RAN.contains(test) && exists(test)) {
                cells.put(new Cell(row.group(1), Integer.parseInt(row.group(2))), test);
            }
        });
        for (var seen : SEEN) {
            operation(routes, seen).ifPresent(address -> cells.merge(new Cell(address, seen.status()), seen.test(),
                (one, other) -> one.compareTo(other) <= 0 ? one : other));
        }
        return cells;
    }

    private static String address(Route route) {
        return route.method() + " " + route.template();
    }

    private static Optional<String> operation(Routes routes, Seen seen) {
        try {
            return routes.match(seen.method(), seen.path()) instanceof Match.Found found
                && found.route().method().equals(seen.method()) ? Optional.of(address(found.route()))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // a test of broken addresses
        }
    }

    private static boolean exists(String test) {
        var dot = test.indexOf('.');
        try (Stream<Path> files = Files.walk(TESTS)) {
            var source = files.filter(file -> file.endsWith(test.substring(0, dot) + ".java")).findFirst();
            return source.isPresent() && Files.readString(source.get()).contains(" " + test.substring(dot + 1) + "(");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Where nothing was played, what is known stays.
    private static Map<String, String> outcomes(String old) {
        var outcomes = new TreeMap<>(OUTCOMES);
        if (outcomes.isEmpty()) {
            PLAYED.matcher(old).results().forEach(row -> outcomes.put(row.group(1), row.group(2)));
        }
        return outcomes;
    }
}
