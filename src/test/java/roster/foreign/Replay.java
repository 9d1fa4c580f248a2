package roster.foreign;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import roster.base.http.Match;
import roster.base.http.Routes;
import roster.support.Answer;
import roster.support.TestOrg;
import roster.support.TestUser;
import tools.jackson.databind.JsonNode;

/// Sends what was recorded to an organisation of our own, step by step.
public final class Replay {
    private static final Pattern PARAMETER = Pattern.compile(".*[^a-z0-9_].*|.*[0-9a-f]{16}.*");
    private static final String BAD_KEY = "0123456789abcdef0123456789abcdef";

    private final TestOrg org;
    private final TestUser caller;

    public Replay(TestOrg org) {
        this.org = org;
        this.caller = org.founder();
    }

    /// The first operation of a recording that the routes do not know, as `PATCH /api/v2/roles/{role_id}`.
    public static Optional<String> missing(Recording recording, Routes routes) {
        return recording.steps().stream()
            .filter(step -> !served(routes, step)).map(Replay::operation).findFirst();
    }

    private static boolean served(Routes routes, Recording.Step step) {
        return routes.match(step.method(), step.path()) instanceof Match.Found found
            && (!step.path().endsWith("/templates") || found.route().template().endsWith("/templates"));
    }

    private static String operation(Recording.Step step) {
        var segments = new ArrayList<String>();
        for (var segment : step.path().substring(1).split("/")) {
            var collection = segments.isEmpty() ? "" : segments.getLast();
            var settings = collection.equals("org_configs"); // named, not numbered
            var named = settings || PARAMETER.matcher(segment).matches();
            segments.add(named ? "{" + collection.replaceFirst("s$", "") + (settings ? "_name}" : "_id}") : segment);
        }
        return step.method() + " /" + String.join("/", segments);
    }

    /// @return the first difference, if there is one
    public Optional<Difference> play(Recording recording) {
        var learned = new Learned(recording.at());
        var number = 0;
        for (var step : recording.steps()) {
            number++;
            step.body().ifPresent(learned::sends);
            step.query().values().forEach(values -> values.forEach(learned::sends));
            var answer = send(step, learned);
            var ours = answer.bytes().length == 0 ? Optional.<JsonNode>empty()
                : Optional.of(answer.json());
            var at = number;
            var difference = new Comparison(step, learned).first(answer.status(), ours);
            if (difference.isPresent()) {
                return difference.map(found -> found.in(at, step));
            }
        }
        return Optional.empty();
    }

    private Answer send(Recording.Step step, Learned learned) {
        var headers = new HashMap<String, String>();
        // In the spring of 2020 an update was answered 204 without a body: that is still had by not asking for one.
        if (!(step.method().equals("PATCH") && step.status() == 204)) {
            headers.put("Accept", "application/json");
        }
        var sender = step.lacksPermission() ? stranger() : caller;
        if (step.withBadKeys()) {
            headers.put("DD-API-KEY", BAD_KEY);
            headers.put("DD-APPLICATION-KEY", BAD_KEY + "01234567");
        }
        return sender.send(step.method(), target(step, learned),
            step.body().map(body -> learned.live(body).toString()).orElse(null), headers);
    }

    private TestUser stranger() {
        return org.newUser("unknown-" + System.nanoTime() + "@recorded.test");
    }

    private static String target(Recording.Step step, Learned learned) {
        var path = Stream.of(step.path().split("/", -1))
            .map(segment -> encoded(learned.live(URLDecoder.decode(segment.replace("+", "%2B"),
                StandardCharsets.UTF_8))))
            .collect(Collectors.joining("/"));
        List<String> query = new ArrayList<>();
        step.query().forEach((name, values) -> values
            .forEach(value -> query.add(encoded(name) + "=" + encoded(learned.live(value)))));
        return query.isEmpty() ? path : path + "?" + String.join("&", query);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
