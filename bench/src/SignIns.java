import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// Sign-ins: by passwords against what their digests take, and by passkeys, without digests, against CreateUser.
final class SignIns {
    private static final String PASSWORD = "Qf7mZr2LtWx9KvHe";
    private static final int CLIENTS = 64;
    private static final int DIGESTS = 21;
    private static final int SECONDS_MIN = 5;

    /// Requests that wrk left unanswered at its end are still in the queue.
    private static final int DRAINED_MILLIS = 6000;
    private static final int BEGUN_MILLIS = 1000;

    /// Few, so that calls do not wait for each other.
    private static final int CALLERS = 2;

    /// Rounds until Java has compiled what a sign-in runs: it is a few hundred a second, and long.
    private static final int WARM_UPS = 6;

    private static final int USERS = 1000;
    private static final int WRITERS = 16;

    /// More than are sent in a second. One client has one of two threads, and so half of them; with fewer it would send some
    /// again, which are refused.
    private static final int FORMS_A_SECOND = 2400;

    private final Stage stage;
    private final Wrk forms;

    SignIns(Stage stage) {
        this.stage = stage;
        this.forms =
            new Wrk(stage.started(), stage.home().resolve("bench/wrk/forms.lua"), stage.options().seconds());
    }

    void run() {
        passwords();
        withoutDigests();
    }

    /// One user at many browsers that have signed in before, each in a network of its own, with a pool of one thread.
    private void passwords() {
        var roster = stage.roster();
        var org = roster.create("Passwords");
        roster.command("seed", "--users", "" + Stage.SEEDED, "--org", org.id());
        var founder = Browser.signedIn(roster, org, RosterServer.FOUNDER);
        var own = founder.get("/me/security");
        founder.mustLeadOn(founder.post("/me/security/password", fields("csrf", Browser.csrf(own), "password", PASSWORD)));
        var page = "/sign-in/o/" + stage.sql().run("SELECT public_id FROM orgs WHERE id = '%s'".formatted(org.id()))
            .getFirst();
        var lines = IntStream.range(0, CLIENTS).mapToObj(i -> form(roster, page, i)).toList();
        var file = stage.wrk().file("passwords.forms", lines).toString();

        var ids = stage.wrk().file("passwords-users.paths", stage.sql().run(
            "SELECT id FROM users WHERE org_id = '%s'".formatted(org.id())).stream().map(id -> "/api/v2/users/" + id)
            .toList()).toString();
        signIn(roster, file); // Java compiles what it is to run often
        get(roster, org, ids);
        var digest = new ArrayList<Double>();
        var signIns = new ArrayList<Series.Load>();
        var found = Series.inTurns(stage.options().rounds(), List.of(() -> {
            digest.add(digestMillis(roster, org));
            var running = CompletableFuture.supplyAsync(() -> signIn(roster, file));
            Main.pause(BEGUN_MILLIS);
            var calls = get(roster, org, ids);
            running.join();
            return calls;
        }, () -> get(roster, org, ids), () -> {
            signIns.add(signIn(roster, file));
            return signIns.getLast();
        }));
        var rates = Series.Spread.of(IntStream.range(0, digest.size())
            .mapToObj(i -> signIns.get(i).perSecond() * digest.get(i) / 1000).toList());
        stage.report().row("sign-in-password", "sign-ins by password, %d clients, one thread for digests"
            .formatted(CLIENTS), "one at a time of what a digest takes", rates, Report.Aim.atLeast(0.9),
            found.get(2).shown(), "a digest %s ms".formatted(Series.Spread.of(digest)));
        stage.report().row("sign-in-others", "GetUser during that, %d clients, p99".formatted(CALLERS), "without",
            found.get(0).p99To(found.get(1)), Report.Aim.atMost(2, ""), found.get(0).shown(), found.get(1).shown());
    }

    private static LinkedHashMap<String, String> fields(String... pairs) {
        var fields = new LinkedHashMap<String, String>();
        for (int i = 0; i < pairs.length; i += 2) {
            fields.put(pairs[i], pairs[i + 1]);
        }
        return fields;
    }

