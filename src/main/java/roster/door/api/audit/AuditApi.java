package roster.door.api.audit;

import static roster.model.Permission.AUDIT_LOGS_READ;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import roster.base.db.Database;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.json.Json;
import roster.base.jsonapi.PageParameters;
import roster.base.jsonapi.RequestDocument;
import roster.base.jsonapi.RequestObject;
import roster.base.net.PublicUrl;
import roster.base.secret.CursorCodec;
import roster.core.audit.AuditEvents;
import roster.core.audit.AuditEvents.Place;
import roster.core.audit.AuditEvents.Search;
import roster.core.audit.AuditQuery;
import roster.core.audit.EventJson;
import roster.model.Org;
import roster.model.Problem.BadParameter;
import roster.model.Refused;
import tools.jackson.databind.JsonNode;

/// `/api/v2/audit/events`: what happened in the caller's organisation, listed and searched.
public final class AuditApi {
    private static final String PATH = "/api/v2/audit/events";
    private static final int LIMIT_DEFAULT = 10;
    private static final int LIMIT_MAX = 1000;

    /// How far back a search without a start goes.
    private static final String FROM_DEFAULT = "now-15m";

    /// What cursors of this list begin with, so that those of other lists are refused.
    private static final String MARK = "audit\n";

    private final Database db;
    private final CursorCodec cursors;
    private final PublicUrl publicUrl;

    /// @param publicUrl what links begin with
    public AuditApi(Database db, CursorCodec cursors, PublicUrl publicUrl) {
        this.db = db;
        this.cursors = cursors;
        this.publicUrl = publicUrl;
    }

    public void addTo(Routes routes) {
        routes.get(PATH, AUDIT_LOGS_READ, this::list);
        routes.post(PATH + "/search", AUDIT_LOGS_READ, request -> search(request).toRead());
    }

    /// The parameters of a search, as sent.
    ///
    /// @param names the names of the parameters
    private record Asked(Optional<String> query, Optional<String> from, Optional<String> to, ZoneId zone,
        Optional<String> sort, Optional<String> cursor, int limit, Names names) {}

    private record Names(String query, String from, String to, String sort, String cursor) {}

    private static final Names OF_QUERY =
        new Names("filter[query]", "filter[from]", "filter[to]", "sort", "page[cursor]");
    private static final Names OF_BODY = new Names("filter.query", "filter.from", "filter.to", "sort", "page.cursor");

    private Response list(Request request) {
        var query = request.query();
        return answer(request, new Asked(query.first(OF_QUERY.query()), query.first(OF_QUERY.from()),
            query.first(OF_QUERY.to()), ZoneOffset.UTC, query.first(OF_QUERY.sort()), query.first(OF_QUERY.cursor()),
            PageParameters.limit(query, LIMIT_MAX, LIMIT_DEFAULT), OF_QUERY));
    }

    private Response search(Request request) {
        if (!request.hasBody()) {
            return answer(request, new Asked(Optional.empty(), Optional.empty(), Optional.empty(), ZoneOffset.UTC,
                Optional.empty(), Optional.empty(), LIMIT_DEFAULT, OF_BODY));
        }
        var sent = RequestDocument.whole(request);
        var filter = sent.optionalObject("filter");
        var options = sent.optionalObject("options");
        var page = sent.optionalObject("page");
        var asked = new Asked(filter.optionalText("query"), filter.optionalText("from"), filter.optionalText("to"),
            zone(options), sent.optionalText("sort"), page.optionalText("cursor").filter(text -> !text.isEmpty()),
            limit(page), OF_BODY);
        sent.done();
        return answer(request, asked);
    }

    private static Optional<JsonNode> ifSent(RequestObject sent, String name) {
        return sent.has(name) ? sent.any(name).filter(node -> !node.isNull()) : Optional.empty();
    }

    private static int limit(RequestObject page) {
        return ifSent(page, "limit").map(node -> {
            if (!node.isIntegralNumber() || !node.canConvertToInt() || node.asInt() < 1 || node.asInt() > LIMIT_MAX) {
                throw new Refused(new BadParameter("page.limit"));
            }
            return node.asInt();
        }).orElse(LIMIT_DEFAULT);
    }

    /// A zone name takes precedence over an offset in seconds, as clients send both.
    private static ZoneId zone(RequestObject options) {
        var offset = ifSent(options, "time_offset").map(AuditApi::offset);
        return options.optionalText("timezone").map(name -> {
            try {
                return ZoneId.of(name);
            } catch (DateTimeException e) {
                throw new Refused(new BadParameter("options.timezone"));
            }
        }).or(() -> offset).orElse(ZoneOffset.UTC);
    }

