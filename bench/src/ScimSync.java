import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;

/// A directory that provisions all of its people: each is looked for, then created; and once more, when each is found.
final class ScimSync {
    private static final int CONNECTIONS = 16;
    private static final int PEOPLE = 100_000;
    private static final int PEOPLE_QUICK = 5000;
    private static final double CREATING_SECONDS = 90;
    private static final double AGAIN_SECONDS = 45;
    private static final int WARM_UP = 2000;
    private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");

    private final Stage stage;

    ScimSync(Stage stage) {
        this.stage = stage;
    }

    /// A person as directories send them, on one line.
    ///
    /// @param word of their address, which no other has
    static String person(String word, String given, String family) {
        return """
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"%1$s@bench.example","name":{"givenName":"%2$s",\
            "familyName":"%3$s"},"displayName":"%2$s %3$s","title":"Tester","locale":"en-US","externalId":"ext-%1$s",\
            "emails":[{"primary":true,"type":"work","value":"%1$s@bench.example"}],"active":true}""".formatted(word, given,
            family);
    }

    void run() {
        sync(stage.roster().create("SCIM warm-up"), WARM_UP, false); // Java compiles what it is to run often
        var people = stage.options().mode() == Options.Mode.QUICK ? PEOPLE_QUICK : PEOPLE;
        var org = stage.roster().create("SCIM sync");
        row("scim-sync", "full sync of %,d people: filter, POST; %d connections", sync(org, people, false), people,
            CREATING_SECONDS);
        var there = stage.sql().run("SELECT count(*) FROM scim_users WHERE org_id = '%s'".formatted(org.id())).getFirst();
        if (!there.equals("" + people)) {
            throw new Started.Failed("of %d people %s are there".formatted(people, there));
        }
        row("scim-sync-again", "again, unchanged, %,d people: filter, GET; %d connections", sync(org, people, true), people,
            AGAIN_SECONDS);
    }

    /// @param aim seconds for [#PEOPLE]
    private void row(String key, String work, double seconds, int people, double aim) {
        stage.report().row(key, work.formatted(people, CONNECTIONS), "", Series.Spread.of(List.of(seconds)),
            Report.Aim.atMost(aim * people / PEOPLE, "s"), "%,.0f people a second".formatted(people / seconds), "");
    }

    /// @return how many seconds it took
    private double sync(RosterServer.Org org, int people, boolean again) {
        var began = System.nanoTime();
        try (var threads = Executors.newFixedThreadPool(CONNECTIONS)) {
            var parts = new ArrayList<Future<?>>();
            for (int part = 0; part < CONNECTIONS; part++) {
                var first = part;
                parts.add(threads.submit(() -> part(org, first, people, again)));
            }
            for (var part : parts) {
                part.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Started.Failed("interrupted");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
        return (System.nanoTime() - began) / 1e9;
    }

    private void part(RosterServer.Org org, int first, int people, boolean again) {
        try (var connection = new Connection(stage.roster().address(), org)) {
            for (int i = first; i < people; i += CONNECTIONS) {
                var word = "sync" + i;
                var found = connection.send(200, "GET", ScimPart.USERS + "?filter=" + URLEncoder.encode(
                    "userName eq \"%s@bench.example\"".formatted(word), StandardCharsets.UTF_8), "");
                if (!found.contains("\"totalResults\":" + (again ? 1 : 0) + ",")) {
                    throw new Started.Failed("looking for %s: %s".formatted(word, Started.tail(found)));
                }
                if (again) {
                    connection.send(200, "GET", ScimPart.USERS + "/" + RosterServer.first(ID, found), "");
                } else {
                    connection.send(201, "POST", ScimPart.USERS, person(word, "Pat", "Bench" + i));
                }
            }
        }
    }
}
