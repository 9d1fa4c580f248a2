import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/// What it costs to call by a session in the place of keys, and to list a user's sessions where there are many.
final class Sessions {
    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");
    private static final Pattern LINK = Pattern.compile("(/sign-in/once/[A-Za-z0-9_-]+)");
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final int OWN = 10;
    private static final int FEW = 100;

    private final Stage stage;

    Sessions(Stage stage) {
        this.stage = stage;
    }

    void run() {
        var roster = stage.roster();
        var org = stage.large();
        var session = signedIn(roster, org);
        var paths = stage.wrk().file("current-user.paths", Collections.nCopies(1000, "/api/v2/current_user")).toString();
        for (int i = 0; i < stage.options().warmUps(); i++) {
            stage.wrk().load(roster.address(), session, Reads.CLIENTS, "GET", paths);
            stage.wrk().load(roster.address(), org, Reads.CLIENTS, "GET", paths);
        }
        var found = Series.inTurns(stage.options().rounds(),
            List.of(() -> stage.wrk().load(roster.address(), session, Reads.CLIENTS, "GET", paths),
                () -> stage.wrk().load(roster.address(), org, Reads.CLIENTS, "GET", paths)));
        stage.report().row("session-embedded", "GET /api/v2/current_user by session, embedded database", "by key",
            found.get(0).rateTo(found.get(1)), Report.Aim.atLeast(0.95), found.get(0).shown(), found.get(1).shown());
        many();
    }

    /// A user's sessions, in an organisation with a session for each person and in one with a hundred.
    private void many() {
        var roster = stage.roster();
        var small = roster.create("Few sessions");
        sessions(small, FEW);
        sessions(stage.large(), stage.options().users());
        stage.sql().run("ANALYZE sessions");
        var large = stage.wrk().file("sessions-large.paths", List.of(list(stage.large()))).toString();
        var few = stage.wrk().file("sessions-few.paths", List.of(list(small))).toString();
        stage.wrk().load(roster.address(), stage.large(), 1, "GET", large);
        var found = Series.inTurns(stage.options().rounds(),
            List.of(() -> stage.wrk().load(roster.address(), stage.large(), 1, "GET", large),
                () -> stage.wrk().load(roster.address(), small, 1, "GET", few)));
        stage.report().row("sessions-many", "A user's %d sessions, of %,d in the organisation".formatted(OWN,
            stage.options().users()), "of %d".formatted(FEW), found.get(0).timeTo(found.get(1)), Report.Aim.atMost(1.3, ""),
            found.get(0).shown(), found.get(1).shown());
    }

    private String founder(RosterServer.Org org) {
        return stage.sql().run("SELECT id FROM users WHERE org_id = '%s' AND email = '%s'".formatted(org.id(),
            RosterServer.FOUNDER)).getFirst();
    }

    private String list(RosterServer.Org org) {
        return "/api/v2/roster/users/%s/sessions".formatted(founder(org));
    }

    /// Gives the founder a few sessions, and all others together the rest.
    private void sessions(RosterServer.Org org, int number) {
        stage.sql().run("""
            INSERT INTO sessions (org_id, id, user_id, digest, method, factors, created_at, last_seen_at, version)
            SELECT '%1$s', gen_random_uuid(), u.id, sha256((u.id::text || n)::bytea), 'standard', '{password}', now(), now(), 1
              FROM users u CROSS JOIN generate_series(1, CASE WHEN u.email = '%2$s' THEN %3$d ELSE
                   greatest(1, %4$d / greatest(1, (SELECT count(*) FROM users WHERE org_id = '%1$s'))) END::int) n
             WHERE u.org_id = '%1$s'
            """.formatted(org.id(), RosterServer.FOUNDER, OWN, number));
    }

    /// Signs the founder in by a link of the operator.
    ///
    /// @return the headers of calls by the session
    private static List<String> signedIn(RosterServer roster, RosterServer.Org org) {
        var path = RosterServer.first(LINK,
            roster.command("user", "sign-in-link", RosterServer.FOUNDER, "--org", org.id()));
        var page = Http.send("GET", roster.address() + path, List.of(), FORM, "");
        var entered = Http.send("POST", roster.address() + path,
            List.of("Cookie", cookie(page, "roster_flow"), "Sec-Fetch-Site", "same-origin"), FORM,
            "csrf=" + RosterServer.first(CSRF, page.body()));
        var cookie = cookie(entered, "roster_session");
        var own = Http.send("GET", roster.address() + "/me/security", List.of("Cookie", cookie), FORM, "");
        return List.of("Cookie", cookie, "X-Roster-Csrf", RosterServer.first(CSRF, own.body()), "Sec-Fetch-Site",
            "same-origin");
    }

    private static String cookie(HttpResponse<String> answer, String name) {
        return answer.headers().allValues("Set-Cookie").stream().filter(line -> line.startsWith(name + "="))
            .map(line -> line.substring(0, line.indexOf(';'))).findFirst()
            .orElseThrow(() -> new Started.Failed("no cookie %s: %d".formatted(name, answer.statusCode())));
    }
}
