import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Provisioning over SCIM: people one by one and in pages, then [ScimSync] and [ScimGroups].
final class ScimPart {
    static final String USERS = "/scim/v2/Users";
    private static final int SMALL = 100;
    private static final int WARM_UP = 200;
    private static final int REQUESTS = 100;
    private static final int READERS = 8;
    private static final int WRITTEN_BACK = 2000;
    private static final int PAGE = 100;
    private static final Pattern NAME = Pattern.compile("\"displayName\":\"([^\"]+)\"");

    private final Stage stage;
    private final RosterServer.Org small;
    private final RosterServer.Org middle;
    private int runs;

    ScimPart(Stage stage) {
        this.stage = stage;
        small = provisioned(SMALL, "Small SCIM");
        middle = provisioned(stage.options().small(), "Middle SCIM");
        said(stage.large());
    }

    private RosterServer.Org provisioned(int people, String name) {
        var org = stage.roster().create(name);
        stage.roster().command("seed", "--users", "" + people, "--org", org.id());
        said(org);
        return org;
    }

    /// Gives all people of an organisation what a directory would have said of them, before anything of that was read.
    private void said(RosterServer.Org org) {
        stage.sql().run("""
            INSERT INTO scim_users (org_id, user_id, user_name, user_name_folded, external_id, email_sent, attributes,
                                    changed_at, hidden, version)
            SELECT org_id, id, email, lower(email), 'ext-' || id, email, jsonb_build_object('displayName', name, 'locale',
                   'en-US', 'name', jsonb_build_object('givenName', split_part(name, ' ', 1), 'familyName',
                   split_part(name, ' ', 2)), 'emails', '[{"type": "work", "primary": true}]'::jsonb,
                   'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', '{"department": "Tests"}'::jsonb),
                   created_at, false, version
              FROM users WHERE org_id = '%s' AND name LIKE '_%% _%%'
                ON CONFLICT DO NOTHING
            """.formatted(org.id()), "VACUUM ANALYZE scim_users", "CHECKPOINT");
    }

    void run() {
        one();
        lookUps();
        writtenBack();
        pages();
        create(1);
        create(16);
        create(64);
        new ScimGroups(stage, middle).run();
        new ScimSync(stage).run();
    }

    /// Of people who are not disabled: a patch that enables them would change something.
    private List<String> column(RosterServer.Org org, String column, int most) {
        return stage.sql().run("""
            SELECT %s FROM users u JOIN scim_users s ON s.org_id = u.org_id AND s.user_id = u.id
             WHERE u.org_id = '%s' AND u.email <> '%s' AND NOT u.disabled ORDER BY random() LIMIT %d
            """.formatted(column, org.id(), RosterServer.FOUNDER, most));
    }

    private Series.Load get(String paths, int clients) {
        return stage.wrk().load(stage.roster().address(), stage.large(), clients, "GET", paths);
    }

    private String file(String name, List<String> lines) {
        return stage.wrk().file("scim-" + name, lines).toString();
    }

    private List<Series> inTurns(List<Supplier<Series.Load>> things) {
        for (int i = 0; i < stage.options().warmUps(); i++) { // Java compiles what it is to run often
            things.forEach(Supplier::get);
        }
        return Series.inTurns(stage.options().rounds(), things);
    }

    private void rate(String key, String work, String against, List<Series> found, double aim) {
        stage.report().row(key, work, against, found.get(0).rateTo(found.get(1)), Report.Aim.atLeast(aim),
            found.get(0).shown(), found.get(1).shown());
    }

    private void one() {
        var ids = column(stage.large(), "u.id", Reads.IDS);
        var paths = ids.stream().map(id -> USERS + "/" + id).toList();
        readOnce(stage.large(), paths);
        var scim = file("get.paths", paths);
        var ours = file("get-user.paths", ids.stream().map(id -> "/api/v2/users/" + id).toList());
        rate("scim-get", "GET /Users/{id}, random ids, %d clients".formatted(Reads.CLIENTS), "GetUser",
            inTurns(List.of(() -> get(scim, Reads.CLIENTS), () -> get(ours, Reads.CLIENTS))), 0.6);
    }

    /// As the random requests of a few seconds would leave out some.
    private void readOnce(RosterServer.Org org, List<String> paths) {
        stage.roster().get(org, paths.getFirst()); // loads the directory
        try (var threads = Executors.newFixedThreadPool(READERS)) {
            for (int reader = 0; reader < READERS; reader++) {
                var first = reader;
                threads.submit(() -> {
                    try (var connection = new Connection(stage.roster().address(), org)) {
                        for (int i = first; i < paths.size(); i += READERS) {
                            connection.send(200, "GET", paths.get(i), "");
                        }
                    }
                });
            }
        }
    }

    private record LookUp(String attribute, String column) {
        String path(String value) {
            return USERS + "?filter=" + URLEncoder.encode(attribute + " eq \"" + value + "\"", StandardCharsets.UTF_8);
        }
    }