    private static ZoneId offset(JsonNode seconds) {
        if (!seconds.isIntegralNumber() || !seconds.canConvertToInt() || Math.abs(seconds.asLong()) > 18 * 3600) {
            throw new Refused(new BadParameter("options.time_offset"));
        }
        return ZoneOffset.ofTotalSeconds(seconds.asInt());
    }

    private Response answer(Request request, Asked asked) {
        var org = request.caller().org();
        var search = asked.cursor().map(sent -> carriedOn(org, sent, asked)).orElseGet(() -> begun(org, asked));
        var query = checked(asked.names().query(), () -> AuditQuery.parse(search.query()));
        var found = db.search(tx -> AuditEvents.list(tx, org, search, query, asked.limit()));
        var page = found.subList(0, Math.min(found.size(), asked.limit()));
        var answer = new LinkedHashMap<String, Object>();
        answer.put("data", page.stream().map(event -> EventJson.of(org, event)).toList());
        if (found.size() > page.size()) {
            var next = sealed(org, search, page.getLast().place());
            answer.put("meta", Map.of("page", Map.of("after", next)));
            answer.put("links", Map.of("next", address(search, next, asked.limit())));
        }
        return Response.json(200, Json.bytes(answer));
    }

    private Search begun(Org.Id org, Asked asked) {
        var clock = db.read(tx -> AuditEvents.clock(tx, org));
        var now = clock.now();
        var from = asked.from().orElse(FROM_DEFAULT);
        var sort = asked.sort().orElse("-timestamp");
        if (!List.of("timestamp", "-timestamp").contains(sort)) {
            throw new Refused(new BadParameter(asked.names().sort()));
        }
        return new Search(asked.query().orElse("*"),
            checked(asked.names().from(), () -> AuditTime.parse(from, now, asked.zone())),
            asked.to().map(to -> checked(asked.names().to(), () -> AuditTime.parse(to, now, asked.zone())))
                .orElse(clock.end()),
            sort.startsWith("-"),
            Optional.empty());
    }

    private static <T> T checked(String name, Supplier<T> parsed) {
        try {
            return parsed.get();
        } catch (IllegalArgumentException e) {
            throw new Refused(new BadParameter(name));
        }
    }

    /// The search of a cursor. Its times are those of the first page: `now` does not move on.
    private Search carriedOn(Org.Id org, String cursor, Asked asked) {
        var bad = new Refused(new BadParameter(asked.names().cursor()));
        var fields = cursors.openText(org.value(), MARK, cursor).map(place -> place.split("\n", 7))
            .orElseThrow(() -> bad);
        var search = new Search(fields[6], instant(fields[0]), instant(fields[1]), Boolean.parseBoolean(fields[2]),
            Optional.of(new Place(instant(fields[3]), Long.parseLong(fields[4]), Integer.parseInt(fields[5]))));
        if (asked.query().filter(query -> !query.equals(search.query())).isPresent()
            || asked.sort().filter(sort -> sort.startsWith("-") != search.descending()).isPresent()) {
            throw bad; // the cursor belongs to another search
        }
        return search;
    }

    private String sealed(Org.Id org, Search search, Place last) {
        return cursors.sealText(org.value(), MARK, String.join("\n", micros(search.from()), micros(search.to()),
            Boolean.toString(search.descending()), micros(last.at()), Long.toString(last.version()),
            Integer.toString(last.entry()), search.query()));
    }

    private static String micros(Instant time) {
        return Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, time));
    }

    private static Instant instant(String micros) {
        return Instant.EPOCH.plus(Long.parseLong(micros), ChronoUnit.MICROS);
    }

    /// Further pages are read by GET, also after a POST.
    private String address(Search search, String cursor, int limit) {
        var parameters = new LinkedHashMap<String, String>();
        parameters.put("filter[query]", search.query());
        parameters.put("filter[from]", search.from().toString());
        parameters.put("filter[to]", search.to().toString());
        parameters.put("sort", search.descending() ? "-timestamp" : "timestamp");
        parameters.put("page[cursor]", cursor);
        parameters.put("page[limit]", Integer.toString(limit));
        Function<String, String> encoded = text -> URLEncoder.encode(text, StandardCharsets.UTF_8);
        return publicUrl.reference(PATH + "?" + String.join("&", parameters.entrySet().stream()
            .map(each -> encoded.apply(each.getKey()) + "=" + encoded.apply(each.getValue())).toList()));
    }
}
