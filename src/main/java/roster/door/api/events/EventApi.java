package roster.door.api.events;

import static roster.base.json.Json.members;
import static roster.model.Permission.AUDIT_LOGS_READ;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import roster.base.db.Database;
import roster.base.http.Needs;
import roster.base.http.Query;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Route;
import roster.base.http.Routes;
import roster.base.http.SessionMust;
import roster.base.json.Json;
import roster.base.json.Times;
import roster.base.net.PublicUrl;
import roster.core.event.EventFeature;
import roster.core.event.EventId;
import roster.core.event.EventType;
import roster.core.event.EventTypes;
import roster.core.event.Feed;
import roster.core.event.FeedPage;
import roster.core.event.FeedQuery;
import roster.core.event.FeedQuery.From;
import roster.model.Id;
import roster.model.Org;
import roster.model.Problem.BadParameter;
import roster.model.Problem.Unavailable;
import roster.model.Problem.Unfit;
import roster.model.Refused;

/// The feed of events: read from a place on, and waited for at its end.
final class EventApi {
    private static final String PATH = "/api/v2/roster/events";
    private static final String LATEST = "latest";
    private static final String BATCH = "application/cloudevents-batch+json";
    private static final int LIMIT_USUAL = 100;
    private static final int LIMIT_MAX = 1000;
    private static final int TYPES_MAX = 50;
    private static final int WAIT_MAX = 30;
    private static final int TYPE_LENGTH_MAX = 100;

    /// How often who waits looks whether the server stops.
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Database db;
    private final EventFeature feature;
    private final EventForm form;
    private final PublicUrl publicUrl;
    private final EventReader reader;
    private final EventLines lines;

    EventApi(Database db, EventFeature feature, EventForm form, PublicUrl publicUrl) {
        this.db = db;
        this.feature = feature;
        this.form = form;
        this.publicUrl = publicUrl;
        reader = new EventReader(db, feature);
        lines = new EventLines(reader, form);
    }

    void addTo(Routes routes) {
        routes
            .add(new Route("GET", PATH, Needs.oneOf(AUDIT_LOGS_READ), this::list, OptionalInt.empty(), Optional.empty(),
                SessionMust.BE_COMPLETE, true)); // it waits for others to write
        routes.get(PATH + "/{event_id}", AUDIT_LOGS_READ, this::one);
    }

    private Response one(Request request) {
        var org = request.caller().org();
        return Response.json(200, Json.bytes(Map.of("data", db.search(tx -> {
            var event = Feed.named(tx, org, request.pathText("event_id"));
            return form.of(event, Optional.of(feature.objects.right(tx, org, List.of(event)).getFirst()));
        }))));
    }

    private Response list(Request request) {
        var org = request.caller().org();
        var query = query(org, request.query());
        var withObjects = withObjects(request.query());
        var wait = whole(request.query(), "wait", 0, 0, WAIT_MAX);
        var accepted = request.header("Accept").orElse("").toLowerCase(Locale.ROOT);
        if (accepted.startsWith(EventLines.TYPE)) {
            return lines.of(request.caller(), query, withObjects).with("Cache-Control", "no-store");
        }
        var shown = wait == 0 ? reader.read(org, query, withObjects)
            : await(request, query, withObjects, Duration.ofSeconds(wait));
        var data = new ArrayList<Map<String, Object>>();
        for (int i = 0; i < shown.page().events().size(); i++) {
            data.add(form.of(shown.page().events().get(i), shown.objects().get(i)));
        }
        var next =
            shown.page().after().map(place -> publicUrl.reference(PATH + next(request.query(), place.toString())));
        return (accepted.startsWith(BATCH) ? batch(data, next) : page(data, shown.page(), next))
            .with("Cache-Control", "no-store");
    }

    private static Response page(List<Map<String, Object>> data, FeedPage page, Optional<String> next) {
        return Response.json(200, Json.bytes(members("data", data, "meta",
            members("page", members("after", page.after().map(EventId::toString), "more", page.more())), "links",
            members("next", next))));
    }

