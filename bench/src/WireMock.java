import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/// WireMock, answering with bodies of Roster's: a template for all people and a fixed page for each list; and, as
/// another peer in the same process, a stub for each person as a recording makes them. It is a new process for each
/// number of people.
final class WireMock implements Peer {
    private static final String VERSION = "3.13.2";
    static final String NAME = "WireMock " + VERSION;
    static final String NAME_EACH = NAME + ", a stub each";

    private static final int START_SECONDS_MAX = 60;
    private static final int LOAD_SECONDS_MAX = 45;
    private static final int SLICE = 1000;
    private static final String TEMPLATED = "/templated/v2/users/";

    private final Started started;
    private final Path jar;
    private final String heap;
    private final PeerRoster roster;
    private final Report report;
    private Process process;
    private String address;
    private List<Person> people;
    private String whyNotEach = "";

    /// @param heap Java's options for it
    /// @param roster whose answers it gives, after that one took the people
    WireMock(Started started, String heap, PeerRoster roster, Report report) {
        this.started = started;
        this.jar = Fetched.artifact(started, "org.wiremock", "wiremock-standalone", VERSION, "jar");
        this.heap = heap;
        this.roster = roster;
        this.report = report;
    }

    /// The journal of requests would fill the memory, so that its guide has it off for load.
    private void start() {
        if (process != null) {
            started.stop(process);
        }
        var port = OutsidePostgres.freePort();
        address = "http://127.0.0.1:" + port;
        process = started.start("TERM", Map.of(), started.log("wiremock"), List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(), heap, "-XX:+ExitOnOutOfMemoryError",
            "-jar", jar.toString(), "--port", "" + port, "--bind-address", "127.0.0.1", "--no-request-journal"));
        var began = System.nanoTime();
        while (true) {
            try {
                Http.body("GET", address + "/__admin/mappings?limit=1", List.of(), "text/plain", "");
                return;
            } catch (UncheckedIOException e) { // it does not listen yet
                if (!process.isAlive() || System.nanoTime() - began > START_SECONDS_MAX * 1e9) {
                    throw new Started.Failed("WireMock did not start");
                }
                Main.pause(50);
            }
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void take(List<Person> wanted) {
        people = wanted;
        start();
        var get = roster.way(Work.GET, List.of(""));
        var someone = people.getFirst();
        var body = get.answer(get.paths().getFirst(), "");
        loadEach(body, someone);
        if (!whyNotEach.isEmpty()) {
            start();
        }
        // The newest stub is tried first.
        load(List.of(page(Work.FIRST), page(Work.DEEP), stub("\"urlPathPattern\": \"%s[^/]+\"".formatted(TEMPLATED),
            body.replace(someone.id(), "{{request.pathSegments.[3]}}"), "\"response-template\"")));
    }

    private void loadEach(String body, Person someone) {
        whyNotEach = "";
        var began = System.nanoTime();
        for (int from = 0; from < people.size(); from += SLICE) {
            if (System.nanoTime() - began > LOAD_SECONDS_MAX * 1e9) {
                whyNotEach = "of %,d stubs, %,d were loaded after %d s, then with %d MiB resident".formatted(
                    people.size(), from, LOAD_SECONDS_MAX, RosterServer.mebibytes(process.pid(), "VmRSS"));
                return;
            }
            try {
                load(people.subList(from, Math.min(from + SLICE, people.size())).stream()
                    .map(person -> stub("\"urlPath\": \"/api/v2/users/%s\"".formatted(person.id()),
                        body.replace(someone.id(), person.id()).replace(someone.email(), person.email()), ""))
                    .toList());
            } catch (UncheckedIOException | Started.Failed e) {
                whyNotEach = "it gave up after %,d of %,d stubs and %.0f s with %s".formatted(from, people.size(),
                    (System.nanoTime() - began) / 1e9, heap);
                return;
            }
        }
        report.note("%s: %,d stubs loaded in %.1f s", NAME, people.size(), (System.nanoTime() - began) / 1e9);
    }

    private String page(Work work) {
        var call = roster.way(work, List.of(""));
        var path = call.paths().getFirst();
        return stub("\"url\": " + Http.quoted(path), call.answer(path, ""), "");
    }

    private static String stub(String matched, String body, String transformer) {
        return """
            {"request": {"method": "GET", %s}, "response": {"status": 200, "body": %s, "transformers": [%s],
             "headers": {"Content-Type": "application/json"}}}""".formatted(matched, Http.quoted(body), transformer);
    }

    private void load(List<String> stubs) {
        Http.body("POST", address + "/__admin/mappings/import", List.of(), "application/json",
            stubs.stream().collect(Collectors.joining(",", "{\"mappings\": [", "]}")));
    }

    @Override
    public Way way(Work work, List<String> terms) {
        return switch (work) {
            case GET -> Call.get(address, List.of(),
                people.stream().map(person -> TEMPLATED + person.id()).toList(), people.getFirst().id());
            case FIRST, DEEP -> {
                var theirs = roster.way(work, terms);
                yield Call.get(address, List.of(), theirs.paths(), theirs.expected());
            }
            case SEARCH, UPDATE, CREATE -> new None("it holds stubs, not users: an answer would be one written "
                + "beforehand, and nothing would change");
        };
    }

    @Override
    public OptionalLong pid() {
        return OptionalLong.of(process.pid());
    }

    /// The stub for each person, in the process of the templates, which must have taken the people before.
    Peer each() {
        return new Peer() {
            @Override
            public String name() {
                return NAME_EACH;
            }

            @Override
            public void take(List<Person> wanted) {
                if (!whyNotEach.isEmpty()) {
                    throw new Started.Failed(whyNotEach);
                }
            }

            @Override
            public Way way(Work work, List<String> terms) {
                return work != Work.GET ? new None("measured for getting a user only")
                    : Call.get(address, List.of(),
                        people.stream().map(person -> "/api/v2/users/" + person.id()).toList(),
                        people.getFirst().id());
            }

            @Override
            public OptionalLong pid() {
                return OptionalLong.empty();
            }
        };
    }
}