    private static String form(RosterServer roster, String page, int number) {
        var browser = new Browser(roster.address(), "10.9.%d.1".formatted(number));
        for (int i = 0; i < 2; i++) { // the second time its page knows it
            var fields = fields("csrf", Browser.csrf(browser.get(page)), "then", "", "address", RosterServer.FOUNDER,
                "password", PASSWORD);
            if (i == 1) {
                browser.forget("roster_session");
                return String.join("\t", "POST", page, browser.visitorCookies(), browser.client(), Browser.encoded(fields));
            }
            browser.mustLeadOn(browser.post(page, fields));
            browser.forget("roster_session");
        }
        throw new IllegalStateException();
    }

    private Series.Load signIn(RosterServer roster, String file) {
        var load = new Wrk(stage.started(), forms.script(), Math.max(SECONDS_MIN, forms.seconds())).load(roster.address(),
            List.of(), CLIENTS, file);
        Main.pause(DRAINED_MILLIS);
        return load;
    }

    private Series.Load get(RosterServer roster, RosterServer.Org org, String ids) {
        return stage.wrk().load(roster.address(), org, CALLERS, "GET", ids);
    }

    /// One digest, while nothing else goes on, by the server's own time.
    private static double digestMillis(RosterServer roster, RosterServer.Org org) {
        return Series.Spread.of(IntStream.range(0, DIGESTS)
            .mapToObj(i -> roster.get(org, "/bench/digest").serverMillis()).toList()).median();
    }

    private void withoutDigests() {
        var roster = stage.roster();
        var org = roster.create("Passkeys");
        roster.command("seed", "--users", "" + 4 * USERS, "--org", org.id());
        var passkeys = new PasskeyUsers(roster, stage.sql(), org, USERS);
        against(roster, org, "passkey", "by passkey", passkeys::forms);
        var provider = new ProviderUsers(roster, stage.sql(), org, USERS);
        against(roster, org, "provider", "by a stub provider", provider::forms);
        provider.close();
    }

    private void against(RosterServer roster, RosterServer.Org org, String key, String way,
        IntFunction<List<String>> users) {
        stage.sql().run("VACUUM ANALYZE users", "VACUUM ANALYZE sessions", "CHECKPOINT");
        var creations = stage.wrk().file("sign-ins-create.paths", List.of("/api/v2/users")).toString();
        var body = stage.wrk().file("sign-ins-create.json", List.of("""
            {"data": {"type": "users", "attributes": {"email": "${new}@bench.example", "name": "Pat Bench", \
            "title": "Tester"}}}""")).toString();
        var runs = new int[1];
        for (int i = 0; i < WARM_UPS; i++) {
            round(roster, users, org, WRITERS);
        }
        for (int clients : List.of(1, WRITERS)) {
            for (int i = 0; i < stage.options().warmUps(); i++) {
                round(roster, users, org, clients);
                stage.wrk().load(roster.address(), org, clients, "POST", creations, body, key + ++runs[0]);
            }
            var found = Series.inTurns(stage.options().rounds(),
                List.of(() -> round(roster, users, org, clients), () -> stage.wrk().load(roster.address(), org,
                    clients, "POST", creations, body, key + ++runs[0])));
            stage.report().row("sign-in-" + key + "-" + clients, "sign-ins %s, %d client%s".formatted(way, clients,
                clients == 1 ? "" : "s"), "CreateUser", found.get(0).rateTo(found.get(1)), Report.Aim.atLeast(0.5),
                found.get(0).shown(), found.get(1).shown());
        }
    }

    private Series.Load round(RosterServer roster, IntFunction<List<String>> users, RosterServer.Org org, int clients) {
        stage.sql().run("DELETE FROM sessions WHERE org_id = '%s'".formatted(org.id()),
            "DELETE FROM key_pointers WHERE org_id = '%s' AND kind = 'session'".formatted(org.id()));
        var file = stage.wrk().file("sign-ins.forms", users.apply(FORMS_A_SECOND * stage.options().seconds())).toString();
        return forms.load(roster.address().replace("127.0.0.1", "localhost"), List.of(), clients, file);
    }
}
