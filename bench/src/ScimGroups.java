import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Groups with many members over SCIM, against groups with few.
final class ScimGroups {
    private static final String GROUPS = "/scim/v2/Groups";
    private static final String TYPE = "application/scim+json";
    private static final int MANY = 10_000;
    private static final int FEW = 10;
    private static final int REMOVED = 1000;
    private static final int WARM_UP = 200;
    private static final int REQUESTS = 100;
    private static final int LONG_REQUESTS = 11;
    private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");
    private static final Pattern MEMBER = Pattern.compile("\"\\$ref\":");

    private final Stage stage;
    private final RosterServer.Org org;
    private final List<String> people;

    /// @param org has more people than the large group
    ScimGroups(Stage stage, RosterServer.Org org) {
        this.stage = stage;
        this.org = org;
        this.people = stage.sql().run("""
            SELECT user_id FROM scim_users WHERE org_id = '%s' ORDER BY user_id LIMIT %d
            """.formatted(org.id(), MANY + 1));
    }

    void run() {
        var empty = create("Filled");
        var members = members(people.subList(0, MANY));
        var fewer = people.subList(0, REMOVED).stream()
            .map("{\"op\":\"remove\",\"path\":\"members[value eq \\\"%s\\\"]\"}"::formatted)
            .collect(Collectors.joining(",", "{\"Operations\":[", "]}"));
        var filled = new ArrayList<Double>();
        var removed = new ArrayList<Double>();
        for (int i = 0; i < stage.options().warmUps() + stage.options().rounds(); i++) {
            var into = seconds("PUT", empty, "{\"displayName\":\"Filled\",\"members\":%s}".formatted(members));
            mustHave(empty, MANY);
            var out = seconds("PATCH", empty, fewer);
            mustHave(empty, MANY - REMOVED);
            seconds("PUT", empty, "{\"displayName\":\"Filled\",\"members\":[]}");
            if (i >= stage.options().warmUps()) {
                filled.add(into);
                removed.add(out);
            }
        }
        absolute("scim-members-put", "PUT of %,d members into an empty group".formatted(MANY), filled, 2, "s");
        absolute("scim-members-removed", "PATCH with %,d removes of one each".formatted(REMOVED), removed, 0.3, "s");
        sizes();
    }

    private void sizes() {
        var many = create("Many");
        var few = create("Few");
        seconds("PUT", many, "{\"displayName\":\"Many\",\"members\":%s}".formatted(members(people.subList(0, MANY))));
        seconds("PUT", few, "{\"displayName\":\"Few\",\"members\":%s}".formatted(members(people.subList(0, FEW))));
        stage.sql().run("VACUUM ANALYZE role_members", "CHECKPOINT");

        against("scim-member", "PATCH of one member", () -> patches(many, REQUESTS), () -> patches(few, REQUESTS));
        var without = "?excludedAttributes=members";
        against("scim-group", "GET without members",
            () -> Lists.times(stage, org, List.of(GROUPS + "/" + many + without), REQUESTS),
            () -> Lists.times(stage, org, List.of(GROUPS + "/" + few + without), REQUESTS));

        var times = new ArrayList<Double>();
        for (int i = 0; i < stage.options().warmUps() * 4 + LONG_REQUESTS; i++) {
            var began = System.nanoTime();
            stage.roster().get(org, GROUPS + "/" + many);
            if (i >= stage.options().warmUps() * 4) {
                times.add((System.nanoTime() - began) / 1e6);
            }
        }
        absolute("scim-members-get", "GET of a group of %,d members, as the client sees it".formatted(MANY), times, 50,
            "ms");
    }

    private void against(String key, String work, Supplier<Series.Load> many, Supplier<Series.Load> few) {
        for (int i = 0; i < Math.max(1, WARM_UP / REQUESTS); i++) {
            many.get();
            few.get();
        }
        var found = Series.inTurns(stage.options().rounds(), List.of(many, few));
        stage.report().row(key, "%s, of %,d, server time".formatted(work, MANY), "of %d".formatted(FEW),
            found.get(0).timeTo(found.get(1)), Report.Aim.atMost(1.3, ""), found.get(0).shownMillis(),
            found.get(1).shownMillis());
    }

    private void absolute(String key, String work, List<Double> values, double aim, String unit) {
        stage.report().row(key, work, "", Series.Spread.of(values), Report.Aim.atMost(aim, unit), "", "");
    }

    private String create(String name) {
        return RosterServer.first(ID, Http.body("POST", stage.roster().address() + GROUPS, org.headers(), TYPE,
            "{\"displayName\":\"%s\"}".formatted(name)));
    }

    private static String members(List<String> ids) {
        return ids.stream().map("{\"value\":\"%s\"}"::formatted).collect(Collectors.joining(",", "[", "]"));
    }

    private double seconds(String method, String group, String body) {
        var began = System.nanoTime();
        Http.body(method, stage.roster().address() + GROUPS + "/" + group, org.headers(), TYPE, body);
        return (System.nanoTime() - began) / 1e9;
    }

    private void mustHave(String group, int members) {
        var found = MEMBER.matcher(stage.roster().get(org, GROUPS + "/" + group).body()).results().count();
        if (found != members) {
            throw new Started.Failed("a group has %d members, and should have %d".formatted(found, members));
        }
    }

    /// The same member comes and goes.
    private Series.Load patches(String group, int requests) {
        var one = people.getLast();
        var bodies = List.of("""
            {"Operations":[{"op":"add","path":"members","value":[{"value":"%s"}]}]}""".formatted(one), """
            {"Operations":[{"op":"remove","path":"members[value eq \\"%s\\"]"}]}""".formatted(one));
        var millis = IntStream.range(0, requests).mapToObj(i -> {
            var answer = stage.roster().send(org, "PATCH", GROUPS + "/" + group, bodies.get(i % 2));
            if (answer.status() != 204) {
                throw new Started.Failed("PATCH: " + answer);
            }
            return answer.serverMillis();
        }).sorted().toList();
        return new Series.Load(Double.NaN, Series.Spread.of(millis).median(), ConsolePart.at99(millis),
            requests);
    }
}