    private void lookUps() {
        for (var one : List.of(new LookUp("userName", "s.user_name"), new LookUp("externalId", "s.external_id"),
            new LookUp("emails[type eq \"work\"].value", "u.email"))) {
            var key = "scim-look-up-" + one.attribute().replaceAll("\\[.*", "");
            var large = column(stage.large(), one.column(), Reads.IDS).stream().map(one::path).toList();
            var few = column(small, one.column(), SMALL).stream().map(one::path).toList();
            mustFindOne(stage.large(), large.getFirst());
            mustFindOne(small, few.getFirst());
            times(stage.large(), large, WARM_UP);
            times(small, few, WARM_UP);
            var found = Series.inTurns(stage.options().rounds(), List.of(() -> times(stage.large(), large, REQUESTS),
                () -> times(small, few, REQUESTS)));
            stage.report().row(key, "%s eq, of %,d people, server time".formatted(one.attribute(),
                stage.options().users()), "of %d".formatted(SMALL), found.get(0).timeTo(found.get(1)),
                Report.Aim.atMost(1.3, ""), found.get(0).shownMillis(), found.get(1).shownMillis());
            var paths = file("look-up.paths", large);
            var ids = file("look-up-get.paths",
                column(stage.large(), "u.id", Reads.IDS).stream().map(id -> USERS + "/" + id).toList());
            rate(key + "-rate", "%s eq, %d clients".formatted(one.attribute(), Reads.CLIENTS), "GET /Users/{id}",
                inTurns(List.of(() -> get(paths, Reads.CLIENTS), () -> get(ids, Reads.CLIENTS))), 0.5);
        }
    }

    private void mustFindOne(RosterServer.Org org, String path) {
        var body = stage.roster().get(org, path).body();
        if (!body.contains("\"totalResults\":1,")) {
            throw new Started.Failed("GET %s does not find one: %s".formatted(path, Started.tail(body)));
        }
    }

    /// @param requests of the first so many paths, again and again
    private Series.Load times(RosterServer.Org org, List<String> paths, int requests) {
        return Lists.times(stage, org, paths, requests);
    }

    /// What was read is sent back whole, and a patch says what is so already.
    private void writtenBack() {
        var ids = column(middle, "u.id", WRITTEN_BACK);
        var puts = new ArrayList<String>();
        var patches = new ArrayList<String>();
        for (var id : ids) {
            var path = USERS + "/" + id;
            var read = stage.roster().get(middle, path).body();
            puts.add(path + "\t" + read);
            patches.add(path + "\t" + """
                {"Operations":[{"op":"Replace","path":"displayName","value":"%s"},\
                {"op":"Replace","path":"active","value":"True"}]}""".formatted(RosterServer.first(NAME, read)));
        }
        var get = file("same-get.paths", ids.stream().map(id -> USERS + "/" + id).toList());
        var put = file("same-put.paths", puts);
        var patch = file("same-patch.paths", patches);
        var before = version(middle);
        var found = inTurns(List.of(() -> sent("PUT", put), () -> sent("PATCH", patch), () -> sent("GET", get)));
        if (!version(middle).equals(before)) {
            throw new Started.Failed("requests that change nothing have changed something");
        }
        rate("scim-put", "PUT of what was read, %d clients".formatted(Reads.CLIENTS), "GET /Users/{id}",
            List.of(found.get(0), found.get(2)), 0.5);
        rate("scim-patch", "PATCH that changes nothing, %d clients".formatted(Reads.CLIENTS), "GET /Users/{id}",
            List.of(found.get(1), found.get(2)), 0.5);
    }

    private Series.Load sent(String method, String paths) {
        return stage.wrk().load(stage.roster().address(), middle, Reads.CLIENTS, method, paths);
    }

    private String version(RosterServer.Org org) {
        return stage.sql().run("SELECT version FROM orgs WHERE id = '%s'".formatted(org.id())).getFirst();
    }

    private void pages() {
        var last = stage.options().small() / PAGE;
        var first = List.of(page(1));
        var deep = List.of(page(last));
        times(middle, first, WARM_UP);
        times(middle, deep, WARM_UP);
        var found = Series.inTurns(stage.options().rounds(),
            List.of(() -> times(middle, deep, REQUESTS), () -> times(middle, first, REQUESTS)));
        stage.report().row("scim-page", "page %,d of %d, of %,d people, server time".formatted(last, PAGE,
            stage.options().small()), "page 1", found.get(0).timeTo(found.get(1)), Report.Aim.atMost(1.3, ""),
            found.get(0).shownMillis(), found.get(1).shownMillis());
    }

    private static String page(int number) {
        return USERS + "?startIndex=%d&count=%d".formatted((number - 1) * PAGE + 1, PAGE);
    }

    private void create(int clients) {
        var scim = file("create.paths", List.of(USERS));
        var scimBody = file("create.json", List.of(ScimSync.person("${new}", "Pat", "Bench")));
        var ours = file("create-user.paths", List.of("/api/v2/users"));
        var ourBody = file("create-user.json", List.of("""
            {"data": {"type": "users", "attributes": {"email": "${new}@bench.example", "name": "Pat Bench", \
            "title": "Tester"}}}"""));
        rate("scim-create-" + clients, "POST /Users, %d client%s".formatted(clients, clients == 1 ? "" : "s"),
            "CreateUser", inTurns(List.of(() -> create(clients, scim, scimBody), () -> create(clients, ours, ourBody))),
            0.8);
    }

    private Series.Load create(int clients, String paths, String body) {
        return stage.wrk().load(stage.roster().address(), middle, clients, "POST", paths, body, "scim" + ++runs);
    }
}