    private static Response batch(List<Map<String, Object>> data, Optional<String> next) {
        var answer = Response.ok(BATCH, Json.bytes(data));
        return next.map(link -> answer.with("Link", "<%s>; rel=\"next\"".formatted(link))).orElse(answer);
    }

    /// Reads again whenever something was written, until there is an event, the time is over, or the server stops.
    private EventReader.Shown await(Request request, FeedQuery query, boolean withObjects, Duration most) {
        var org = request.caller().org();
        var ends = System.nanoTime() + most.toNanos();
        try (var waiting = feature.waits.begin(request.caller())) {
            request.whenClientIsGone(waiting::wake);
            var shown = reader.read(org, query, withObjects);
            while (shown.page().events().isEmpty() && !shown.page().more() && !request.serverStops()
                && !request.clientIsGone() && System.nanoTime() < ends) {
                if (waiting.await(Duration.ofNanos(Math.min(LOOK.toNanos(), ends - System.nanoTime())))) {
                    shown = reader.read(org, shown.page().after().map(place -> query.from(new From.After(place)))
                        .orElse(query), withObjects);
                }
            }
            request.mustStillBeAdmitted();
            return shown;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refused(new Unavailable(1)); // the client is gone, or the server stops
        }
    }

    private static String next(Query query, String after) {
        var next = new StringBuilder("?after=").append(after);
        List.of("types", "about", "limit", "wait", "include").forEach(name -> query.first(name)
            .ifPresent(value -> next.append('&').append(name).append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8))));
        return next.toString();
    }

    private static FeedQuery query(Org.Id org, Query query) {
        return new FeedQuery(from(org, query), query.first("types").map(EventApi::types), about(query),
            whole(query, "limit", LIMIT_USUAL, 1, LIMIT_MAX));
    }

    private static From from(Org.Id org, Query query) {
        var after = query.first("after");
        var since = query.first("since");
        if (after.isPresent() && since.isPresent()) {
            throw bad("since");
        }
        if (since.isPresent()) {
            return new From.Since(since.flatMap(Times::parse).orElseThrow(() -> bad("since")));
        }
        if (after.filter(LATEST::equals).isPresent()) {
            return new From.Latest();
        }
        return after.<From>map(text -> new From.After(EventId.parse(text).filter(id -> id.org().equals(org))
            .orElseThrow(() -> bad("after")))).orElseGet(From.Beginning::new);
    }

    private static Optional<UUID> about(Query query) {
        return query.first("about").map(text -> Id.parse(text).orElseThrow(() -> bad("about")));
    }

    private static Set<String> types(String list) {
        var patterns = list.split(",", TYPES_MAX + 1);
        if (patterns.length > TYPES_MAX) {
            throw bad("types");
        }
        var names = new LinkedHashSet<String>();
        for (var pattern : patterns) {
            var matching = EventTypes.matching(pattern.strip());
            if (matching.isEmpty()) {
                throw unknown(pattern.strip());
            }
            names.addAll(matching.stream().map(EventType::name).collect(Collectors.toSet()));
        }
        return names;
    }

    /// A filter that never matches would lose events in silence.
    private static Refused unknown(String type) {
        if (type.length() > TYPE_LENGTH_MAX) {
            return bad("types");
        }
        return new Refused(new Unfit(List.of("The value provided for parameter 'types' is invalid",
            "There is no event type '%s'. Did you mean '%s'?".formatted(type, EventTypes.nearest(type)))));
    }

    private static boolean withObjects(Query query) {
        return switch (query.first("include").orElse("object")) {
            case "object" -> true;
            case "none" -> false;
            default -> throw bad("include");
        };
    }

    private static int whole(Query query, String name, int usual, int least, int most) {
        return query.first(name).map(text -> {
            if (!text.matches("[0-9]{1,6}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
                throw bad(name);
            }
            return Integer.parseInt(text);
        }).orElse(usual);
    }

    private static Refused bad(String name) {
        return new Refused(new BadParameter(name));
    }
}
